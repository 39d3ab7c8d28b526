import { expect } from "chai";
import type { CarrierInvoice } from "../../../bridge/canonical/fact.ts";
import { fixture, findingCodes, interchange, readX12 } from "./samples.ts";

type Invoice = Omit<CarrierInvoice, "key" | "message">;

const B3 = "B3**INV1*SHIP1*PP**20260710*5165****SCAC";

function bill(b3: string, ...segments: string[]): string {
  return interchange("210", [[b3, ...segments]], { functionalId: "IM" });
}

function invoice(body: string | Buffer, rawSettings: unknown = {}): Invoice {
  const fact = readX12(body, rawSettings).facts[0]?.fact;
  expect(fact?.kind).to.equal("carrier_invoice");
  return fact as Invoice;
}

/** The line of an L1 with this charge code. */
function line(code: string, text = "") {
  return invoice(bill(B3, `L1*1***5165****${code}****${text}`, "L3*****5165")).lines[0];
}

const CHARGES: ReadonlyArray<readonly [string, string]> = [
  ["linehaul", "400 LHS 490 AIR AIC 080 450 COF DLH LFD LTE LPD TCM AMC MIN FCD"],
  ["fuel", "FUE 405 ENS BSC BUA BU2 BU4"],
  ["detention", "DTL DTU DET DTN DTO DTQ DTR DEP DTV TDT DPU DWP DEW DTB DSF DBD PVD RMD SDC"],
  ["detention", "WTG WTM"],
  ["layover", "LAY LYC"],
  ["stop_off", "SOC SOP STD STP STQ SAM SPU SDL VSO PVS"],
  ["liftgate", "LFT"],
  ["inside", "IDL IPU"],
  ["residential", "RES REP"],
  ["appointment_notify", "APT NFY MNC NCH"],
  ["lumper", "UNL UND LOA"],
  ["redelivery_reconsignment", "RCL ATD RDC RCC RCD DIV DIC DOV DTA 160"],
  ["storage_demurrage", "SRG STR DEM DEA DES TST ISO IST SVS HZS"],
  ["hazmat", "HAZ HZC HZD HMA HMI DGS 420 425"],
  ["toll_border_customs", "IHT BRD BCF BAB CUS CSE CSF CFC CFL CTX DTD ESD"],
  ["toll_border_customs", "145 240 245 250 315 360 555"],
  ["tax", "GST HST PTX TAX TAY TAD TTL TTM TTS SST SSX LLS PPT CBX UUT FAB AAT CGT MMT REG"],
  ["tax", "SAI SHS LUS SAG GRS 090 095 335 340 750"],
  ["discount", "DSC 270 275 280 285 290 295 VAB CAC CUD EEB GRD PAI QQD TAL TTD"],
  ["misc", "MSC SAC GSS LFC TOA 999"],
];

describe("x12: 210 charges", () => {
  for (const [type, codes] of CHARGES) {
    it(`${codes} are ${type}`, () => {
      for (const code of codes.split(" ")) {
        expect(line(code), code).to.include({ charge_type: type, raw_code: code });
      }
    });
  }

  it("a charge without code is the linehaul of a railway", () => {
    expect(line("")).to.include({ charge_type: "linehaul", raw_code: "none" });
  });

  it("keeps the text of what it does not know, and says so once per code", () => {
    const body = bill(
      B3,
      "L1*1***2000****999****PALLETS",
      "L1*1***3165****999****WRAP",
      "L3*****5165",
    );
    expect(invoice(body).lines.map(({ description }) => description)).to.deep.equal([
      "PALLETS",
      "WRAP",
    ]);
    expect(findingCodes(readX12(body))).to.deep.equal(["unmapped_charge"]);
  });
});

