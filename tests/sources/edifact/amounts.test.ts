import { expect } from "chai";
import { codes, factsOf, invoic, read, said } from "./made.ts";

/** The bill as `total currency: amounts`, and what was said. */
function bill(segments: readonly string[], currency?: string) {
  const reading = read(invoic(segments, currency));
  const [fact] = factsOf(reading, "carrier_invoice");
  const lines = fact?.lines.map(({ charge_type, amount, tax_rate }) => {
    return `${charge_type} ${amount}${tax_rate === undefined ? "" : ` @${tax_rate}`}`;
  });
  return { total: fact && `${fact.total} ${fact.currency}`, lines, codes: codes(reading) };
}
const LINE = ["LIN+1++FC:SRV", "MOA+203:100.00"];
const VAT = (rate: string, amount: string) => [`TAX+7+VAT+++:::${rate}+S`, `MOA+124:${amount}`];

describe("edifact: the amounts of an invoice, each once", () => {
  it("are the taxes by rate, not their sum beside them, wherever the sum stands", () => {
    const two = [...LINE, "LIN+2++WH:SRV", "MOA+203:50.00", "UNS+S"];
    const wanted = {
      total: "176 EUR",
      lines: ["linehaul 100", "storage_demurrage 50", "tax 19 @19", "tax 7 @14"],
      codes: [],
    };
    const taxes = [...VAT("19", "19.00"), ...VAT("14", "7.00")];
    const totals = ["MOA+125:150.00", "MOA+176:26.00", "MOA+77:176.00"];
    expect(bill([...two, ...totals, ...taxes])).to.deep.equal(wanted);
    expect(bill([...two, ...taxes, ...totals])).to.deep.equal(wanted);
  });

  it("are the sum of the taxes where no rate has its own amount", () => {
    const both = [...LINE, "UNS+S", "MOA+176:19", "MOA+77:119", "TAX+7+VAT+++:::19+S"];
    expect(bill(both)).to.deep.include({ lines: ["linehaul 100", "tax 19 @19"], codes: [] });
    const inGroup = [...LINE, "UNS+S", "MOA+77:119", "TAX+7+VAT+++:::19+S", "MOA+176:19"];
    expect(bill(inGroup)).to.deep.include({ lines: ["linehaul 100", "tax 19 @19"], codes: [] });
    // The parts do not come to the sum, the sum comes to the total.
    const partly = [
      ...LINE,
      "UNS+S",
      "MOA+176:26",
      "MOA+77:126",
      ...VAT("19", "19"),
      "TAX+7+VAT+++:::7+S",
    ];
    expect(bill(partly)).to.deep.include({ lines: ["linehaul 100", "tax 26"], codes: [] });
  });

  it("are the taxes of the lines only where the summary has none", () => {
    const lines = [...LINE, ...VAT("19", "19"), "LIN+2++WH:SRV", "MOA+203:50", ...VAT("14", "7")];
    const wanted = ["linehaul 100", "storage_demurrage 50", "tax 19 @19", "tax 7 @14"];
    expect(bill([...lines, "UNS+S", "MOA+77:176"])).to.deep.include({ lines: wanted, codes: [] });
    const summary = [...lines, "UNS+S", "MOA+77:176", ...VAT("19", "19"), ...VAT("14", "7")];
    expect(bill(summary)).to.deep.include({ lines: wanted, codes: [] });
  });

  it("keep each rate with its own tax", () => {
    const rates = [
      ...LINE,
      "UNS+S",
      "MOA+77:100",
      "TAX+7+VAT+++:::0+E",
      "MOA+124:0",
      ...VAT("19", "0"),
    ];
    expect(bill(rates).lines).to.deep.equal(["linehaul 100", "tax 0 @0", "tax 0 @19"]);
  });

  it("are the charges of header and lines, not those that the summary repeats", () => {
    const freight = ["ALC+C++++FC", "MOA+23:120"];
    const line = ["LIN+1++WH:SRV", "MOA+203:50.00", "UNS+S", "MOA+77:170.00"];
    const wanted = { total: "170 EUR", lines: ["storage_demurrage 50", "linehaul 120"], codes: [] };
    for (const repeated of [
      ["ALC+C++++FC", "MOA+131:120"],
      ["ALC+C++++FC", "MOA+8:120"],
      ["ALC+C", "MOA+131:120"],
      ["MOA+131:120"],
      ["MOA+259:120"],
    ]) {
      const text = repeated.join(" ");
      const found = bill([...freight, ...line, ...repeated]);
      expect(
        { ...found, codes: found.codes.filter((it) => it !== "unmapped_code") },
        text,
      ).to.deep.equal(wanted);
    }
    // Nothing itemised it before: then the summary is where it stands.
    expect(bill([...line, "ALC+C++++FC", "MOA+131:120"]).lines).to.deep.equal(wanted.lines);
    expect(bill([...line, "MOA+131:120"]).lines).to.deep.equal([
      "storage_demurrage 50",
      "misc 120",
    ]);
  });

  it("are a line and the charges that its amount holds, or that stand beside it", () => {
    const charges = ["ALC+C++++AAK", "MOA+23:20", "ALC+A++++DI", "MOA+204:5"];
    const holding = ["LIN+1++FC:SRV", "MOA+203:115", ...charges, "UNS+S", "MOA+77:115"];
    const wanted = ["linehaul 100", "fuel 20", "discount -5"];
    expect(bill(holding)).to.deep.include({ lines: wanted, codes: [] });
    const gross = ["LIN+1++FC:SRV", "MOA+66:100", ...charges, "UNS+S", "MOA+77:115"];
    expect(bill(gross)).to.deep.include({ lines: wanted, codes: [] });
    const both = ["LIN+1++FC:SRV", "MOA+66:100", "MOA+203:115", ...charges, "UNS+S", "MOA+77:115"];
    expect(bill(both)).to.deep.include({ lines: wanted, codes: [] });
    // Not by the list, but so that it adds up.
    const beside = [...LINE, ...charges, "UNS+S", "MOA+77:115"];
    expect(bill(beside)).to.deep.include({ lines: wanted, codes: [] });
  });

  it("leak from no group into the next", () => {
    const text = [
      "PAT+3",
      "MOA+9:1",
      "MOA+52:3",
      ...LINE,
      "QTY+47:2:KGM",
      "PRI+AAA:50",
      "ALC+C++++AAK",
      "QTY+47:9:LTR",
      "MOA+8:9",
      "TAX+7+VAT+++:::19+S",
      "MOA+124:1",
      "UNS+S",
      "MOA+77:119",
      "FTX+AAI+++thanks",
      ...VAT("19", "19"),
    ];
    const [fact] = factsOf(read(invoic(text)), "carrier_invoice");
    expect(fact?.total).to.equal("119");
    expect(fact?.lines.slice(0, 2)).to.deep.equal([
      {
        charge_type: "linehaul",
        amount: "91",
        raw_code: "FC",
        quantity: "2",
        unit: "KGM",
        rate: "50",
      },
      { charge_type: "fuel", amount: "9", raw_code: "AAK", quantity: "9", unit: "LTR" },
    ]);
  });

  it("do not begin their summary at UNS+D", () => {
    const text = [
      "ALC+C++++FC",
      "MOA+8:10",
      "UNS+D",
      ...LINE,
      "ALC+C++++FC",
      "MOA+8:10",
      "UNS+S",
      "MOA+77:110",
    ];
    expect(bill(text)).to.deep.include({
      lines: ["linehaul 90", "linehaul 10", "linehaul 10"],
      codes: [],
    });
  });

  it("are those of the lines where a line has a total of its own, and the message's without UNS", () => {
    const own = ["LIN+1++FC:SRV", "MOA+77:60", "LIN+2++WH:SRV", "MOA+77:40", "UNS+S", "MOA+77:100"];
    const lines = ["linehaul 60", "storage_demurrage 40"];
    expect(bill(own)).to.deep.equal({ total: "100 EUR", lines, codes: [] });
    const without = [...LINE, "MOA+77:100"];
    expect(bill(without)).to.deep.equal({ total: "100 EUR", lines: ["linehaul 100"], codes: [] });
  });

  it("tell amounts and charges that are not counted", () => {
    const text = [...LINE, "ALC+C++++HD", "UNS+S", "MOA+77:100", "MOA+777:5", "MOA+125:100"];
    expect(said(read(invoic(text)))).to.deep.equal([
      "warning amount_not_read MOA12/1",
      "warning no_amount ALC9",
    ]);
  });
});

