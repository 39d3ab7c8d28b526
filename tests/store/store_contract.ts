/** What every store must do. In one file of over 300 lines: one suite, run over each implementation. */
import { expect } from "chai";
import { eventItem } from "../bridge_kit/event_item.ts";
import type { OrderItem } from "../../bridge/canonical/exchange.ts";
import type { NewFact } from "../../bridge/store/facts.ts";
import type { NewMessage } from "../../bridge/store/inbox.ts";
import type { Store } from "../../bridge/store/store.ts";

export interface OpenStore {
  store: Store;
  /** Ends the store as a crash would, without its close, and opens it again. */
  crash(): Promise<OpenStore>;
  dispose(): Promise<void>;
}

const UNREADABLE = { code: "c", reason: "r" };

let counter = 0;

export function newMessage(more: Partial<NewMessage> = {}): NewMessage {
  const body = Buffer.from(`{"n":${++counter}}`);
  return {
    connection: "acme",
    channel: "webhook",
    contentType: "application/json",
    body,
    attributes: { "user-agent": "tms" },
    dedupeKey: `k${counter}`,
    receivedAt: 1_764_000_000_000 + counter,
    ...more,
  };
}

/** A fact with a key of its own. */
export function newFact(message: string, more: Partial<Omit<NewFact, "fact">> = {}): NewFact {
  const key = (++counter).toString(16).padStart(64, "0");
  return {
    fact: {
      kind: "milestone",
      key,
      message,
      identifiers: [{ type: "entity", value: `trip-${counter}` }],
      applies_to: "one",
      recorded_at: "2026-11-23T08:00:00Z",
      classifier: "actual",
      occurred: { at: "2026-11-23T08:00:00Z", precision: "second" },
      raw_code: "X1",
    },
    priority: "eta",
    laneHash: counter,
    ...more,
  };
}

export function outboxItem(id: number, lease = "lease-1", key = `key-${id}`): OrderItem {
  const place = { city: "Utrecht", country: "NL" };
  const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return {
    id,
    lease,
    kind: "transport_order",
    idempotency_key: key,
    attempt: 1,
    payload: {
      id: uuid(id),
      consignment_id: uuid(id + 1000),
      shipment: `SHP/${id}`,
      sales_orders: ["S1"],
      transfers: ["OUT/1"],
      customer_references: [],
      shipper: { name: "We" },
      consignee: { name: "They" },
      stops: [
        { id: uuid(id + 2000), sequence: 1, kind: "pickup", place },
        { id: uuid(id + 3000), sequence: 2, kind: "delivery", place },
      ],
      goods: [],
    },
  };
}