describe("x12: 210 money", () => {
  it("reads charges with two implied decimals and rates with explicit ones", () => {
    const read = invoice(bill(B3, "L1*1*51.65*FR*5165****400*********2*PC", "L3*****5165"));
    expect(read.total).to.equal("51.65");
    expect(read.lines).to.deep.equal([
      {
        charge_type: "linehaul",
        amount: "51.65",
        rate: "51.65",
        quantity: "2",
        unit: "PC",
        raw_code: "400",
      },
    ]);
  });

  it("a point is explicit, whatever the standard says", () => {
    const read = invoice(bill(B3.replace("5165", "51.65"), "L1*1***51.65****400", "L3*****51.65"));
    expect([read.total, read.lines[0]?.amount]).to.deep.equal(["51.65", "51.65"]);
  });

  it("takes whole amounts as they stand for a partner who is configured so", () => {
    const body = bill(B3, "L1*1***5000****400", "L1*1***165****FUE", "L3*****5165");
    expect(invoice(body, { amounts: "explicit" }).total).to.equal("5165.00");
    expect(findingCodes(readX12(body, { amounts: "explicit" }))).to.deep.equal([]);
  });

  it("keeps negative charges; a negative total is a credit note", () => {
    const body = bill(
      B3.replace("5165", "-200"),
      "L1*1***1000****400",
      "L1*1***-1200****DSC",
      "L3*****-200",
    );
    expect(invoice(body)).to.include({ document: "credit_note", total: "-2.00" });
    expect(invoice(body).lines[1]?.amount).to.equal("-12.00");
    expect(readX12(body).findings).to.deep.equal([]);
  });

  for (const [what, segments] of [
    ["the lines", ["L1*1***5000****400", "L3*****5165"]],
    ["the total", ["L1*1***5165****400", "L3*****5000"]],
    ["any line at all", ["L3*****5165"]],
  ] as const) {
    it(`says when ${what} do not add up to B307, and the invoice goes on`, () => {
      const reading = readX12(bill(B3, ...segments));
      expect(reading.facts).to.have.length(1);
      const [finding] = reading.findings.filter(({ code }) => code === "money_mismatch");
      expect(finding).to.include({ severity: "error", path: "ISA1/GS1/ST1/B3-07" });
    });
  }

  describe("which lines make up the total", () => {
    const lines = (...segments: string[]) => {
      const reading = readX12(bill(B3, ...segments, "L3*****5165"));
      const found = reading.facts.flatMap(({ fact }) =>
        fact.kind === "carrier_invoice" ? fact.lines : [],
      );
      return [found.map(({ raw_code, amount }) => `${raw_code} ${amount}`), findingCodes(reading)];
    };

    it("not one that adds up the others", () => {
      const parts = ["L1*1***5000****400", "L1*2***100****DTL", "L1*3***65****SOC"];
      expect(lines(...parts, "L1*4***165****TOA")).to.deep.equal([
        ["400 50.00", "DTL 1.00", "SOC 0.65"],
        ["total_beside_parts"],
      ]);
      expect(lines(...parts, "L1*4***5165****MSC****TOTAL CHARGES")[0]).to.have.length(3);
    });

    it("the total of the accessorials where it stands alone", () => {
      expect(lines("L1*1***5000****400", "L1*2***165****TOA")).to.deep.equal([
        ["400 50.00", "TOA 1.65"],
        [],
      ]);
    });

    it("not the packages' charges that L1 tells already, but those that it does not", () => {
      const packages = ["CD3*G*1", "L9*400*4000", "CD3*G*2", "L9*400*1000"];
      const told = ["L1*1***5000****400", "L1*2***165****FUE"];
      expect(lines(...told, ...packages)).to.deep.equal([["400 50.00", "FUE 1.65"], []]);
      expect(lines("L1*2***165****FUE", ...packages)).to.deep.equal([
        ["FUE 1.65", "400 40.00", "400 10.00"],
        [],
      ]);
      expect(lines("L1*1***3000****400", ...packages)[1]).to.deep.equal([
        "package_charges",
        "money_mismatch",
      ]);
    });
  });

  it("the bill's total is what the services cost, also where a part was prepaid", () => {
    const body = bill(B3, "L1*1***8000****400", "L3*****8000**2835");
    expect(invoice(body).total).to.equal("80.00");
    expect(findingCodes(readX12(body))).to.deep.equal(["prepaid"]);
    const wrong = bill(B3, "L1*1***8000****400", "L3*****8000**1");
    expect(findingCodes(readX12(wrong))).to.deep.equal(["money_mismatch"]);
  });

  it("tells of a proof of delivery that only the bill holds", () => {
    const body = bill(
      B3,
      "L1*1***5165****400",
      "CD3*G*1",
      "POD*20260710*1200*J MILLER",
      "L3*****5165",
    );
    expect(findingCodes(readX12(body))).to.deep.equal(["segment_not_read"]);
  });

  it("an amount that is no number is an error, and no mismatch is invented from it", () => {
    const reading = readX12(bill(B3, "L1*1***51A5****400", "L3*****5165"));
    expect(findingCodes(reading)).to.deep.equal(["unreadable_amount"]);
    expect(reading.facts).to.have.length(1);
  });

  it("sums up a bill of more lines than the contract allows, without losing a cent", () => {
    const lines = Array.from(
      { length: 700 },
      (_, n) => `L1*${n}***1${n % 10}****${n % 2 ? "FUE" : "400"}`,
    );
    const cents = lines.reduce((sum, _, n) => sum + 10 + (n % 10), 0);
    const body = bill(B3.replace("5165", String(cents)), ...lines, `L3*****${cents}`);
    expect(findingCodes(readX12(body))).to.deep.equal(["lines_summed"]);
    const amounts = invoice(body).lines.map(({ amount }) => Math.round(Number(amount) * 100));
    expect(amounts).to.have.length(2);
    expect((amounts[0] ?? 0) + (amounts[1] ?? 0)).to.equal(cents);
  });

  it("all of UPS's invoices add up, their discounts and corrections included", () => {
    const reading = readX12(fixture("ups_210_batch.txt"));
    expect(reading.facts.map(({ fact }) => (fact as Invoice).total)).to.deep.equal([
      "17.00",
      "94.15",
      "285.55",
      "1056.47",
      "21642.90",
    ]);
    expect(findingCodes(reading)).to.not.include("money_mismatch");
  });
});

