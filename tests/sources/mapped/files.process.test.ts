import { expect } from "chai";
import { zipSync } from "fflate";
import type { CarrierInvoice } from "../../../bridge/canonical/fact.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import type { Unkeyed } from "../../../bridge/sources/shared/reading/reading.ts";
import { expectSound } from "../golden.ts";
import { partner, read } from "./mapped_kit.ts";

const LATIN1 = (text: string) => Buffer.from(text, "latin1");

const bill = {
  kind: "carrier_invoice",
  number: "bill",
  bill_date: "day",
  currency: "EUR",
  total: "total",
  lines: { each: "rows", code: "charge", amount: "amount" },
};
const BILLING = { authority: { billing: ["delivered", "carrier_invoice"] } };

const refused = async (body: Buffer | string, by: ReturnType<typeof partner>) => {
  const outcome: unknown = await read(body, by).catch((it: unknown) => it);
  expect(outcome).to.be.instanceOf(MilepostError);
  return outcome as MilepostError;
};

describe("files as partners write them", function () {
  this.timeout(60_000);

  it("are tables in Latin-1 with semicolons, decimal commas and dates of their own", async () => {
    const table = partner({
      format: { type: "csv", encoding: "latin1", delimiter: ";" },
      numbers: { decimal: ",", group: "." },
      dates: ["dd.MM.yyyy HH:mm", "dd.MM.yyyy"],
      zone: "Europe/Berlin",
      identifiers: { shipment_id: { column: "Sendung" } },
      group: "Rechnung",
      facts: [
        {
          ...bill,
          number: "Rechnung",
          bill_date: "Datum",
          total: { column: "Summe" },
          lines: { each: "rows", code: "Art", amount: "Betrag", description: "Text" },
        },
      ],
      codes: { charges: { FRA: "linehaul", MAUT: "toll_border_customs" } },
      ...BILLING,
    });
    const lines = [
      "Rechnung;Sendung;Datum;Art;Text;Betrag;Summe",
      "R-1;S-1;28.11.2026;FRA;Fracht Köln;1.234,50;1.300,00",
      "R-1;S-1;28.11.2026;MAUT;Maut;65,50;1.300,00",
      "R-2;S-2;29.11.2026;FRA;Fracht;20,00;20,00",
    ];
    const reading = await read(LATIN1(lines.join("\r\n")), table);
    expectSound(reading);
    expect(reading.findings).to.deep.equal([]);
    const bills = reading.facts.map((it) => it.fact as Unkeyed<CarrierInvoice>);
    expect(bills.map((it) => [it.number, it.bill_date, it.total])).to.deep.equal([
      ["R-1", "2026-11-28", "1300"],
      ["R-2", "2026-11-29", "20"],
    ]);
    expect(bills[0]!.lines.map((it) => [it.charge_type, it.amount])).to.deep.equal([
      ["linehaul", "1234.5"],
      ["toll_border_customs", "65.5"],
    ]);
    expect(bills[0]!.lines[0]!.description).to.equal("Fracht Köln");
  });

  it("are refused in another encoding than was said, with what to do", async () => {
    const table = partner({ format: { type: "csv", delimiter: ";" } });
    const fault = await refused(LATIN1("load;code;at\nKöln;DEL;2026-11-28T10:00\n"), table);
    expect(fault).to.include({ code: "not_utf8" });
    expect(fault.message).to.include("format.encoding");
  });

  it("are XML in the encoding that it declares", async () => {
    const xml = partner({
      format: "xml",
      records: "feed.load",
      identifiers: { bol: "`@bol`" },
      facts: [{ kind: "milestone", code: "code", text: "text", occurred: "at" }],
    });
    const text = '<?xml version="1.0" encoding="ISO-8859-1"?><feed><load bol="B1"><code>DEL</code>';
    const rest = "<text>Köln</text><at>2026-11-28T10:00:00Z</at></load></feed>";
    const reading = await read(LATIN1(text + rest), xml);
    expect(reading.facts[0]!.fact).to.include({ code: "delivered", raw_text: "Köln" });
  });

  it("are lines of fixed width, all alike or of several kinds", async () => {
    const alike = partner({
      format: { type: "fixed", columns: { load: [1, 8], code: [9, 3], at: [12, 16] } },
    });
    const one = await read("LOAD0001DEL2026-11-28T10:00\r\nLOAD0002PU 2026-11-28T11:00\r\n", alike);
    expectSound(one);
    expect(one.facts.map((it) => it.fact.identifiers[0]?.value)).to.deep.equal([
      "LOAD0001",
      "LOAD0002",
    ]);
    const kinds = partner({
      format: {
        ...{ type: "fixed", encoding: "latin1", kind: [1, 2], begins: "01" },
        kinds: {
          "01": { load: [3, 8], bill: [11, 6], day: [17, 10], total: [27, 10] },
          "02": { charge: [3, 4], amount: [7, 10] },
        },
      },
      facts: [
        {
          ...{ ...bill, lines: { each: "lines[kind='02']", code: "charge", amount: "amount" } },
          total: "$implied(total, 2)",
        },
      ],
      codes: { charges: { FRT: "linehaul" } },
      ...BILLING,
    });
    const file = "01LOAD0001B-77012026-11-280000050000\n02FRT     500.00\n\u001A";
    const two = await read(file, kinds);
    expectSound(two);
    expect(two.findings).to.deep.equal([]);
    expect(two.facts[0]!.fact).to.deep.include({ number: "B-7701", total: "500" });
    expect((await refused("09LOAD", kinds)).message).to.include('"09" is none of format.kinds');
    expect((await refused("02FRT     500.00", kinds)).path).to.equal("line 1");
  });

  it("are sheets, whose numbers are exact", async () => {
    const sheet = partner({
      format: { type: "xlsx", sheet: "Bills", heading: 2 },
      identifiers: { shipment_id: "Load" },
      facts: [
        {
          ...{ ...bill, number: "Bill", bill_date: "Day", total: "Total" },
          lines: { each: "$", code: { value: "FRT" }, amount: "Total" },
        },
      ],
      codes: { charges: { FRT: "linehaul" } },
      ...BILLING,
    });
    const reading = await read(workbook(), sheet);
    expectSound(reading);
    expect(reading.facts[0]!.fact).to.deep.include({
      number: "B-1",
      bill_date: "2026-11-28",
      total: "1234.1",
    });
    expect((await refused("no sheet", sheet)).code).to.equal("not_xlsx");
  });

  it("are refused as sheets that would fill the memory, before they are unpacked", async () => {
    const sheet = partner({ format: { type: "xlsx" } });
    const [huge, lying] = [workbook(), workbook(Buffer.alloc(3_000_000, " "))];
    const sizeOfLast = (zip: Buffer) => zip.lastIndexOf("PK\u0001\u0002") + 24;
    huge.writeUInt32LE(150_000_000, sizeOfLast(huge));
    expect((await refused(huge, sheet)).message).to.include("is 150 MB unpacked");
    // One that lies about its size gets no more room than it said.
    lying.writeUInt32LE(1000, sizeOfLast(lying));
    expect((await refused(lying, sheet)).code).to.equal("not_xlsx");
    expect((await refused(workbook().subarray(0, 400), sheet)).code).to.equal("not_xlsx");
  });

  it("are counted by the directory that is unpacked, whatever another says", async () => {
    const sheet = partner({ format: { type: "xlsx" } });
    const huge = workbook();
    huge.writeUInt32LE(150_000_000, huge.lastIndexOf("PK\u0001\u0002") + 24);
    const end = huge.lastIndexOf("PK\u0005\u0006");
    const hidden = Buffer.from(huge);
    hidden.writeUInt16LE(0, end + 10);
    expect((await refused(hidden, sheet)).message).to.include("is 150 MB unpacked");
    expect((await refused(twoDirectories(huge, end), sheet)).message).to.include("is a ZIP64");
  });

  it("are refused by a partner's file that says them wrong", () => {
    for (const [format, said] of [
      [{ type: "csv", encoding: "klingon" }, "no encoding"],
      [{ type: "fixed" }, "needs columns"],
      [
        { type: "fixed", kind: [1, 2], kinds: { A: { x: [3, 1] } }, begins: "B" },
        "none of the kinds",
      ],
    ] as const) {
      expect(() => partner({ format }), JSON.stringify(format)).to.throw(said);
    }
    expect(() => partner({ numbers: { decimal: ",", group: "," } })).to.throw("decimal sign");
  });
});

