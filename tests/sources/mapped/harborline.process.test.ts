import { expect } from "chai";
import { join } from "node:path";
import type { UnkeyedMilestone } from "../../../bridge/sources/shared/reading/reading.ts";
import { loadPartner } from "../../../bridge/sources/mapped/partner_file.ts";
import { expectSound } from "../golden.ts";
import { read, ROOT, sampleOf } from "./mapped_kit.ts";

const harborline = loadPartner(join(ROOT, "deploy/partners/harborline.yaml"));
const readSample = (file: string) => read(sampleOf("harborline", file), harborline);

describe("container webhooks of a partner without code", function () {
  this.timeout(20_000);

  it("become milestones with the sender's zone, names and place", async () => {
    const reading = await readSample("full_out.json");
    expectSound(reading);
    expect(reading.mapping).to.equal("mapped:harborline@1");
    expect(reading.findings).to.deep.equal([]);
    expect(reading.facts).to.have.length(1);
    const { fact, priority, lane } = reading.facts[0]!;
    expect(fact).to.deep.include({
      kind: "milestone",
      code: "picked_up",
      classifier: "actual",
      source_event: "te-1",
      message_path: "/included/0",
      occurred: { at: "2026-11-20T17:45:00Z", zone: "America/Los_Angeles", precision: "second" },
      identifiers: [
        { type: "container", value: "TGBU5551234" },
        { type: "mbol", value: "HRBL00112233" },
        { type: "customer_ref", value: "PO-7788" },
      ],
    });
    expect({ priority, lane }).to.deep.equal({ priority: "billing", lane: "TGBU5551234" });
  });

  it("take a time without timezone as local, although it is written as UTC", async () => {
    const { facts } = await readSample("available_without_timezone.json");
    expect((facts[0]!.fact as UnkeyedMilestone).occurred).to.deep.equal({
      at: "2026-11-18T19:30:00Z",
      zone: "America/Los_Angeles",
      precision: "second",
      zone_inferred: true,
    });
  });

  it("withdraw the event when it was invalidated", async () => {
    const { facts } = await readSample("full_out_invalidated.json");
    expect(facts.map(({ fact }) => fact)).to.deep.equal([
      {
        kind: "retraction",
        identifiers: [
          { type: "container", value: "TGBU5551234" },
          { type: "mbol", value: "HRBL00112233" },
          { type: "customer_ref", value: "PO-7788" },
        ],
        applies_to: "one",
        recorded_at: "2026-11-21T09:00:00Z",
        message_path: "/included/0",
        target: { source_event: "te-1" },
      },
    ]);
  });

  it("tell the last free day as such, a plan with the precision of a day", async () => {
    const { facts } = await readSample("pickup_lfd_changed.json");
    expect(facts).to.have.length(1);
    expect(facts[0]!.fact).to.deep.include({
      code: "last_free_day",
      classifier: "planned",
      raw_code: "container.pickup_lfd.changed",
      raw_text: "last free day 2026-11-24",
      occurred: {
        at: "2026-11-24T08:00:00Z",
        zone: "America/Los_Angeles",
        precision: "date",
        zone_inferred: true,
      },
    });
  });

  it("tell nothing of the goods when the empty container goes back", async () => {
    const text = sampleOf("harborline", "full_out.json").toString();
    const reading = await read(text.replaceAll("full_out", "empty_in"), harborline);
    expect(reading.facts).to.deep.equal([]);
    expect(reading.findings.map(({ code }) => code)).to.deep.equal(["ignored_code"]);
  });

  it("keep an event of an unknown name, unmapped and said so", async () => {
    const { facts, findings } = await readSample("unknown_event.json");
    expect(facts[0]!.fact).to.include({ raw_code: "container.transport.rail_hold" });
    expect(facts[0]!.fact).not.to.have.property("code");
    expect(findings.map(({ code, path }) => ({ code, path }))).to.deep.equal([
      { code: "unmapped_code", path: "/included/0" },
    ]);
  });

  it("are set aside when they are in a version that the mapping does not know", async () => {
    const fault = await readSample("schema_3.json").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).to.include({ code: "unknown_version" });
    expect((fault as Error).message)
      .to.include('"3"')
      .and.include("known are 2");
  });
});
