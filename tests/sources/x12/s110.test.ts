import { expect } from "chai";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { findingCodes, interchange, readX12 } from "./samples.ts";

const HEAD = ["B3**723456789**CC**20261128*3205****FDEN", "C3*USD", "ITD*******15"];
const LOOPS = [
  ...["LX*1", "N1*SH*MAKER", "N4*MEMPHIS*TN*38118*US", "N9*AW*776094337676", "N9*PO*PO9"],
  ...["N1*CN*STORE", "N4*DENVER*CO*80216*US", "P1**20261121*011", "POD*20261123*0926*D HERRERA"],
  ...["L5*1*BOX", "L0*1***12*B", "L1*1***2150****400", "L1*1***215****FUE", "L1*1***-160****DSC"],
  ...["LX*2", "N9*AW*776094337677", "L1*1***900****400", "ACS*100*RES*RESIDENTIAL"],
];

const invoice = (...segments: string[]) =>
  readX12(interchange("110", [segments], { functionalId: "IA" }));

/** Bills as lines. */
function told({ facts }: Reading) {
  return facts.map(({ fact }) => {
    if (fact.kind !== "carrier_invoice") throw new Error(fact.kind);
    const lines = fact.lines.map(({ charge_type: type, amount }) => `${type} ${amount}`);
    return [fact.number, fact.document, `${fact.total} ${fact.currency}`, ...lines].join("; ");
  });
}

describe("x12: 110, the air carrier's invoice", () => {
  it("is a bill of each shipment, whose charges add up to the invoice", () => {
    const reading = invoice(...HEAD, ...LOOPS, "L3*****3205");
    expect(told(reading)).to.deep.equal([
      "723456789/776094337676; invoice; 22.05 USD; linehaul 21.50; fuel 2.15; discount -1.60",
      "723456789/776094337677; invoice; 10.00 USD; linehaul 9.00; residential 1.00",
    ]);
    expect(findingCodes(reading)).to.deep.equal([]);
    const [first] = reading.facts;
    expect(first?.fact).to.deep.include({
      identifiers: [
        { type: "tracking", value: "776094337676" },
        { type: "hawb", value: "776094337676" },
        { type: "po", value: "PO9" },
      ],
      carrier_scac: "FDEN",
      bill_date: "2026-11-28",
      ship_date: "2026-11-21",
      delivered: {
        at: "2026-11-23T16:26:00Z",
        zone: "America/Denver",
        precision: "minute",
        zone_inferred: true,
      },
      correction: "original",
    });
  });

  it("of one shipment bears the invoice's own number; a credit is one", () => {
    const one = invoice(
      ...["B3**C7**CC**20261128*-500*CA***FDEN", "LX*1", "N9*AW*020-12345675"],
      ...["L1*1***-500****400", "L3*****-500"],
    );
    expect(findingCodes(one)).to.deep.equal([]);
    expect(told(one)).to.deep.equal(["C7; credit_note; -5.00 USD; linehaul -5.00"]);
    expect(one.facts[0]?.fact).to.deep.include({
      correction: "cancelled",
      identifiers: [{ type: "mawb", value: "020-12345675" }],
    });
  });

  it("says when its shipments do not add up to it, and bills them all the same", () => {
    const reading = invoice(...HEAD, ...LOOPS, "L3*****3305");
    expect(findingCodes(reading)).to.deep.equal(["money_mismatch"]);
    expect(told(reading)).to.have.length(2);
  });

  it("bills nothing that names no shipment or costs nothing, and says so", () => {
    const reading = invoice(...HEAD, "LX*1", "L1*1***3205****400", "LX*2", "N9*AW*776094337677");
    expect(told(reading)).to.deep.equal([]);
    expect(findingCodes(reading)).to.deep.equal(["no_identifier", "no_charges"]);
  });

  it("without number, date or shipments is rejected", () => {
    expect(findingCodes(invoice("LX*1"))).to.deep.equal(["missing_segment"]);
    expect(findingCodes(invoice("B3****CC***3205"))).to.deep.equal([
      "missing_element",
      "missing_element",
    ]);
    expect(findingCodes(invoice(...HEAD))).to.deep.equal(["missing_segment"]);
  });
});
