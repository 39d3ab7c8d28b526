import { createHmac } from "node:crypto";
import { expect } from "chai";
import { configType } from "../../../../bridge/config/schema.ts";
import { type Verifier, createVerifier } from "../../../../bridge/intake/verifier.ts";
import {
  aftershipNewerVerifier,
  aftershipVerifier,
} from "../../../../bridge/sources/aftership/verifier.ts";
import { dcsaV3Verifier, dcsaVerifier } from "../../../../bridge/sources/dcsa/verifier.ts";
import {
  easypostLegacyVerifier,
  easypostVerifier,
} from "../../../../bridge/sources/easypost/verifier.ts";
import { fourkitesVerifier } from "../../../../bridge/sources/fourkites/verifier.ts";
import type { VerifierPreset } from "../../../../bridge/sources/shared/json/verifier_preset.ts";
import { karrioVerifier } from "../../../../bridge/sources/karrio/verifier.ts";
import { project44Verifier } from "../../../../bridge/sources/project44/verifier.ts";
import { shipengineVerifier } from "../../../../bridge/sources/shipengine/verifier.ts";
import { shippoVerifier } from "../../../../bridge/sources/shippo/verifier.ts";

const SECRET = "c2VjcmV0LW9mLTMyLWJ5dGVz";
const BODY = '{"a":1}';
const NOW = new Date("2026-11-23T08:00:00Z");

/** The preset as a configuration would hold it, with one key. */
function verifierOf(preset: VerifierPreset): Verifier {
  const config = configType({}).parse({
    environment: "test",
    data_dir: "/tmp",
    odoo: { url: "http://localhost", database: "db", api_key: "x" },
    connections: [
      { code: "c", source: "s", webhook: { verifier: { ...preset, keys: [{ secret: SECRET }] } } },
    ],
  });
  const verifier = config.connections[0]?.webhook?.verifier;
  if (verifier === undefined) throw new Error("no verifier");
  return createVerifier(verifier);
}

function ask(preset: VerifierPreset, headers: Record<string, string>, body = BODY): boolean {
  const header = (name: string) =>
    Object.entries(headers).flatMap(([key, value]) => (key === name ? [value] : []));
  return verifierOf(preset)({ method: "POST", path: "/in/c", header, body: Buffer.from(body) }, NOW)
    .ok;
}

const hmac = (text: string, encoding: "hex" | "base64", key: string | Buffer = SECRET) =>
  createHmac("sha256", key).update(text).digest(encoding);

describe("the webhook signatures of", () => {
  const seconds = String(NOW.getTime() / 1000);
  const cases: Array<[string, VerifierPreset, Record<string, string>]> = [
    ["AfterShip", aftershipVerifier, { "aftership-hmac-sha256": hmac(BODY, "base64") }],
    [
      "newer AfterShip accounts",
      aftershipNewerVerifier,
      { "as-signature-hmac-sha256": hmac(BODY, "base64") },
    ],
    [
      "EasyPost's older scheme",
      easypostLegacyVerifier,
      { "x-hmac-signature": `hmac-sha256-hex=${hmac(BODY, "hex")}` },
    ],
    [
      "Shippo",
      shippoVerifier,
      { "shippo-auth-signature": `t=${seconds},v1=${hmac(`${seconds}.${BODY}`, "hex")}` },
    ],
    [
      "DCSA 2.x, with a secret in base64",
      dcsaVerifier,
      { "notification-signature": `sha256=${hmac(BODY, "hex", Buffer.from(SECRET, "base64"))}` },
    ],
    [
      "EasyPost",
      easypostVerifier,
      {
        "x-timestamp": "Mon, 23 Nov 2026 07:59:50 +0000",
        "x-path": "/hooks",
        "x-hmac-signature-v2": `hmac-sha256-hex=${hmac(`Mon, 23 Nov 2026 07:59:50 +0000POST/hooks${BODY}`, "hex")}`,
      },
    ],
  ];
  for (const [name, preset, headers] of cases) {
    it(`${name} let the right body in and no other`, () => {
      expect(ask(preset, headers)).to.equal(true);
      expect(ask(preset, headers, `${BODY} `)).to.equal(false);
      expect(ask(preset, {})).to.equal(false);
    });
  }

  it("those that send a secret instead let in who knows it", () => {
    const basic = `Basic ${Buffer.from(`fourkites:${SECRET}`).toString("base64")}`;
    expect(ask(karrioVerifier, { "x-event-id": SECRET })).to.equal(true);
    expect(ask(karrioVerifier, { "x-event-id": "wrong" })).to.equal(false);
    expect(ask(shipengineVerifier, { "x-milepost-token": SECRET })).to.equal(true);
    expect(ask(project44Verifier, { authorization: `Bearer ${SECRET}` })).to.equal(true);
    expect(ask(dcsaV3Verifier, { authorization: `Bearer ${SECRET}` })).to.equal(true);
    expect(ask(fourkitesVerifier, { authorization: basic })).to.equal(true);
    expect(ask(fourkitesVerifier, { authorization: "Basic eDp5" })).to.equal(false);
  });
});
