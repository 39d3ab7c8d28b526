import { expect } from "chai";
import type { OrderPurpose, TransportOrder } from "../../bridge/canonical/transport_order.ts";
import { otm5Source } from "../../bridge/sources/otm5/source.ts";
import type { ReadFact } from "../../bridge/canonical/reading.ts";
import { FLAWLESS } from "../../tools/simulator/options.ts";
import { type Simulator, startSimulator } from "../../tools/simulator/simulator.ts";
import {
  httpPeer,
  type Inbox,
  NEVER,
  order,
  outgoing,
  START,
  startInbox,
  stillClock,
} from "./kit.ts";

const HALF_HOUR = 30 * 60_000;
const settings = otm5Source.settings.parse({});
const SECRET = `whsec_${Buffer.from("simulator-secret-canary-0123").toString("base64")}`;

describe("a simulated TMS", () => {
  let inbox: Inbox;
  let simulator: Simulator;

  async function start(habits: object): Promise<void> {
    inbox = await startInbox();
    const webhook = { url: inbox.url, secret: SECRET };
    simulator = await startSimulator({
      clock: stillClock(),
      start: START,
      speed: 0,
      webhook,
      habits,
    });
  }

  afterEach(async () => {
    await simulator.stop();
    await inbox.stop();
  });

  const send = (n: number, key = `key-${n}`) =>
    otm5Source.sendOrder?.(httpPeer(simulator.url), outgoing(n, { key }), settings, NEVER);

  function factsOfInbox(): ReadFact[] {
    return inbox.messages.flatMap(({ body }) => {
      const message = {
        body: Buffer.from(body),
        contentType: "application/json",
        receivedAt: START,
        attributes: {},
      };
      otm5Source.check(message, settings);
      return otm5Source.read(message, settings).facts;
    });
  }

  it("takes an order and delivers it with a proof, all of it pushed", async () => {
    await start(FLAWLESS);
    const receipt = await send(1);
    expect(receipt).to.include({ result: "accepted", externalNumber: "TO-000001" });
    await simulator.finish();
    const [truth] = simulator.truth();
    expect(truth).to.include({ state: "delivered", finished: true, shipment: "SHP/2026/00001" });
    const facts = factsOfInbox().map((it) => it.fact);
    const codes = new Set(facts.flatMap((it) => (it.kind === "milestone" ? (it.code ?? []) : [])));
    expect([...codes]).to.include.members([
      "booked",
      "assigned",
      "arrived_pickup",
      "loaded",
      "picked_up",
      "arrived_delivery",
      "delivered",
    ]);
    const delivered = facts.find(
      (it) => it.kind === "milestone" && it.code === "delivered" && it.classifier === "actual",
    );
    expect(delivered).to.have.nested.property("occurred.at", truth?.stops[1]?.completed);
    const proof = facts.find((it) => it.kind === "proof_of_delivery");
    expect(proof).to.have.property("signer", truth?.stops[1]?.signer);
    const papers = proof?.kind === "proof_of_delivery" ? (proof.documents ?? []) : [];
    expect(papers.map((it) => it.sha256)).to.deep.equal(
      truth?.stops[1]?.documents.map((it) => it.sha256),
    );
  });

  const amend = (n: number, purpose: OrderPurpose, more: Partial<TransportOrder> = {}) =>
    otm5Source.sendOrder?.(
      httpPeer(simulator.url),
      outgoing(n, { purpose, key: `${purpose}-${n}`, order: order(n, more), attempt: 4 }),
      settings,
      NEVER,
    );

  it("delivers an order as it was changed before the pickup, once however often that was told", async () => {
    await start(FLAWLESS);
    await send(1);
    const goods = [{ ...order(1).goods[0]!, quantity: "15" }];
    await amend(1, "change", { goods });
    await simulator.advance(HALF_HOUR);
    expect(await amend(1, "change", { goods })).to.include({ result: "accepted" });
    await simulator.finish();
    const [truth] = simulator.truth();
    expect(truth).to.include({ state: "delivered", changes: 1 });
    expect(truth?.stops[1]?.quantities).to.deep.equal([
      { goods: goods[0]?.id, outcome: "accepted", quantity: "15" },
    ]);
    const late = await amend(1, "cancellation");
    expect(late).to.deep.equal({
      result: "rejected",
      reason: "status: the order is under way or over",
    });
  });

  it("carries out no order that was called off, planned or not, and knows none that it never had", async () => {
    await start(FLAWLESS);
    await send(1);
    expect(await amend(1, "cancellation")).to.include({ result: "accepted" });
    await send(2);
    await simulator.advance(HALF_HOUR);
    expect(await amend(2, "cancellation")).to.include({ result: "accepted" });
    expect(await amend(2, "cancellation")).to.include({ result: "accepted" });
    expect(await amend(3, "cancellation")).to.include({ result: "accepted" });
    await simulator.finish();
    expect(simulator.truth().map(({ state, called_off }) => [state, called_off])).to.deep.equal([
      ["cancelled", true],
      ["cancelled", true],
    ]);
  });

  it("makes one order of the same order sent twice", async () => {
    await start(FLAWLESS);
    const first = await send(1);
    expect(await send(1)).to.deep.equal(first);
    expect(simulator.truth().map((it) => it.received)).to.deep.equal([2]);
  });
});