describe("x12: 210 head", () => {
  const lines = ["L1*1***5165****400", "L3*****5165"];

  for (const [code, correction] of [
    ["", "original"],
    ["CO", "correction"],
    ["CA", "cancelled"],
    ["RB", "rebill"],
    ["BD", "balance_due"],
    ["AD", "adjustment"],
  ] as const) {
    it(`B308 "${code}" is ${correction}`, () => {
      const b3 = `B3**INV1*SHIP1*PP**20260710*5165*${code}***SCAC`;
      expect(invoice(bill(b3, ...lines)).correction).to.equal(correction);
    });
  }

  it("an unknown B308 is a correction that a person must look at", () => {
    const reading = readX12(bill("B3**INV1*SHIP1*PP**20260710*5165*QQ***SCAC", ...lines));
    expect(reading.facts[0]?.fact).to.include({ correction: "correction" });
    expect(findingCodes(reading)).to.deep.equal(["unmapped_code"]);
  });

  it("reads names, carrier, dates and currency", () => {
    const body = bill(
      "B3**INV1*SHIP1*PP**20260710*5165**20260709*035*SCAC*20260810",
      "C3*CAD",
      "N9*BM* B77 ",
      "N9*CN*PRO7",
      "N9*OI*INV0",
      "G62*86*20260707",
      "N1*CA*FAST FREIGHT",
      "N1*CN*STORE",
      "N4*NEWARK*NJ*07102*US",
      "N7*MSKU*1234565",
      ...lines,
    );
    expect(invoice(body)).to.deep.include({
      number: "INV1",
      corrects: "INV0",
      carrier_scac: "SCAC",
      carrier_name: "FAST FREIGHT",
      bill_date: "2026-07-10",
      due_date: "2026-08-10",
      ship_date: "2026-07-07",
      currency: "CAD",
      identifiers: [
        { type: "shipment", value: "SHIP1" },
        { type: "shipment_id", value: "SHIP1" },
        { type: "pro", value: "INV1" },
        { type: "bol", value: "B77" },
        { type: "pro", value: "PRO7" },
        { type: "container", value: "MSKU1234565" },
      ],
    });
    expect(invoice(body).delivered).to.include({ at: "2026-07-09T04:00:00Z", precision: "date" });
  });

  it("an estimated delivery date (017) is no delivery", () => {
    const b3 = "B3**INV1*SHIP1*PP**20260710*5165**20260709*017*SCAC";
    expect(invoice(bill(b3, ...lines))).to.not.have.property("delivered");
  });

  it("takes the configured currency where C3 is missing or wrong", () => {
    expect(invoice(bill(B3, ...lines), { currency: "CAD" }).currency).to.equal("CAD");
    expect(findingCodes(readX12(bill(B3, "C3*12", ...lines)))).to.deep.equal(["bad_currency"]);
  });

  for (const [what, b3] of [
    ["number", "B3****PP**20260710*5165"],
    ["date", "B3**INV1**PP***5165"],
    ["possible date", "B3**INV1**PP**20260732*5165"],
  ] as const) {
    it(`an invoice without ${what} is an error finding, not a silence`, () => {
      const reading = readX12(bill(b3, ...lines));
      expect(reading.facts).to.deep.equal([]);
      expect(reading.findings[0]?.severity).to.equal("error");
    });
  }
});
