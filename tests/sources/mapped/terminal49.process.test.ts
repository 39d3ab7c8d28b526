import { expect } from "chai";
import { parsePartner } from "../../../bridge/sources/mapped/partner_file.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import { message, sampleOf, shippedPartner } from "./mapped_kit.ts";

const terminal49 = shippedPartner("terminal49");

async function told(file: string, by = terminal49): Promise<string[]> {
  const { facts } = await mappedSource.read(message(sampleOf("terminal49", file)), by);
  return facts.map(({ fact }) => {
    if (fact.kind === "milestone")
      return `${fact.code ?? "?"} ${fact.classifier} ${fact.occurred.at} ${fact.occurred.zone ?? ""}`;
    if (fact.kind === "charge")
      return `${fact.side} ${fact.charge_type} ${fact.amount} ${fact.currency}`;
    if (fact.kind === "retraction") return `withdraws ${JSON.stringify(fact.target)}`;
    return fact.kind;
  });
}

describe("Terminal49's container webhooks", function () {
  this.timeout(30_000);

  it("are steps at the clock of their terminal, although written as UTC, and withdrawn when invalid", async () => {
    expect(await told("full_out.json")).to.deep.equal([
      "picked_up actual 2026-11-20T17:45:00Z America/Los_Angeles",
    ]);
    expect(await told("full_out_invalidated.json")).to.deep.equal([
      'withdraws {"source_event":"te-1"}',
    ]);
  });

  it("tell the last free day, holds and their end, and fees once they may count", async () => {
    expect(await told("lfd.json")).to.deep.equal([
      "last_free_day planned 2026-11-24T00:00:00Z UTC",
    ]);
    const held = [
      "customs_hold actual 2026-11-19T16:00:00Z UTC",
      'withdraws {"source_event":"hold:TGBU5551234/freight"}',
    ];
    expect(await told("updated.json")).to.deep.equal(held);
    const text = terminal49.text.replace("billing: [available", "billing: [charge, available");
    const billing = parsePartner(text, "terminal49.yaml");
    expect(await told("updated.json", billing)).to.deep.equal([
      ...held,
      "cost storage_demurrage 150 USD",
    ]);
  });
});
