/** What every store must do when messages are read again. One suite, run over each implementation. */
import { expect } from "chai";
import fc from "fast-check";
import type { Claim, NewFact } from "../../bridge/store/facts.ts";
import { newFact, newMessage, type OpenStore } from "./store_contract.ts";

const ALL: Claim = {
  lane: 0,
  except: new Set(),
  maxFacts: 500,
  maxBytes: 1e6,
  now: 1000,
  leaseMs: 60_000,
};

export function rereadingContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`a message that is read again over ${name}`, () => {
    let it_: OpenStore;
    beforeEach(async () => {
      it_ = await open();
    });
    afterEach(() => it_.dispose());

    const accept = async () => (await it_.store.inbox.accept([newMessage()]))[0]!.id;
    const read = (id: string, facts: NewFact[], pass: number) =>
      it_.store.inbox.recordReading(id, `t@${pass}`, facts, [], pass, [], pass);
    /** What Odoo would make of all that was stored: facts that no standing retraction is about. */
    const standing = async (...ids: string[]) => {
      const rows = (await Promise.all(ids.map((id) => it_.store.facts.ofMessage(id)))).flat();
      return rows
        .filter((row) => row.kind !== "retraction" && !row.withdrawn)
        .map((row) => row.key)
        .toSorted();
    };
    const keys = (...facts: NewFact[]) => facts.map((it) => it.fact.key).toSorted();

    it("withdraws what it gives no longer, and tells again what it gives once more", async () => {
      const id = await accept();
      const [a, b, c] = [newFact(id), newFact(id), newFact(id)];
      await read(id, [a, b], 1);
      expect(await read(id, [b, c], 2)).to.deep.equal({ inserted: 2, duplicates: 1 });
      expect(await standing(id)).to.deep.equal(keys(b, c));
      expect(await read(id, [a, b], 3)).to.deep.equal({ inserted: 2, duplicates: 1 });
      expect(await standing(id)).to.deep.equal(keys(a, b));
      const batch = await it_.store.facts.claim(ALL);
      const words = batch!.facts.flatMap(({ fact }) =>
        fact.kind === "retraction" && "key" in fact.target ? [[fact.target.key, fact.key]] : [],
      );
      const aboutA = words.find(([target]) => target === a.fact.key)!;
      expect(words.filter(([target]) => target === c.fact.key)).to.have.length(1);
      expect(words.filter(([target]) => target === aboutA[1])).to.have.length(1);
      expect(words).to.have.length(3);
    });

    it("changes nothing when it gives the same", async () => {
      const id = await accept();
      const facts = [newFact(id), newFact(id)];
      await read(id, facts, 1);
      expect(await read(id, facts, 2)).to.deep.equal({ inserted: 0, duplicates: 2 });
      expect(await read(id, facts, 3)).to.deep.equal({ inserted: 0, duplicates: 2 });
    });

    it("leaves what another message gives too, until that one gives it no more", async () => {
      const [first, second] = [await accept(), await accept()];
      const shared = newFact(first);
      await read(first, [shared], 1);
      await read(second, [shared], 1);
      expect(await read(first, [], 2)).to.deep.equal({ inserted: 0, duplicates: 0 });
      expect(await standing(first, second)).to.deep.equal(keys(shared));
      expect(await read(second, [], 2)).to.deep.equal({ inserted: 1, duplicates: 0 });
      expect(await standing(first, second)).to.deep.equal([]);
      await read(first, [shared], 3);
      expect(await standing(first, second)).to.deep.equal(keys(shared));
    });

    it("withdraws what a reading gave that was cut off", async () => {
      const id = await accept();
      const [a, b] = [newFact(id), newFact(id)];
      await it_.store.inbox.recordPart(id, "t@1", [a], 1);
      it_ = await it_.crash();
      await read(id, [b], 2);
      expect(await standing(id)).to.deep.equal(keys(b));
    });

    it("knows of a fact after the message that gave it first is forgotten", async () => {
      const { inbox } = it_.store;
      const [first, second] = (
        await inbox.accept([newMessage({ receivedAt: 1 }), newMessage({ receivedAt: 1e12 })])
      ).map((it) => it.id);
      const shared = newFact(first!);
      await read(first!, [shared], 1);
      await read(second!, [shared], 1);
      const { facts } = (await it_.store.facts.claim(ALL))!;
      await it_.store.facts.settle(
        facts.map(({ seq }) => ({ seq, to: "delivered", shipments: [], at: 1 })),
      );
      expect((await it_.store.prune({ settled: 10, unresolved: 0 }, 10)).messages).to.equal(1);
      expect(await standing(second!)).to.deep.equal(keys(shared));
      expect(await read(second!, [], 2)).to.deep.equal({ inserted: 1, duplicates: 0 });
    });

    it("leaves exactly the facts of the last reading of each, whatever was read before", async () => {
      const ids = [await accept(), await accept(), await accept()];
      const pool = Array.from({ length: 5 }, () => newFact(ids[0]!));
      const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.subarray(pool)), {
        minLength: 1,
        maxLength: 12,
      });
      const passes = [0, 0, 0];
      const last: NewFact[][] = [[], [], []];
      await fc.assert(
        fc.asyncProperty(steps, async (taken) => {
          for (const [which, facts] of taken) {
            await read(ids[which]!, facts, (passes[which]! += 1));
            last[which] = facts;
          }
          const wanted = new Set(last.flat().map((it) => it.fact.key));
          expect(await standing(...ids)).to.deep.equal([...wanted].toSorted());
        }),
        { numRuns: 30 },
      );
    });
  });
}
