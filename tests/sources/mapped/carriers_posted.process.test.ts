import { createHmac } from "node:crypto";
import { expect } from "chai";
import { join } from "node:path";
import { checkConfig } from "../../../bridge/config.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { createVerifier } from "../../../bridge/intake/verifier.ts";
import { sources } from "../../../bridge/sources/registry.ts";
import { codesOf, NOW, readSample, ROOT, sampleOf } from "./mapped_kit.ts";

/** Kinds and codes of the facts. */
const told = ({ facts }: Reading) =>
  facts.map(({ fact }) => (fact.kind === "milestone" ? fact.code : fact.kind));

describe("what carriers post", function () {
  this.timeout(60_000);

  /** Steps with the sender's id of each. */
  const events = ({ facts }: Reading) =>
    facts.flatMap(({ fact }) =>
      fact.kind === "milestone" ? `${fact.source_event} ${fact.code} ${fact.occurred.at}` : [],
    );

  it("UPS Track Alert: the events of an answer, each under its own id; the proof is asked for", async () => {
    const asked = events(await readSample("ups", "delivered.json"));
    for (const file of ["alert_out_for_delivery.json", "alert_delivered.json"]) {
      const reading = await readSample("ups", file);
      const [scan] = events(reading);
      expect(asked).to.include(scan);
      expect(told(reading)).not.to.include("proof_of_delivery");
      expect(codesOf(reading)).to.deep.equal([]);
    }
    expect(told(await readSample("ups", "alert_out_for_delivery.json"))[1]).to.equal("eta_updated");
  });

  it("FedEx: results as an answer has them; a delivery that stands alone is no proof", async () => {
    const asked = events(await readSample("fedex", "three_numbers.json"));
    const reading = await readSample("fedex", "pushed_delivery.json");
    expect(told(reading)).to.deep.equal(["delivered"]);
    expect(asked).to.include(events(reading)[0]);
  });

  it("is let in by the carrier's credential or signature alone", () => {
    const keys = [{ secret: "s3cret-of-the-carrier" }];
    const body = sampleOf("fedex", "pushed_delivery.json");
    const mac = createHmac("sha256", "s3cret-of-the-carrier").update(body).digest("base64");
    const lets = (name: string, verifier: object, given: Record<string, string>) => {
      const config = checkConfig(
        {
          environment: "test",
          data_dir: "/tmp",
          partners_dir: join(ROOT, "deploy/partners"),
          odoo: { url: "http://localhost", database: "db", api_key: "x" },
          connections: [
            {
              code: name,
              source: "mapped",
              settings: { partner: `${name}.yaml` },
              webhook: { verifier },
            },
          ],
        },
        { UPS_CLIENT_SECRET: "x", FEDEX_CLIENT_SECRET: "x" },
        sources,
      );
      const check = config.connections[0]?.webhook?.verifier;
      if (check === undefined) throw new Error("no verifier");
      const header = (it: string) => (given[it] === undefined ? [] : [given[it]]);
      return createVerifier(check)({ method: "POST", path: `/webhooks/${name}`, header, body }, NOW)
        .ok;
    };
    const ups = { scheme: "token", header: "credential", prefix: "", keys };
    expect(lets("ups", ups, { credential: "s3cret-of-the-carrier" })).to.equal(true);
    expect(lets("ups", ups, { credential: "another" })).to.equal(false);
    const fedex = { scheme: "hmac", header: "fdx-signature", encoding: "base64", keys };
    expect(lets("fedex", fedex, { "fdx-signature": mac })).to.equal(true);
    expect(lets("fedex", fedex, { "fdx-signature": `A${mac.slice(1)}` })).to.equal(false);
    expect(lets("fedex", fedex, {})).to.equal(false);
  });
});
