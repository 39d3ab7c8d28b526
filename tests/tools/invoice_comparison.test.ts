import { expect } from "chai";
import { expectedInvoice } from "../../tools/demo/expected_invoices.ts";
import { compareInvoices } from "../../tools/demo/invoice_comparison.ts";
import type { Billed, BilledShipment } from "../../tools/demo/invoices.ts";
import { noMessages, type OrderTruth, type StopTruth } from "../../tools/simulator/ledger.ts";

const TILES = "Pallet of ceramic tiles"; // 780 a piece
const COMPLETED = "2026-03-04T23:30:00Z"; // the 5th in Hamburg

function delivery(more: Partial<StopTruth> = {}): StopTruth {
  return {
    id: "d",
    tms_id: "v",
    kind: "delivery",
    arrived: COMPLETED,
    departed: COMPLETED,
    completed: COMPLETED,
    outcome: "delivered",
    quantities: [{ goods: "g", outcome: "accepted", quantity: "3" }],
    signer: "J. Jansen",
    documents: [],
    earlier: [],
    ...more,
  };
}

function truth(stop: StopTruth, more: Partial<OrderTruth> = {}): OrderTruth {
  return {
    order: "o",
    shipment: "SHP/1",
    tms_order: "t",
    order_number: "TO-1",
    consignment: "c",
    tms_consignment: "tc",
    trip: null,
    received: 1,
    changes: 0,
    called_off: false,
    state: stop.outcome === "picked_up" ? "in_transit" : (stop.outcome ?? "booked"),
    finished: true,
    attempts: 0,
    delivered: COMPLETED,
    vehicle: null,
    driver: null,
    goods: [{ id: "g", description: TILES, quantity: "3" }],
    stops: [stop],
    messages: noMessages(),
    outcomes: [],
    ...more,
  };
}

const INVOICED: BilledShipment = {
  name: "SHP/1",
  customer: "Hanse Handel",
  holds: [],
  invoices: ["INV/1"],
  lines: [`${TILES} 3`],
  amount: "2340.00",
  suppliedOn: "2026-03-05",
  invoiceDays: ["2026-03-05"],
};
const HELD = { invoices: [], lines: [], amount: "0.00", suppliedOn: null, invoiceDays: [] };

const billed = (more: Partial<BilledShipment> = {}, strays: string[] = []): Billed => ({
  shipments: [{ ...INVOICED, ...more }],
  strays,
});
const DAMAGED = delivery({
  outcome: "partially_delivered",
  quantities: [{ goods: "g", outcome: "accepted_damaged", quantity: "3" }],
});
/** The TMS was told of what is invoiced, unless `told` says otherwise. */
const compare = (
  stop: StopTruth,
  of: Billed,
  early: string[] = [],
  told = of.shipments[0]?.invoices ?? [],
) => {
  const outcomes = [{ state: "invoiced", at: COMPLETED, documents: told }];
  return compareInvoices([truth(stop, { outcomes })], of, new Set(early)).result;
};

describe("the demo's look at the invoices", () => {
  it("finds a clean delivery invoiced right", () => {
    expect(compare(delivery(), billed())).to.deep.equal({
      expected: 1,
      posted: 1,
      told: 1,
      wrong: 0,
    });
  });

  const wrongs: Record<string, Partial<BilledShipment>> = {
    missing: HELD,
    "double, on two documents": { invoices: ["INV/1", "INV/2"] },
    "double, on one document": { lines: [`${TILES} 6`], amount: "4680.00" },
    "of another amount": { amount: "2340.01" },
    "of another day": { suppliedOn: "2026-03-04" },
    "dated before the delivery": { invoiceDays: ["2026-03-04"] },
    "wrongly held": { ...HELD, holds: ["pod_missing"] },
  };
  for (const [what, more] of Object.entries(wrongs)) {
    it(`says that an invoice is wrong when it is ${what}`, () => {
      expect(compare(delivery(), billed(more)).wrong).to.equal(1);
    });
  }

  it("says that an invoice is wrong of which the TMS was not told", () => {
    const result = compare(delivery(), billed(), [], []);
    expect(result).to.deep.equal({ expected: 1, posted: 1, told: 0, wrong: 1 });
  });

  it("says that a line of no shipment is wrong", () => {
    expect(compare(delivery(), billed({}, ["INV/9"])).wrong).to.equal(1);
  });

  it("expects a hold for the reason of the difference, and no invoice", () => {
    const held = (holds: string[]) => billed({ ...HELD, holds });
    expect(compare(DAMAGED, held(["damage"]))).to.deep.equal({
      expected: 0,
      posted: 0,
      told: 0,
      wrong: 0,
    });
    expect(compare(DAMAGED, held(["qty_short"])).wrong).to.equal(1);
    expect(compare(DAMAGED, billed({ holds: ["damage"] })).wrong).to.equal(1);
  });

  it("lets an invoice stand that was made before the proof was set right", () => {
    const { completed, outcome, quantities } = delivery();
    const corrected = { ...DAMAGED, earlier: [{ completed, outcome, quantities }] };
    const now = billed({ holds: ["damage"] });
    const right = { expected: 1, posted: 1, told: 1, wrong: 0 };
    expect(compare(corrected, now, ["SHP/1"])).to.deep.equal(right);
    expect(compare(corrected, now).wrong).to.equal(1);
  });

  it("expects nothing of an order that was called off", () => {
    const { result } = compareInvoices(
      [truth(delivery({ outcome: null, quantities: [] }), { state: "cancelled" })],
      billed(HELD),
      new Set(),
    );
    expect(result).to.deep.equal({ expected: 0, posted: 0, told: 0, wrong: 0 });
  });

  it("expects whole kits of the parts that were accepted, and transport of an order without goods", () => {
    const goods = [
      { id: "w", description: "Torque wrench", quantity: "10" },
      { id: "k", description: "Steel case", quantity: "5" },
    ];
    const quantities = goods.map(
      ({ id, quantity }) => ({ goods: id, outcome: "accepted", quantity }) as const,
    );
    const kits = expectedInvoice(
      truth(delivery({ quantities }), { goods }),
      INVOICED.customer,
      false,
    );
    expect(kits.lines).to.deep.equal(["Tool set 5"]);
    expect(kits.amount).to.equal("1450.00");
    const none = truth(delivery({ quantities: [] }), { goods: [] });
    const transport = expectedInvoice(none, INVOICED.customer, false);
    expect(transport.lines).to.deep.equal(["Transport of your goods 1"]);
  });

  it("expects an invoice for each customer on the truck, once all of them have theirs", () => {
    const two = (second: StopTruth) => truth(delivery(), { stops: [delivery(), second] });
    const of = (second: StopTruth) =>
      expectedInvoice(two(second), INVOICED.customer, false).invoices;
    expect(of(delivery({ id: "e" }))).to.equal(2);
    expect(of({ ...DAMAGED, id: "e" })).to.equal(0);
  });
});