describe("edifact: what an invoice comes to", () => {
  const TAX = VAT("19", "19");
  const line = [...LINE, "UNS+S"];

  it("is the invoice amount, not what is left to pay", () => {
    const wanted = { total: "119 EUR", lines: ["linehaul 100", "tax 19 @19"], codes: [] };
    const parts = ["MOA+77:119", "MOA+113:19", "MOA+9:100"];
    for (const totals of [parts, parts.toReversed(), ["MOA+9:100", "MOA+113:19"], ["MOA+9:119"]]) {
      expect(bill([...line, ...totals, ...TAX]), totals.join(" ")).to.deep.equal(wanted);
    }
    for (const kind of ["39", "86", "128"]) {
      expect(bill([...line, "MOA+79:100", "MOA+9:100", `MOA+${kind}:119`, ...TAX])).to.deep.equal(
        wanted,
      );
    }
  });

  it("is added up, and told, where only the lines have a total", () => {
    expect(bill([...line, "MOA+79:100", ...TAX])).to.deep.equal({
      total: "119 EUR",
      lines: ["linehaul 100", "tax 19 @19"],
      codes: ["total_inferred"],
    });
    expect(bill([...line, "MOA+79:90", ...TAX]).codes).to.include("money_mismatch");
    expect(bill(line).codes).to.deep.equal(["no_total"]);
  });

  it("is in the currency that its total names, and amounts in another repeat it", () => {
    const two = ["LIN+1++FC:SRV", "MOA+203:100:USD", "MOA+203:92:EUR", "UNS+S"];
    const totals = ["MOA+77:100:USD:4", "MOA+9:92:EUR:11"];
    const wanted = {
      total: "100 USD",
      lines: ["linehaul 100"],
      codes: ["other_currency", "other_currency"],
    };
    expect(bill([...two, ...totals], "CUX+2:USD:4+3:EUR:11")).to.deep.equal(wanted);
    expect(bill([...two, ...totals], "CUX+3:EUR:11+2:USD:4")).to.deep.equal(wanted);
    expect(bill([...LINE, "UNS+S", "MOA+77:100:USD"], "")).to.deep.include({
      total: "100 USD",
      codes: [],
    });
    expect(bill([...LINE, "UNS+S", "MOA+77:100"], "CUX+2:CHF:9").total).to.equal("100 CHF");
    expect(bill([...LINE, "UNS+S", "MOA+77:100"], "").codes).to.deep.equal(["currency_inferred"]);
  });

  it("keeps its mismatch when nothing makes the parts come to it", () => {
    const found = bill([...line, "MOA+77:120", ...TAX]);
    expect(found).to.deep.equal({
      total: "120 EUR",
      lines: ["linehaul 100", "tax 19 @19"],
      codes: ["money_mismatch"],
    });
  });
});

describe("edifact: the dates of an invoice", () => {
  it("are its own before those of its references, and tell when the goods were delivered", () => {
    const text = [
      "RFF+ON:7",
      "DTM+3:20240101:102",
      "NAD+DP+++Store++Hamburg+++DE",
      "DTM+35:202407091200:203",
      ...LINE,
      "DTM+35:202407081200:203",
      "UNS+S",
      "MOA+77:100",
    ];
    const [fact] = factsOf(read(invoic(text)), "carrier_invoice");
    expect(fact?.bill_date).to.equal("2024-07-11");
    expect(fact?.delivered).to.deep.equal({
      at: "2024-07-09T10:00:00Z",
      zone: "Europe/Berlin",
      precision: "minute",
      zone_inferred: true,
    });
  });
});
