import { expect } from "chai";
import type { OrderStanding } from "../../bridge/canonical/told_order.ts";
import { differenceOf, REPAIRS } from "../../bridge/comparing/difference.ts";

const SHOWN: Record<string, OrderStanding> = {
  there: { standing: "there", number: "TO-9", identifiers: [{ type: "entity", value: "x" }] },
  missing: { standing: "missing" },
  refused: { standing: "refused", reason: "no truck" },
  cancelled: { standing: "cancelled", reason: "shown as cancelled" },
  unsure: { standing: "unsure" },
};
/** By what Odoo believes, and what the partner shows. */
const EXPECTED = {
  accepted: { missing: "missing", refused: "refused_there", cancelled: "cancelled_there" },
  rejected: { there: "there_after_all" },
  cancelled: { there: "still_there" },
} as const;

describe("a difference between Odoo and the partner", () => {
  for (const [believes, kinds] of Object.entries(EXPECTED)) {
    it(`of an order that is ${believes} here is told with its repair, and nothing else is one`, () => {
      for (const [name, shown] of Object.entries(SHOWN)) {
        const found = differenceOf({ id: 7, believes: believes as "accepted" }, shown);
        expect(found?.kind, name).to.equal((kinds as Record<string, string>)[name]);
        if (found !== undefined) expect(REPAIRS[found.kind]).to.be.a("string");
      }
    });
  }

  it("brings the partner's names of an order that is there after all", () => {
    expect(differenceOf({ id: 7, believes: "rejected" }, SHOWN["there"]!)).to.deep.equal({
      id: 7,
      kind: "there_after_all",
      said: "the order is there as TO-9",
      external_number: "TO-9",
      identifiers: [{ type: "entity", value: "x" }],
    });
  });
});