/** A workbook as spreadsheet programs write it: a title, a heading, one row with a date. */
function workbook(behind = Buffer.alloc(0)): Buffer {
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const text = (cell: string, value: string) =>
    `<c r="${cell}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const files: Record<string, string> = {
    "[Content_Types].xml": `<Types xmlns="${packages}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Bills" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>
      <row r="1">${text("A1", "Freight November")}</row>
      <row r="2">${text("A2", "Load")}${text("B2", "Bill")}${text("C2", "Day")}${text("D2", "Total")}</row>
      <row r="3">${text("A3", "S-1")}${text("B3", "B-1")}<c r="C3" s="1"><v>46354</v></c><c r="D3"><v>1234.0999999999999</v></c></row>
    </sheetData></worksheet>`,
  };
  const entries = Object.entries(files).map(([name, it]) => [name, Buffer.from(it)] as const);
  const last = [["xl/sharedStrings.xml", behind] as const].filter(() => behind.length > 0);
  return Buffer.from(zipSync(Object.fromEntries([...entries, ...last])));
}

/** The directory at the end names the first entry alone, the ZIP64 one all of them. */
function twoDirectories(zip: Buffer, end: number): Buffer {
  const [big, locator, last] = [Buffer.alloc(56), Buffer.alloc(20), Buffer.from(zip.subarray(end))];
  big.writeUInt32LE(0x06064b50, 0);
  big.writeUInt32LE(last.readUInt16LE(8), 32);
  big.writeUInt32LE(last.readUInt32LE(16), 48);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeUInt32LE(end, 8);
  last.writeUInt16LE(1, 8);
  last.writeUInt16LE(1, 10);
  return Buffer.concat([zip.subarray(0, end), big, locator, last]);
}
