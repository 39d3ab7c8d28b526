import { expect } from "chai";
import { remarks } from "../../web/control_tower/shipment_remarks.ts";
import { stakeRemark } from "../../web/invoice_holds/stake_remark.ts";
import { holdRemark } from "../../web/invoice_holds/hold_remark.ts";
import { registry } from "./odoo_stand_ins.ts";
import { issue, shipment } from "./shipments.ts";

/** A row as the board has it where billing is installed. */
const held = (open_hold_count: number) =>
  Object.assign(shipment(1, { state: "delivered", attempt_count: 1 }), { open_hold_count });

describe("what billing says on a shipment's card", () => {
  const category = registry.category("milepost.shipment_remarks");
  before(() => category.add("hold", holdRemark, { sequence: 50 }));
  after(() => category.remove("hold"));

  it("counts the open holds among the other remarks, in their order", () => {
    const said = (count: number) => remarks(held(count), "late").map(({ text }) => text);
    expect(said(0)).to.deep.equal(["1 attempt", "No POD"]);
    expect(said(1)).to.deep.equal(["1 attempt", "Invoice hold", "No POD"]);
    expect(said(3)).to.deep.equal(["1 attempt", "3 holds", "No POD"]);
  });

  it("says nothing of a row without holds, as the core alone reads it", () => {
    expect(holdRemark(shipment(1))).to.equal(null);
  });

  it("says what money waits behind what is wrong, and nothing where nothing is", () => {
    const staked = (at_stake_amount: number, more: object = { issue: issue(1) }) =>
      stakeRemark(Object.assign(shipment(1, more), { at_stake_amount, at_stake_currency_id: 2 }));
    expect(staked(1250)?.text).to.equal("1250.00 #2 at stake");
    expect(staked(0)).to.equal(null);
    expect(staked(1250, {}), "nothing is wrong").to.equal(null);
    expect(stakeRemark(shipment(1, { issue: issue(1) })), "without billing").to.equal(null);
  });
});
