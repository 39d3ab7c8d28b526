import { expect } from "chai";
import { systemClock } from "../../bridge/clock.ts";
import type { Connection } from "../../bridge/connection.ts";
import { MilepostError, type RetryDecision } from "../../bridge/errors.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { ReplyCourier } from "../../bridge/outbound/reply_courier.ts";
import { PauseBoard } from "../../bridge/pause_board.ts";
import { RETRY_DELAYS_MS } from "../../bridge/queue/retry_policy.ts";
import { Wake } from "../../bridge/wake.ts";
import type { Peer, PeerRequest } from "../../bridge/sources/source.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { newMessage, type OpenStore } from "../store/store_contract.ts";

const { signal } = new AbortController();

describe("the courier of replies", () => {
  let open: OpenStore;
  let pauses: PauseBoard;
  let now: number;
  let sent: PeerRequest[];
  let fault: RetryDecision | undefined;

  const courier = (peer: Peer | undefined): ReplyCourier => {
    const clock = { ...systemClock(), steady: () => now };
    const log = createLogger("silent");
    const metrics = createMetrics();
    pauses = new PauseBoard(open.store.pauses, clock, log, metrics);
    const connection = { code: "acme", peer } as Connection;
    const { replies } = open.store;
    return new ReplyCourier({ connection, replies, pauses, wake: new Wake(), clock, log, metrics });
  };
  const partner: Peer = {
    request: async (request) => {
      if (fault !== undefined) throw new MilepostError("no", { code: "peer_x", retry: fault });
      sent.push(request);
      return { status: 201, headers: {}, body: Buffer.alloc(0) };
    },
  };
  const addReply = async (name: string) => {
    const [message] = await open.store.inbox.accept([newMessage()]);
    const reply = { name, contentType: "application/edifact", body: Buffer.from(name) };
    await open.store.inbox.recordReading(message!.id, "tiny@1", [], [], 1, [reply]);
    return message!.id;
  };
  const waiting = async () => (await open.store.replies.due("acme", Infinity, 100)).length;

  beforeEach(async () => {
    open = await openSqlite();
    [now, sent, fault] = [1000, [], undefined];
  });
  afterEach(() => open.dispose());

  it("puts each reply once, under its name, oldest first", async () => {
    await addReply("contrl 1.edi");
    await addReply("contrl-2.edi");
    const sender = courier(partner);
    await sender.sendSome(signal, signal);
    await sender.sendSome(signal, signal);
    expect(sent.map((it) => `${it.method} ${it.path}`)).to.deep.equal([
      "PUT /contrl%201.edi",
      "PUT /contrl-2.edi",
    ]);
    expect(sent[1]?.body?.toString()).to.equal("contrl-2.edi");
  });

  it("tries a passing fault by the schedule, then writes a dead letter", async () => {
    const message = await addReply("a");
    fault = "later";
    const sender = courier(partner);
    for (const delay of RETRY_DELAYS_MS) {
      await sender.sendSome(signal, signal);
      await sender.sendSome(signal, signal);
      now += delay * 2;
    }
    expect(await waiting()).to.equal(1);
    await sender.sendSome(signal, signal);
    expect(await waiting()).to.equal(0);
    const [letter] = await open.store.deadLetters.list({ stage: "outbound" });
    expect(letter).to.deep.include({ messageId: message, attempts: RETRY_DELAYS_MS.length + 1 });
    expect(letter?.problem.code).to.equal("peer_x");
  });

  it("gives up at once on what will never go, and sends the others", async () => {
    await addReply("a");
    fault = "never";
    const sender = courier(partner);
    await sender.sendSome(signal, signal);
    fault = undefined;
    await addReply("b");
    await sender.sendSome(signal, signal);
    expect(sent.map((it) => it.path)).to.deep.equal(["/b"]);
    expect(await open.store.deadLetters.list({ code: "peer_x" })).to.have.length(1);
  });

  it("is paused, and says so, without using up tries; then goes on by itself", async () => {
    await addReply("a");
    fault = "pause";
    const sender = courier(partner);
    for (let round = 0; round < 30; round++, now += 3_600_000)
      await sender.sendSome(signal, signal);
    expect(pauses.get("replies", "acme")?.code).to.equal("peer_x");
    fault = undefined;
    await sender.sendSome(signal, signal);
    expect(sent).to.have.length(1);
    expect(pauses.get("replies", "acme")).to.equal(undefined);
  });

  it("says that there is no way to the partner, and loses nothing", async () => {
    await addReply("a");
    await courier(undefined).sendSome(signal, signal);
    expect(pauses.get("replies", "acme")).to.include({ code: "reply_no_way" });
    expect(await waiting()).to.equal(1);
  });
});
