import { expect } from "chai";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { findingCodes, interchange, readX12 } from "./samples.ts";

const HEAD = ["B3**723456789**CC**20261128*3205****FDEN", "C3*USD", "ITD*******15"];
const DEARER = HEAD.map((it) => it.replace("3205", "3305"));
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

  it("of one shipment bears invoice and waybill, too, so that corrections meet it; a credit is one", () => {
    const one = invoice(
      ...["B3**C7**CC**20261128*-500*CA***FDEN", "LX*1", "N9*AW*020-12345675"],
      ...["L1*1***-500****400", "L3*****-500"],
    );
    expect(findingCodes(one)).to.deep.equal([]);
    expect(told(one)).to.deep.equal(["C7/020-12345675; credit_note; -5.00 USD; linehaul -5.00"]);
    expect(one.facts[0]?.fact).to.deep.include({
      correction: "cancelled",
      identifiers: [{ type: "mawb", value: "020-12345675" }],
    });
  });

  describe("that corrects another", () => {
    const corrected = (reading: Reading) =>
      reading.facts.map(({ fact }) =>
        fact.kind === "carrier_invoice"
          ? [fact.number, fact.correction, fact.corrects ?? "-"].join(" ")
          : fact.kind,
      );
    const again = (code: string, ...segments: string[]) =>
      invoice(`B3**723456789**CC**20261201*900*${code}***FDEN`, "C3*USD", ...segments);
    const LOOP = ["LX*1", "N9*AW*776094337677", "L1*1***900****400"];
    const originals = invoice(...HEAD, ...LOOPS, "L3*****3205").facts;

    for (const [code, correction] of [
      ["RB", "rebill"],
      ["CO", "correction"],
      ["CA", "cancelled"],
    ] as const) {
      it(`${code} of one of its shipments bears the number that the original has`, () => {
        const [, original] = originals;
        const found = corrected(again(code, ...LOOP, "L3*****900"));
        expect(found).to.deep.equal([`723456789/776094337677 ${correction} -`]);
        expect(original?.fact).to.include({ number: "723456789/776094337677" });
      });
    }

    it("of several shipments corrects the bill of each", () => {
      const other = LOOPS.map((it) => it.replace("LX*1", "LX*3"));
      const reading = invoice("B3**723456789**CC**20261201*3205*RB***FDEN", ...other);
      expect(corrected(reading)).to.deep.equal(
        originals.map(({ fact }) =>
          fact.kind === "carrier_invoice" ? `${fact.number} rebill -` : fact.kind,
        ),
      );
    });

    it("under a number of its own names the original, by waybill (N9 OI)", () => {
      const head = ["B3**C8**CC**20261201*900*RB***FDEN", "N9*OI*723456789"];
      const expected = ["C8/776094337677 rebill 723456789/776094337677"];
      expect(corrected(invoice(...head, ...LOOP))).to.deep.equal(expected);
      const [b3 = "", original = ""] = head;
      const inLoop = ["LX*9", "N9*AW*776094337676", "N9*OI*5", "L1*1***100****400"];
      const both = invoice(b3.replace("*900*", "*1000*"), original, ...LOOP, ...inLoop);
      expect(corrected(both)).to.deep.equal([...expected, "C8/776094337676 rebill 5/776094337676"]);
    });

    it("names the original by N9 IV in its head, and not by the shipper's own invoice in a loop", () => {
      const b3 = "B3**C8**CC**20261201*900*RB***FDEN";
      const [lx = "", waybill = "", ...charges] = LOOP;
      const loop = [lx, waybill, "N9*IV*SO-4711", ...charges];
      expect(corrected(invoice(b3, ...loop))).to.deep.equal(["C8/776094337677 rebill -"]);
      expect(corrected(invoice(b3, "N9*IV*723456789", ...loop))).to.deep.equal([
        "C8/776094337677 rebill 723456789/776094337677",
      ]);
    });

    it("takes bills away without a charge", () => {
      const reading = invoice(
        ...["B3**723456789**CC**20261201*0*CA***FDEN", "LX*1", "N9*AW*776094337677"],
      );
      expect(findingCodes(reading)).to.deep.equal([]);
      expect(told(reading)).to.deep.equal(["723456789/776094337677; invoice; 0.00 USD"]);
    });
  });

  it("has one bill of the loops of one waybill", () => {
    const reading = invoice(
      ...["B3**7**CC**20261128*1900****FDEN", "LX*1", "N9*AW*776094337677", "N9*PO*A"],
      ...["L1*1***900****400", "LX*2", "N9*AW*776094337676", "L1*1***900****400"],
      ...["LX*3", "N9*AW*776094337677", "N9*PO*B", "L1*1***100****RES"],
    );
    expect(told(reading)).to.deep.equal([
      "7/776094337677; invoice; 10.00 USD; linehaul 9.00; residential 1.00",
      "7/776094337676; invoice; 9.00 USD; linehaul 9.00",
    ]);
    expect(reading.facts[0]?.fact.identifiers.map(({ value }) => value)).to.include.members([
      "776094337677",
      "A",
      "B",
    ]);
  });

  it("without waybill bears another name of its shipment, not where it stands in the message", () => {
    const loop = ["N9*PO*PO9", "L1*1***900****400"];
    const at = (n: number) => told(invoice("B3**7**CC**20261128*900****FDEN", `LX*${n}`, ...loop));
    expect(at(1)).to.deep.equal(["7/PO9; invoice; 9.00 USD; linehaul 9.00"]);
    expect(at(12)).to.deep.equal(at(1));
  });

  describe("of several shipments, when its money cannot be told apart", () => {
    for (const [what, segments, codes] of [
      ["L305 is another", [...HEAD, ...LOOPS, "L3*****3305"], ["money_mismatch", "not_billed"]],
      ["B307 is another", [...DEARER, ...LOOPS], ["money_mismatch", "not_billed"]],
      [
        "a charge is of no shipment, and not what is missing",
        [...DEARER, "L1*9***200****MSC", ...LOOPS, "L3*****3305"],
        ["money_mismatch", "not_billed"],
      ],
      [
        "a charge cannot be read",
        [...HEAD, ...LOOPS, "L1*2***1A****MSC", "L3*****3205"],
        ["unreadable_amount", "not_billed"],
      ],
      [
        "an ancillary charge cannot be read",
        [...HEAD, ...LOOPS, "ACS*1A*RES", "L3*****3205"],
        ["unreadable_amount", "not_billed"],
      ],
      ["it says no amount", ["B3**7**CC**20261128", ...LOOPS], ["missing_element", "not_billed"]],
    ] as const) {
      it(`bills none, is rejected and a dead letter: ${what}`, () => {
        const reading = invoice(...segments);
        expect(told(reading)).to.deep.equal([]);
        expect(findingCodes(reading)).to.deep.equal(codes);
        const lost = reading.findings.filter((it) => it.lost === true).map(({ code }) => code);
        expect(lost).to.deep.equal(["not_billed"]);
      });
    }

    it("leaves out lines outside the loops that add up those inside", () => {
      const reading = invoice(...HEAD, ...LOOPS, "L3*****3205", "L1*9***3205****MSC");
      expect(findingCodes(reading)).to.deep.equal(["total_beside_parts"]);
      expect(told(reading)).to.have.length(2);
    });

    it("leaves out lines that add up others", () => {
      const sums = LOOPS.flatMap((it) =>
        it.startsWith("LX*2") ? ["L1*9***2205****MSC****TOTAL", it] : [it],
      );
      const reading = invoice(...HEAD, ...sums, "L1*9***1000****MSC****TOTAL", "L3*****3205");
      expect(findingCodes(reading)).to.deep.equal(["total_beside_parts"]);
      expect(told(reading)).to.deep.equal(told(invoice(...HEAD, ...LOOPS, "L3*****3205")));
    });
  });

  describe("of several shipments, with more than charges in their loops", () => {
    const [one = "", two = ""] = told(invoice(...HEAD, ...LOOPS, "L3*****3205"));

    for (const [what, segments] of [
      ["before the loops", ["L1*9***100****MSC", ...LOOPS, "L3*****3305"]],
      ["behind the total", [...LOOPS, "L3*****3305", "ACS*100*MSC"]],
    ] as const) {
      it(`has a bill of what is charged ${what}, of a shipment that a person names`, () => {
        const reading = invoice(...DEARER, ...segments);
        const rest = "723456789/invoice; invoice; 1.00 USD; misc 1.00";
        expect(told(reading)).to.deep.equal([one, two, rest]);
        expect(findingCodes(reading)).to.deep.equal([]);
        expect(reading.facts[2]?.fact.identifiers).to.deep.equal([
          { type: "entity", value: "723456789/invoice" },
        ]);
      });
    }

    it("counts what was laid out (L105, L306) beside the charges", () => {
      const [b3 = "", ...head] = HEAD;
      const loops = LOOPS.map((it) => it.replace("L1*1***900****400", "L1*1***900*5000***400"));
      const reading = invoice(b3.replace("3205", "8205"), ...head, ...loops, "L3*****3205*5000");
      expect(findingCodes(reading)).to.deep.equal([]);
      expect(told(reading)).to.deep.equal([
        one,
        "723456789/776094337677; invoice; 60.00 USD; linehaul 9.00; residential 1.00; linehaul 50.00",
      ]);
    });

    it("reads on behind a total in a loop", () => {
      const within = LOOPS.flatMap((it) => (it.startsWith("LX*2") ? ["L3*****2205", it] : [it]));
      for (const totals of [["L3*****1000"], ["L3*****1000", "L3*****3205"], []]) {
        const reading = invoice(...HEAD, ...within, ...totals);
        expect(told(reading)).to.deep.equal([one, two]);
        expect(findingCodes(reading)).to.deep.equal([]);
      }
    });

    it("has a bill of each loop without waybill, by a name in whatever order it has them", () => {
      const loop = (...names: string[]) => ["LX*1", ...names, "L1*1***900****400"];
      const b3 = "B3**7**CC**20261128*1800****FDEN";
      const names = ["N9*PO*PO9", "N9*BM*B1"];
      const reading = invoice(b3, ...loop(...names), ...loop(...names.toReversed()));
      expect(told(reading).map((it) => it.split(";")[0])).to.deep.equal(["7/B1", "7/B1/2"]);
    });
  });

  it("of one shipment has the invoice's total, so that Odoo holds what does not add up to it", () => {
    const one = (...lines: string[]) =>
      invoice("B3**7**CC**20261128*900****FDEN", "LX*1", "N9*AW*776094337677", ...lines);
    const short = one("L1*1***800****400");
    expect(told(short)).to.deep.equal(["7/776094337677; invoice; 9.00 USD; linehaul 8.00"]);
    expect(findingCodes(short)).to.deep.equal(["money_mismatch"]);
    const unreadable = one("L1*1***800****400", "L1*2***1A****MSC");
    expect(told(unreadable)).to.deep.equal(told(short));
    expect(findingCodes(unreadable)).to.deep.equal(["unreadable_amount"]);
  });

  it("bills nothing that names no shipment or costs nothing, and says so", () => {
    const reading = invoice(...HEAD, "LX*1", "L1*1***3205****400", "LX*2", "N9*AW*776094337677");
    expect(told(reading)).to.deep.equal([]);
    expect(findingCodes(reading)).to.deep.equal(["no_identifier", "no_charges"]);
    expect(reading.findings.map(({ lost }) => lost ?? false)).to.deep.equal([true, false]);
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
