import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { checkConfig } from "../../bridge/config.ts";
import type { MilepostError } from "../../bridge/errors.ts";
import { type Verifier, createVerifier } from "../../bridge/intake/verifier.ts";
import { sources } from "../../bridge/sources/registry.ts";

const SECRET = "c2VjcmV0LW9mLTMyLWJ5dGVz";
const BODY = '{"a":1}';
const NOW = new Date("2026-11-23T08:00:00Z");

/** The verifier of a connection that names the preset. */
function verifierOf(source: string, preset: string, more: object = {}): Verifier {
  const config = checkConfig(
    {
      environment: "test",
      data_dir: "/tmp",
      odoo: { url: "http://localhost", database: "db", api_key: "x" },
      connections: [
        {
          code: "c",
          source,
          webhook: { verifier: { preset, ...more, keys: [{ secret: SECRET }] } },
        },
      ],
    },
    {},
    sources,
  );
  const verifier = config.connections[0]?.webhook?.verifier;
  if (verifier === undefined) throw new Error("no verifier");
  return createVerifier(verifier);
}

function ask(preset: string, headers: Record<string, string>, body = BODY): boolean {
  const header = (name: string) =>
    Object.entries(headers).flatMap(([key, value]) => (key === name ? [value] : []));
  return verifierOf(sourceOf(preset), preset)(
    { method: "POST", path: "/in/c", header, body: Buffer.from(body) },
    NOW,
  ).ok;
}

const sourceOf = (preset: string) => preset.split("_")[0] ?? "";

const hmac = (text: string, encoding: "hex" | "base64", key: string | Buffer = SECRET) =>
  createHmac("sha256", key).update(text).digest(encoding);

describe("the webhook signatures of", () => {
  const seconds = String(NOW.getTime() / 1000);
  const cases: Array<[string, string, Record<string, string>]> = [
    ["AfterShip", "aftership", { "aftership-hmac-sha256": hmac(BODY, "base64") }],
    [
      "newer AfterShip accounts",
      "aftership_newer",
      { "as-signature-hmac-sha256": hmac(BODY, "base64") },
    ],
    [
      "EasyPost's older scheme",
      "easypost_legacy",
      { "x-hmac-signature": `hmac-sha256-hex=${hmac(BODY, "hex")}` },
    ],
    [
      "Shippo",
      "shippo",
      { "shippo-auth-signature": `t=${seconds},v1=${hmac(`${seconds}.${BODY}`, "hex")}` },
    ],
    [
      "DCSA 2.x, with a secret in base64",
      "dcsa_2",
      { "notification-signature": `sha256=${hmac(BODY, "hex", Buffer.from(SECRET, "base64"))}` },
    ],
    [
      "EasyPost",
      "easypost",
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
    expect(ask("karrio", { "x-event-id": SECRET })).to.equal(true);
    expect(ask("karrio", { "x-event-id": "wrong" })).to.equal(false);
    expect(ask("shipengine", { "x-milepost-token": SECRET })).to.equal(true);
    expect(ask("project44", { authorization: `Bearer ${SECRET}` })).to.equal(true);
    expect(ask("dcsa_3", { authorization: `Bearer ${SECRET}` })).to.equal(true);
    expect(ask("fourkites", { authorization: basic })).to.equal(true);
    expect(ask("fourkites", { authorization: "Basic eDp5" })).to.equal(false);
  });

  it("keep what the connection says beside the preset", () => {
    const verifier = verifierOf("fourkites", "fourkites", { user: "hooks" });
    const authorization = `Basic ${Buffer.from(`hooks:${SECRET}`).toString("base64")}`;
    const header = () => [authorization];
    const request = { method: "POST", path: "/in/c", header, body: Buffer.from(BODY) };
    expect(verifier(request, NOW).ok).to.equal(true);
  });

  it("are refused under a name that the source does not have, with those that it has", () => {
    const refusal = (source: string, preset: string) => {
      try {
        verifierOf(source, preset);
        return undefined;
      } catch (error) {
        return error as MilepostError;
      }
    };
    const misspelt = refusal("aftership", "aftershp");
    expect(misspelt?.path).to.equal("connections.0.webhook.verifier.preset");
    expect(misspelt?.message).to.include("known are aftership, aftership_newer");
    expect(misspelt?.hint).to.equal('did you mean "aftership"?');
    expect(refusal("x12", "x12")?.message).to.include("it has none: name a scheme");
  });

  it("are explained on the page of each source", () => {
    for (const { id, verifiers } of sources.values()) {
      if (verifiers === undefined) continue;
      const page = readFileSync(`docs/sources/${id}.md`, "utf8");
      for (const name of Object.keys(verifiers)) expect(page).to.include(`preset: ${name}`);
    }
  });
});
