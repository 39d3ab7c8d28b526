/** What every store must do with facts. One suite, run over each implementation. */
import { expect } from "chai";
import fc from "fast-check";
import type { Claim, FactBatch, Settlement } from "../../bridge/store/facts.ts";
import { PRIORITIES, type Priority } from "../../bridge/canonical/reading.ts";
import { newFact, newMessage, type OpenStore } from "./store_contract.ts";

const problem = { code: "c", reason: "r" };

export function factsContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`the facts over ${name}`, () => {
    let it_: OpenStore;
    beforeEach(async () => {
      it_ = await open();
      await it_.store.facts.recover(2, 0, 100_000);
    });
    afterEach(() => it_.dispose());

    async function put(
      connection: string,
      facts: Array<{ priority?: Priority; laneHash?: number }>,
    ) {
      const [accepted] = await it_.store.inbox.accept([newMessage({ connection })]);
      const rows = facts.map(({ priority = "eta", laneHash = 0 }) =>
        newFact(accepted!.id, { priority, laneHash }),
      );
      await it_.store.inbox.recordReading(accepted!.id, "tiny@1", rows, [], 1);
      return rows.map((row) => row.fact.key);
    }
    const claim = (more: Partial<Claim> = {}) =>
      it_.store.facts.claim({
        lane: 0,
        except: new Set(),
        maxFacts: 500,
        maxBytes: 1e6,
        now: 1000,
        leaseMs: 60_000,
        ...more,
      });
    const keys = (batch: FactBatch | null) => batch?.facts.map((it) => it.fact.key) ?? [];
    const settleAll = (batch: FactBatch, make: (seq: number) => Settlement) =>
      it_.store.facts.settle(batch.facts.map((it) => make(it.seq)));

    it("gives the more urgent first, then the older", async () => {
      const [eta, billing, position, exception, second] = await put("acme", [
        { priority: "eta" },
        { priority: "billing" },
        { priority: "position" },
        { priority: "exception" },
        { priority: "billing" },
      ]);
      expect(keys(await claim())).to.deep.equal([billing, second, exception, eta, position]);
    });

    it("gives a fact to one claim only", async () => {
      await put("acme", [{}, {}, {}]);
      const batches = await Promise.all([claim({ maxFacts: 2 }), claim({ maxFacts: 2 }), claim()]);
      const all = batches.flatMap(keys);
      expect(new Set(all).size).to.equal(3);
      expect(all).to.have.length(3);
    });

    it("keeps the lanes apart", async () => {
      const [even] = await put("acme", [{ laneHash: 4 }, { laneHash: 7 }]);
      expect(keys(await claim({ lane: 0 }))).to.deep.equal([even]);
      expect(keys(await claim({ lane: 1 }))).to.have.length(1);
    });

    it("makes a batch of one connection, the one whose first fact is the most urgent", async () => {
      await put("acme", [{}, {}]);
      const [urgent] = await put("globex", [{ priority: "billing" }]);
      const first = await claim();
      expect(first?.connection).to.equal("globex");
      expect(keys(first)).to.deep.equal([urgent]);
      expect((await claim())?.connection).to.equal("acme");
    });

    it("passes over connections that must wait", async () => {
      await put("acme", [{ priority: "billing" }]);
      await put("globex", [{}]);
      expect((await claim({ except: new Set(["acme"]) }))?.connection).to.equal("globex");
    });

    it("keeps a batch under its bytes, and gives a fact larger than that alone", async () => {
      await put("acme", [{}, {}, {}]);
      expect(keys(await claim({ maxBytes: 10 }))).to.have.length(1);
      expect(keys(await claim({ maxBytes: 1e6 }))).to.have.length(2);
    });

    it("names each message of the batch once", async () => {
      await put("acme", [{}, {}]);
      await put("acme", [{}]);
      const batch = await claim();
      expect(batch?.messages).to.have.length(2);
      expect(batch?.messages[0]).to.include({ mapping: "tiny@1", channel: "webhook" });
    });

    it("gives a fact again when it was released, and not when it was delivered", async () => {
      await put("acme", [{}, {}]);
      const batch = (await claim())!;
      const [first, second] = batch.facts;
      await it_.store.facts.settle([
        { seq: first!.seq, to: "released" },
        { seq: second!.seq, to: "delivered", shipments: ["SHP/1"], at: 2 },
      ]);
      expect(keys(await claim())).to.deep.equal([first?.fact.key]);
    });

    it("gives a fact that waits when its time has come, with its attempts", async () => {
      await put("acme", [{}]);
      const batch = (await claim())!;
      await settleAll(batch, (seq) => ({ seq, to: "retry", dueAt: 5000, attempts: 3, problem }));
      expect(await claim({ now: 4999 })).to.equal(null);
      expect((await claim({ now: 5000 }))?.facts[0]?.attempts).to.equal(3);
    });

    it("writes a dead letter with a fact that is given up, and a replay revives it once", async () => {
      const [key] = await put("acme", [{}]);
      const batch = (await claim())!;
      await settleAll(batch, (seq) => ({ seq, to: "dead", attempts: 9, problem, at: 7 }));
      const [letter] = await it_.store.deadLetters.list({ stage: "deliver" });
      expect(letter).to.deep.include({ factKey: key, attempts: 9, problem });
      expect(await claim()).to.equal(null);
      await it_.store.deadLetters.replay({ code: "c" }, 8, "me");
      await it_.store.deadLetters.replay({ code: "c" }, 8, "me");
      const again = await claim();
      expect(keys(again)).to.deep.equal([key]);
      expect(again?.facts[0]?.attempts).to.equal(0);
    });

    it("shows the facts that Odoo could not place, with their names and the candidates", async () => {
      await put("acme", [{}, {}]);
      const why = { code: "ambiguous", reason: "its identifiers mean several shipments: S1, S2" };
      await settleAll((await claim())!, (seq) => ({ seq, to: "unmatched", problem: why, at: 1 }));
      const { facts } = it_.store;
      const [unmatched, ...rest] = await facts.unmatched(
        { connection: "acme", code: "ambiguous" },
        10,
      );
      expect(rest).to.have.length(1);
      expect(unmatched).to.deep.include({ connection: "acme", kind: "milestone", ...why });
      expect(unmatched?.identifiers[0]?.type).to.equal("entity");
      expect(await facts.unmatched({ code: "no_shipment" }, 10)).to.deep.equal([]);
    });

    it("ignores a settlement of a fact that is not in flight", async () => {
      await put("acme", [{}]);
      const batch = (await claim())!;
      await settleAll(batch, (seq) => ({ seq, to: "released" }));
      await settleAll(batch, (seq) => ({ seq, to: "dead", attempts: 1, problem, at: 1 }));
      expect(keys(await claim())).to.have.length(1);
      expect(await it_.store.deadLetters.list({})).to.deep.equal([]);
    });

    it("releases after a crash what was in flight", async () => {
      await put("acme", [{}, {}]);
      await claim();
      it_ = await it_.crash();
      expect(await it_.store.facts.recover(2, 0, 1000)).to.deep.equal({ released: 2 });
      expect(keys(await claim())).to.have.length(2);
    });

    it("gives a fact again whose lease ran out, while the bridge runs", async () => {
      const [key] = await put("acme", [{}]);
      const batch = (await claim({ now: 1000, leaseMs: 60_000 }))!;
      expect(await claim({ now: 60_999 })).to.equal(null);
      const again = await claim({ now: 61_000 });
      expect(keys(again)).to.deep.equal([key]);
      expect(again?.facts[0]?.attempts).to.equal(0);
      // Who claimed it first may still say that Odoo has it.
      await settleAll(batch, (seq) => ({ seq, to: "delivered", shipments: [], at: 1 }));
      expect(await claim({ now: 1e9 })).to.equal(null);
    });

    it("deals the lanes anew when their number changed", async () => {
      await put(
        "acme",
        [0, 1, 2, 3, 4, 5].map((laneHash) => ({ laneHash })),
      );
      await it_.store.facts.recover(3, 0, 1000);
      for (const lane of [0, 1, 2]) expect(keys(await claim({ lane }))).to.have.length(2);
    });

    it("brings back retries that a clock set back would put off for long", async () => {
      await put("acme", [{}]);
      const batch = (await claim())!;
      await settleAll(batch, (seq) => ({ seq, to: "retry", dueAt: 1e12, attempts: 1, problem }));
      await it_.store.facts.recover(2, 1000, 500);
      expect(keys(await claim({ now: 1500 }))).to.have.length(1);
    });

    it("delivers a replayed message's facts again, in their own lane", async () => {
      const [key] = await put("acme", [{ laneHash: 1 }]);
      const batch = (await claim({ lane: 1 }))!;
      await settleAll(batch, (seq) => ({ seq, to: "delivered", shipments: [], at: 1 }));
      expect(await it_.store.inbox.replay(batch.messages[0]!.id, 8, "me")).to.equal(true);
      expect(keys(await claim({ lane: 1 }))).to.deep.equal([key]);
    });

    it("counts what waits by state and priority", async () => {
      await put("acme", [{ priority: "billing" }, {}, {}]);
      await claim({ maxFacts: 1 });
      const depth = await it_.store.facts.depth();
      const counts = depth.map(({ state, priority, count }) => `${state} ${priority} ${count}`);
      expect(counts).to.have.members(["in_flight billing 1", "ready eta 2"]);
    });

    it("loses no fact and delivers none twice, whatever is done in whatever order (property)", async () => {
      const step = fc.oneof(
        fc.record({
          do: fc.constant("put" as const),
          lane: fc.nat(5),
          priority: fc.constantFrom(...PRIORITIES),
        }),
        fc.record({
          do: fc.constant("work" as const),
          lane: fc.nat(1),
          end: fc.constantFrom("delivered", "released", "retry", "dead", "crash"),
        }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          await it_.dispose();
          it_ = await open();
          await it_.store.facts.recover(2, 0, 1e6);
          const wanted: string[] = [];
          const delivered: string[] = [];
          let now = 1000;
          const work = async (lane: number, end: string) => {
            now += 10;
            const batch = await claim({ lane, maxFacts: 2, now });
            if (batch === null) return false;
            if (end === "crash") {
              it_ = await it_.crash();
              await it_.store.facts.recover(2, now, 1e6);
              return true;
            }
            if (end === "delivered") delivered.push(...keys(batch));
            await settleAll(batch, (seq): Settlement => {
              if (end === "delivered") return { seq, to: "delivered", shipments: [], at: 1 };
              if (end === "retry")
                return { seq, to: "retry", dueAt: now + 5, attempts: 1, problem };
              if (end === "dead") return { seq, to: "dead", attempts: 1, problem, at: 1 };
              return { seq, to: "released" };
            });
            return true;
          };
          for (const it of steps) {
            if (it.do === "put")
              wanted.push(...(await put("acme", [{ laneHash: it.lane, priority: it.priority }])));
            else await work(it.lane, it.end);
          }
          await it_.store.deadLetters.replay({}, 1, "me");
          now += 1e6;
          for (const lane of [0, 1]) while (await work(lane, "delivered"));
          expect(delivered.sort()).to.deep.equal(wanted.sort());
        }),
        { numRuns: 40 },
      );
    });
  });
}