export function storeContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`the store over ${name}`, () => {
    let it_: OpenStore;
    beforeEach(async () => {
      it_ = await open();
      await it_.store.facts.recover(2, 0, 1000);
    });
    afterEach(() => it_.dispose());

    /** How many messages are forgotten with everything older than the time. */
    const pruned = async (settled: number, unresolved = 0) =>
      (await it_.store.prune({ settled, unresolved }, 10)).messages;

    it("stores a message once and gives the first one's id to its repetitions", async () => {
      const message = newMessage();
      const [first] = await it_.store.inbox.accept([message]);
      const [second] = await it_.store.inbox.accept([message]);
      expect(first?.duplicate).to.equal(false);
      expect(second).to.deep.equal({ id: first?.id, duplicate: true });
    });

    it("takes the same key of another connection as another message", async () => {
      const message = newMessage();
      await it_.store.inbox.accept([message]);
      const [other] = await it_.store.inbox.accept([{ ...message, connection: "globex" }]);
      expect(other?.duplicate).to.equal(false);
    });

    it("keeps the bytes as they came", async () => {
      const body = Buffer.from([0, 255, 13, 10, 0]);
      const [accepted] = await it_.store.inbox.accept([newMessage({ body })]);
      const stored = await it_.store.inbox.message(accepted!.id);
      expect(stored?.body.equals(body)).to.equal(true);
      expect(stored).to.include({ state: "received", connection: "acme", mapping: null });
      expect(stored?.attributes).to.deep.equal({ "user-agent": "tms" });
    });

    it("accepts many at once, each exactly once", async () => {
      const messages = Array.from({ length: 200 }, () => newMessage());
      const both = [...messages, ...messages];
      const answers = await Promise.all(both.map((it) => it_.store.inbox.accept([it])));
      expect(answers.filter(([it]) => it?.duplicate === false)).to.have.length(200);
      expect(await it_.store.inbox.countUnread()).to.equal(200);
    });

    it("still has after a crash what it accepted before", async () => {
      const [accepted] = await it_.store.inbox.accept([newMessage()]);
      it_ = await it_.crash();
      expect((await it_.store.inbox.message(accepted!.id))?.state).to.equal("received");
    });

    it("moves a cursor together with the page's messages", async () => {
      expect(await it_.store.inbox.cursor("acme")).to.equal(null);
      await it_.store.inbox.acceptPage("acme", [newMessage()], "c1", 5);
      it_ = await it_.crash();
      expect(await it_.store.inbox.cursor("acme")).to.deep.equal({ cursor: "c1", at: 5 });
      expect(await it_.store.inbox.countUnread()).to.equal(1);
    });

    it("leaves cursor and messages alone when one of the page cannot be stored", async () => {
      const broken = newMessage({ body: null as unknown as Buffer });
      const page = it_.store.inbox.acceptPage("acme", [newMessage(), broken], "c1", 5);
      const beside = it_.store.inbox.accept([newMessage()]);
      expect(
        await page.then(
          () => "stored",
          () => "refused",
        ),
      ).to.equal("refused");
      expect((await beside)[0]?.duplicate).to.equal(false);
      expect(await it_.store.inbox.cursor("acme")).to.equal(null);
      expect(await it_.store.inbox.countUnread()).to.equal(1);
    });

    it("hands out unread messages in their order, until they are read", async () => {
      const messages = [newMessage(), newMessage(), newMessage()];
      const accepted = await it_.store.inbox.accept(messages);
      const [first] = await it_.store.inbox.unread(2);
      expect(first?.id).to.equal(accepted[0]?.id);
      await it_.store.inbox.recordReading(first!.id, "tiny@1", [], [], 1);
      const rest = await it_.store.inbox.unread(5);
      expect(rest.map((it) => it.id)).to.deep.equal(accepted.slice(1).map((it) => it.id));
    });

    it("inserts a fact once, also when its message is read again", async () => {
      const [accepted] = await it_.store.inbox.accept([newMessage()]);
      const facts = [newFact(accepted!.id), newFact(accepted!.id)];
      const read = () => it_.store.inbox.recordReading(accepted!.id, "tiny@1", facts, [], 1);
      expect(await read()).to.deep.equal({ inserted: 2, duplicates: 0 });
      expect(await read()).to.deep.equal({ inserted: 0, duplicates: 2 });
      expect(await it_.store.facts.ofMessage(accepted!.id)).to.have.length(2);
    });

    it("keeps an unreadable message and its dead letter, and reads it again on replay, once", async () => {
      const [accepted] = await it_.store.inbox.accept([newMessage()]);
      const problem = { code: "tiny_syntax", reason: "broken", path: "/a", hint: "mend" };
      await it_.store.inbox.recordUnreadable(accepted!.id, problem, 7);
      const [letter] = await it_.store.deadLetters.list({ state: "open" });
      expect(letter).to.deep.include({ stage: "normalize", messageId: accepted!.id, problem });
      expect(await it_.store.inbox.unread(5)).to.deep.equal([]);
      expect(await it_.store.deadLetters.replay({ ids: [letter!.id] }, 8, "me")).to.deep.equal([
        letter!.id,
      ]);
      expect(await it_.store.deadLetters.replay({ ids: [letter!.id] }, 9, "me")).to.deep.equal([]);
      expect(await it_.store.inbox.unread(5)).to.have.length(1);
    });

    it("keeps a message in quarantine without a dead letter, and reads it again on release, once", async () => {
      const { inbox, quarantine, deadLetters } = it_.store;
      const [accepted] = await inbox.accept([newMessage()]);
      const id = accepted!.id;
      const problem = { code: "unknown_version", reason: "version 3", hint: "teach it" };
      await inbox.recordQuarantined(id, problem, 7);
      expect((await inbox.message(id))?.state).to.equal("quarantined");
      expect(await deadLetters.list({})).to.deep.equal([]);
      expect(await inbox.unread(5)).to.deep.equal([]);
      expect(await quarantine.count()).to.deep.equal([{ connection: "acme", count: 1, oldest: 7 }]);
      expect(await quarantine.list({ connection: "globex" })).to.deep.equal([]);
      expect(await quarantine.list({ code: "unknown_version" })).to.deep.equal([
        { messageId: id, connection: "acme", problem, createdAt: 7, state: "open" },
      ]);
      expect(await quarantine.release({ ids: [id] }, 8, "me")).to.deep.equal([id]);
      expect(await quarantine.release({ ids: [id] }, 9, "me")).to.deep.equal([]);
      expect((await inbox.unread(5)).map((it) => it.id)).to.deep.equal([id]);
      expect((await quarantine.list({ all: true }))[0]?.state).to.equal("released");
      await inbox.recordQuarantined(id, problem, 10);
      expect(await quarantine.list({})).to.have.length(1);
      await inbox.replay(id, 8, "me");
      expect(await quarantine.list({})).to.deep.equal([]);
    });

    it("gives one connection's unread messages, or all but some connections'", async () => {
      const { inbox } = it_.store;
      await inbox.accept(
        ["acme", "slow", "globex"].map((connection) => newMessage({ connection })),
      );
      const of = async (scope: Parameters<typeof inbox.unread>[2]) =>
        (await inbox.unread(5, Infinity, scope)).map((it) => it.connection);
      expect(await of({ only: "slow" })).to.deep.equal(["slow"]);
      expect(await of({ except: ["slow"] })).to.deep.equal(["acme", "globex"]);
      expect((await inbox.latest("slow", 5)).map((it) => it.connection)).to.deep.equal(["slow"]);
    });

    it("remembers which version of a partner's mapping was put into use, the last one first", async () => {
      const { partners } = it_.store;
      expect(await partners.inUse("acme")).to.equal(null);
      const use = { name: "acme", version: 1, sha256: "a", text: "x: 1", by: "ann", at: 1 };
      await partners.use(use);
      await partners.use({ ...use, version: 2, sha256: "b", at: 2 });
      await partners.use({ ...use, at: 3 });
      expect(await partners.inUse("acme")).to.include({ version: 1, at: 3, text: "x: 1" });
      expect((await partners.history("acme")).map((it) => it.version)).to.deep.equal([1, 2, 1]);
      expect(await partners.inUse("globex")).to.equal(null);
    });

    it("finds dead letters by each part of the filter", async () => {
      const base = {
        stage: "outbound" as const,
        messageId: null,
        factKey: null,
        attempts: 1,
        createdAt: 1,
      };
      const write = (connection: string, code: string, orderId: number) =>
        it_.store.deadLetters.write({
          ...base,
          connection,
          orderId,
          problem: { code, reason: "r" },
        });
      await write("acme", "a", 1);
      await write("acme", "b", 2);
      await write("globex", "a", 3);
      const orders = async (filter: object) =>
        (await it_.store.deadLetters.list(filter)).map((it) => it.orderId);
      expect(await orders({ connection: "acme" })).to.deep.equal([2, 1]);
      expect(await orders({ code: "a" })).to.deep.equal([3, 1]);
      expect(await orders({ stage: "deliver" })).to.deep.equal([]);
      expect(await orders({ limit: 1 })).to.deep.equal([3]);
      expect(await it_.store.deadLetters.count()).to.deep.include({
        connection: "acme",
        stage: "outbound",
        count: 2,
        oldest: 1,
      });
    });

    it("keeps an order's receipt over a second claim, and forgets it for another order", async () => {
      const { outbox } = it_.store;
      const [claimed] = await outbox.recordClaim("acme", [outboxItem(1)], 100);
      expect(claimed?.state).to.equal("claimed");
      const receipt = { result: "accepted" as const, externalNumber: "T1", identifiers: [] };
      await outbox.recordReceipt("acme", 1, receipt);
      const [again] = await outbox.recordClaim("acme", [outboxItem(1, "lease-2")], 200);
      expect(again).to.deep.include({ state: "answered", receipt, leaseUntil: 200 });
      expect(again?.item.lease).to.equal("lease-2");
      const [other] = await outbox.recordClaim("acme", [outboxItem(1, "lease-3", "other")], 300);
      expect(other).to.deep.include({ state: "claimed", receipt: null });
    });

    it("forgets the receipt of an order that Odoo has the answer of: it is to be sent again", async () => {
      const { outbox } = it_.store;
      await outbox.recordClaim("acme", [outboxItem(1)], 100);
      await outbox.recordReceipt("acme", 1, { result: "rejected", reason: "no truck" });
      await outbox.recordEnd("acme", 1, "done");
      const [again] = await outbox.recordClaim("acme", [outboxItem(1, "lease-2")], 200);
      expect(again).to.deep.include({ state: "claimed", receipt: null });
    });

    it("forgets the receipt of an event that is put back to be told again, not of one that comes again", async () => {
      const { outbox } = it_.store;
      await outbox.recordClaim("acme", [eventItem(1)], 100);
      await outbox.recordReceipt("acme", 1, { result: "accepted", identifiers: [] });
      const [again] = await outbox.recordClaim("acme", [eventItem(1, 2)], 200);
      expect(again?.state).to.equal("answered");
      const [anew] = await outbox.recordClaim("acme", [eventItem(1, 1)], 300);
      expect(anew).to.deep.include({ state: "claimed", receipt: null });
    });

    it("gives open orders after a crash while their lease runs", async () => {
      await it_.store.outbox.recordClaim("acme", [outboxItem(1), outboxItem(2)], 100);
      await it_.store.outbox.recordEnd("acme", 2, "done");
      it_ = await it_.crash();
      const ids = async (now: number) =>
        (await it_.store.outbox.open("acme", now)).map((row) => row.item.id);
      expect(await ids(50)).to.deep.equal([1]);
      expect(await ids(100)).to.deep.equal([]);
    });

    it("commits a long message in parts, and inserts none twice when it is read again", async () => {
      const { inbox } = it_.store;
      const [accepted] = await inbox.accept([newMessage()]);
      const facts = [newFact(accepted!.id), newFact(accepted!.id), newFact(accepted!.id)];
      expect(await inbox.recordPart(accepted!.id, "t@1", facts.slice(0, 2))).to.deep.equal({
        inserted: 2,
        duplicates: 0,
      });
      it_ = await it_.crash();
      const [unread] = await it_.store.inbox.unread(5);
      // The facts of a part are delivered before the message is read: with what read it.
      expect(unread).to.include({ id: accepted!.id, state: "received", mapping: "t@1" });
      const counts = await it_.store.inbox.recordReading(accepted!.id, "t@1", facts, [], 1);
      expect(counts).to.deep.equal({ inserted: 1, duplicates: 2 });
      expect(await it_.store.inbox.unread(5)).to.deep.equal([]);
    });

    describe("replies", () => {
      const reply = (fileName: string, text = "997") => ({
        name: fileName,
        contentType: "application/edi-x12",
        body: Buffer.from(text),
      });
      const read = async (replies: ReturnType<typeof reply>[], id?: string) => {
        const { inbox } = it_.store;
        const message = id ?? (await inbox.accept([newMessage()]))[0]!.id;
        await inbox.recordReading(message, "tiny@1", [], [], 5, replies);
        return message;
      };
      const due = async (now = 10) =>
        (await it_.store.replies.due("acme", now, 100)).map((it) => it.name);

      it("are kept with the reading, in order, until they are sent", async () => {
        const message = await read([reply("a"), reply("b")]);
        it_ = await it_.crash();
        const [first] = await it_.store.replies.due("acme", 10, 1);
        expect(first).to.deep.include({ messageId: message, name: "a", attempts: 0 });
        expect(first?.body.toString()).to.equal("997");
        expect(await it_.store.replies.due("globex", 10, 100)).to.deep.equal([]);
        await it_.store.replies.recordSent(first!.id, 6);
        expect(await due()).to.deep.equal(["b"]);
      });

      it("are not sent again when the message is read again, unless they say something else", async () => {
        const message = await read([reply("a"), reply("b")]);
        for (const { id } of await it_.store.replies.due("acme", 10, 100)) {
          await it_.store.replies.recordSent(id, 6);
        }
        await read([reply("a"), reply("b", "another 997")], message);
        expect(await due()).to.deep.equal(["b"]);
      });

      it("wait as long as they are told, and count only the tries that count", async () => {
        await read([reply("a")]);
        const [row] = await it_.store.replies.due("acme", 10, 1);
        await it_.store.replies.recordDelay(row!.id, 20, true);
        await it_.store.replies.recordDelay(row!.id, 20, false);
        expect(await due(19)).to.deep.equal([]);
        const [again] = await it_.store.replies.due("acme", 20, 1);
        expect(again?.attempts).to.equal(1);
      });

      it("end as a dead letter that names the message, and are sent after its replay", async () => {
        const message = await read([reply("a")]);
        const [row] = await it_.store.replies.due("acme", 10, 1);
        const problem = { code: "peer_refused", reason: "no" };
        await it_.store.replies.recordDead(row!.id, problem, 7);
        expect(await due()).to.deep.equal([]);
        const count = { connection: "acme", state: "dead", count: 1, oldest: 5 };
        expect(await it_.store.replies.count()).to.deep.equal([count]);
        const [letter] = await it_.store.deadLetters.list({ stage: "outbound" });
        expect(letter).to.deep.include({ messageId: message, orderId: null, problem, attempts: 1 });
        await it_.store.deadLetters.replay({ stage: "outbound" }, 8, "me");
        expect(await due()).to.deep.equal(["a"]);
      });

      it("keep their message from being forgotten until they are sent", async () => {
        await read([reply("a")]);
        expect(await pruned(2_000_000_000_000)).to.equal(0);
        const [row] = await it_.store.replies.due("acme", 10, 1);
        await it_.store.replies.recordSent(row!.id, 6);
        expect(await pruned(2_000_000_000_000)).to.equal(1);
        expect(await it_.store.replies.count()).to.deep.equal([]);
      });
    });

    it("remembers pauses until they end, and since when", async () => {
      const pause = {
        scope: "poll" as const,
        connection: "acme",
        code: "c",
        reason: "r",
        hint: null,
        since: 5,
      };
      await it_.store.pauses.set(pause);
      await it_.store.pauses.set({ ...pause, reason: "other", since: 9 });
      expect(await it_.store.pauses.list()).to.deep.equal([{ ...pause, reason: "other" }]);
      await it_.store.pauses.clear("poll", "acme");
      expect(await it_.store.pauses.list()).to.deep.equal([]);
    });

    it("forgets old messages with settled facts, and no others", async () => {
      const accepted = await it_.store.inbox.accept(
        [1, 2, 3].map((at) => newMessage({ receivedAt: at })),
      );
      const [settled, waiting] = accepted.map((it) => it.id);
      await it_.store.inbox.recordReading(settled!, "tiny@1", [], [], 1);
      await it_.store.inbox.recordReading(waiting!, "tiny@1", [newFact(waiting!)], [], 1);
      expect(await pruned(10)).to.equal(1);
      expect(await it_.store.inbox.message(settled!)).to.equal(null);
      expect(await it_.store.inbox.message(waiting!)).not.to.equal(null);
    });

    it("forgets in time what waited for a decision that nobody took, and says how much", async () => {
      const { inbox, deadLetters } = it_.store;
      const accepted = await inbox.accept([1, 2, 3].map((at) => newMessage({ receivedAt: at })));
      const [unreadable, aside, unread] = accepted.map((it) => it.id);
      await inbox.recordUnreadable(unreadable!, UNREADABLE, 5);
      await inbox.recordQuarantined(aside!, UNREADABLE, 5);
      expect(await pruned(1e12)).to.equal(0);
      const gone = await it_.store.prune({ settled: 1e12, unresolved: 10 }, 10);
      expect(gone).to.deep.equal({ messages: 0, unresolved: 2, deadLetters: 1, outboxItems: 0 });
      expect(await deadLetters.list({})).to.deep.equal([]);
      expect(await it_.store.quarantine.count()).to.deep.equal([]);
      // What was never read is not forgotten, however old.
      expect(await inbox.message(unread!)).not.to.equal(null);
    });

    it("forgets replayed dead letters and answered orders, and keeps what is open", async () => {
      const { inbox, deadLetters, outbox } = it_.store;
      const [accepted] = await inbox.accept([newMessage()]);
      await inbox.recordUnreadable(accepted!.id, UNREADABLE, 5);
      await deadLetters.replay({}, 20, "me");
      await inbox.recordUnreadable(accepted!.id, UNREADABLE, 21);
      await outbox.recordClaim("acme", [outboxItem(1)], 10);
      await outbox.recordEnd("acme", 1, "done");
      await outbox.recordClaim("acme", [outboxItem(2)], 100);
      const gone = await it_.store.prune({ settled: 50, unresolved: 0 }, 10);
      expect(gone).to.include({ deadLetters: 1, outboxItems: 1 });
      expect((await deadLetters.list({})).map((it) => it.state)).to.deep.equal(["open"]);
      expect((await outbox.open("acme", 60)).map((it) => it.item.id)).to.deep.equal([2]);
    });

    it("gives the disk space of what was forgotten back, a little at a time", async () => {
      const { inbox } = it_.store;
      const body = Buffer.alloc(200_000, "x");
      const accepted = await inbox.accept(
        [1, 2, 3, 4, 5].map((at) => newMessage({ receivedAt: at, body })),
      );
      for (const { id } of accepted) await inbox.recordReading(id, "tiny@1", [], [], 1);
      await it_.store.shrink(1000);
      expect(await it_.store.shrink(1000)).to.be.lessThan(5);
      expect(await pruned(1e12)).to.equal(5);
      expect(await it_.store.shrink(50)).to.equal(50);
      expect(await it_.store.shrink(1000)).to.be.greaterThan(100);
      expect(await it_.store.shrink(1000)).to.be.lessThan(50);
    });

    it("refuses work after its close", async () => {
      await it_.store.close();
      const code = await it_.store.probe().then(
        () => "",
        (error: { code: string }) => error.code,
      );
      expect(code).to.equal("store_closed");
    });
  });
}
