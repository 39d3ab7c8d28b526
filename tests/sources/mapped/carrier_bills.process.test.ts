import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Decimal } from "decimal.js";
import { parsePartner } from "../../../bridge/sources/mapped/partner_file.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import { message, NOW, ROOT, sampleOf, shippedPartner } from "./mapped_kit.ts";

describe("a carrier's bill of many parcels", function () {
  this.timeout(60_000);

  it("is read as a bill of each parcel, whose charges add up; fees of the account are said", async () => {
    const body = sampleOf("ups_bill", "two_parcels.csv");
    const by = shippedPartner("ups_bill");
    const given = { ...message(body), contentType: "text/csv", receivedAt: NOW };
    const { facts, findings } = await mappedSource.read(given, by);
    const bills = facts.map(({ fact }) => {
      if (fact.kind !== "carrier_invoice") throw new Error(fact.kind);
      const lines = fact.lines.map(({ charge_type: type, amount }) => `${type} ${amount}`);
      return [
        fact.number,
        fact.carrier_scac,
        fact.bill_date,
        `${fact.total} ${fact.currency}`,
        ...lines,
      ];
    });
    expect(bills).to.deep.equal([
      [
        "000000A1B2C3486/1Z999AA10123456784",
        "UPSN",
        "2026-11-28",
        "18.41 USD",
        "linehaul 12.4",
        "fuel 1.86",
        "misc 4.15",
      ],
      [
        "000000A1B2C3486/1Z999AA10123456785",
        "UPSN",
        "2026-11-28",
        "0 USD",
        "linehaul 9.29",
        "linehaul -9.29",
      ],
    ]);
    expect(findings.map(({ code }) => code)).to.deep.equal(["skipped_records"]);
  });

  /** Bills of DHL as lines; `change` is what the customer writes into the file. */
  async function dhlBills(file: string, change = (text: string) => text) {
    const path = join(ROOT, "deploy/partners/dhl_bill.yaml");
    const by = parsePartner(change(readFileSync(path, "utf8")), path);
    const given = { ...message(sampleOf("dhl_bill", file)), contentType: "text/csv" };
    const { facts, findings } = await mappedSource.read(given, by);
    const bills = facts.map(({ fact }) => {
      if (fact.kind !== "carrier_invoice") throw new Error(fact.kind);
      const sum = fact.lines.reduce((so_far, it) => so_far.plus(it.amount), new Decimal(0));
      expect(sum.toFixed(), fact.number).to.equal(fact.total);
      const lines = fact.lines.map(({ charge_type: type, amount }) => `${type} ${amount}`);
      const head = [fact.number, fact.document, fact.bill_date, fact.ship_date];
      return [...head, `${fact.total} ${fact.currency}`, ...lines].join("; ");
    });
    return { bills, said: findings.map(({ code }) => code) };
  }

  it("DHL: a bill of each shipment with weight charge, surcharges, discount and tax", async () => {
    const { bills, said } = await dhlBills("three_shipments.csv");
    expect(bills).to.deep.equal([
      "BERIR00012345/1234567890; invoice; 2026-11-27; 2026-11-20; 64.38 EUR; linehaul 48.3; " +
        "discount -4.83; fuel 9.13; misc 1.5; tax 10.28",
      "BERIR00012345/1234567891; invoice; 2026-11-27; 2026-11-21; 41.2 EUR; " +
        "toll_border_customs 30; toll_border_customs 11.2",
      "BERIR00012345/1234567892; credit_note; 2026-11-27; 2026-11-18; -12 EUR; linehaul -12",
    ]);
    expect(said).to.deep.equal(["unmapped_code", "skipped_records"]);
  });

  it("DHL of a country that writes semicolons and commas says the same, credits of discounts included", async () => {
    const { bills, said } = await dhlBills("semicolons.csv", (text) =>
      text.replace(
        "format: { type: csv }",
        'format: { type: csv, delimiter: ";" }\nnumbers: { decimal: ",", group: "." }',
      ),
    );
    expect(bills.slice(0, 3)).to.deep.equal((await dhlBills("three_shipments.csv")).bills);
    expect(bills.slice(3)).to.deep.equal([
      // What was less of a charge is less of its credit.
      "BERIR00012345/1234567893; credit_note; 2026-11-27; 2026-11-18; -64.38 EUR; linehaul -48.3; " +
        "discount 4.83; fuel -11.13; discount 0.5; tax -10.28",
      "BERIR00012345/1234567894; invoice; 2026-11-27; 2026-11-20; 1469.06 EUR; linehaul 1300; " +
        "discount -65.5; tax 234.56",
    ]);
    expect(said).to.deep.equal(["unmapped_code", "skipped_records"]);
  });
});
