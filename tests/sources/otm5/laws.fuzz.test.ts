import { expect } from "chai";
import fc from "fast-check";
import { factKey } from "../../../bridge/canonical/fact_key.ts";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import { rounds } from "../../rounds.ts";
import { attempt, expectSound, messageOf } from "../golden.ts";
import { entity, trip } from "./arbitraries.ts";

const settings = otm5Source.settings.parse({ zone: "Europe/Amsterdam" });

/** Keys of the facts of a message that arrives so many hours into the day. */
function keys(value: unknown, hours = 0): string[] {
  const receivedAt = new Date(Date.UTC(2026, 10, 25, hours));
  const message = { ...messageOf(JSON.stringify(value)), receivedAt };
  return otm5Source.read(message, settings).facts.map(({ fact }) => factKey(fact));
}

describe("reading Open Trip Model 5, whatever is sent", () => {
  it("accepts and reads everything within its schema into facts that keep the contract", () => {
    fc.assert(
      fc.property(entity, (value) => {
        const message = messageOf(JSON.stringify(value));
        expect(attempt(() => (otm5Source.check(message, settings), "accepted"))).to.equal(
          "accepted",
        );
        expectSound(otm5Source.read(message, settings));
      }),
      { numRuns: rounds(400) },
    );
  });

  it("gives the same set of facts for any order and repetition of the messages", () => {
    const sent = fc.array(entity, { minLength: 1, maxLength: 5 }).chain((messages) =>
      fc.record({
        messages: fc.constant(messages),
        again: fc.shuffledSubarray([...messages, ...messages, ...messages], {
          minLength: messages.length,
        }),
      }),
    );
    fc.assert(
      fc.property(sent, ({ messages, again }) => {
        const told = new Set(messages.flatMap((it) => keys(it)));
        const retold = [...again, ...messages].flatMap((it, index) => keys(it, index));
        expect(new Set(retold)).to.deep.equal(told);
      }),
      { numRuns: rounds(150) },
    );
  });

  it("gives the same set of facts for a list as for its entities one by one", () => {
    fc.assert(
      fc.property(fc.array(entity, { minLength: 1, maxLength: 5 }), (entities) => {
        const single = new Set(entities.flatMap((it) => keys(it)));
        expect(new Set(keys(entities))).to.deep.equal(single);
        expect(new Set(keys({ entities }))).to.deep.equal(single);
      }),
      { numRuns: rounds(150) },
    );
  });

  it("never lets a trip claim as actual what is planned or projected", () => {
    const untouched = trip.map((it) =>
      JSON.parse(JSON.stringify(it).replaceAll(/"(actual|realized)"/g, '"planned"')),
    );
    fc.assert(
      fc.property(untouched, (value: object) => {
        const facts = otm5Source.read(messageOf(JSON.stringify(value)), settings).facts;
        for (const { fact } of facts) {
          expect(fact.kind).to.not.equal("proof_of_delivery");
          if (fact.kind !== "milestone" || fact.classifier !== "actual") continue;
          expect(fact.raw_code).to.match(/^(trip\/|assigned$|stop\/projected)/);
        }
      }),
      { numRuns: rounds(200) },
    );
  });
});
