import { expect } from "chai";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { checkConfig } from "../../bridge/config.ts";
import { createVerifier, type SignedRequest, type Verifier } from "../../bridge/intake/verifier.ts";
import { testTree } from "../bridge_kit/test_bridge.ts";
import { testSources } from "../bridge_kit/test_source.ts";

const NOW = new Date("2026-11-23T08:00:00Z");
const TS = String(NOW.getTime() / 1000);
const RAW_KEY = Buffer.from("0123456789abcdef0123456789abcdef");

function verifier(config: Record<string, unknown>): Verifier {
  const connection = { webhook: { verifier: config } };
  const tree = testTree({ odooUrl: "http://odoo", dataDir: "/tmp", connection });
  return createVerifier(checkConfig(tree, {}, testSources).connections[0]!.webhook!.verifier);
}

function request(body: string, headers: Record<string, string | string[]>): SignedRequest {
  const header = (name: string) => [headers[name] ?? []].flat();
  return { method: "POST", path: "/webhooks/acme", header, body: Buffer.from(body) };
}

const hmac = (text: string | Buffer, encoding: "hex" | "base64", key: string | Buffer = "s3cret") =>
  createHmac("sha256", key).update(text).digest(encoding);

describe("a webhook's verifier", () => {
  describe("by Standard Webhooks", () => {
    const keys = [{ secret: `whsec_${RAW_KEY.toString("base64")}` }];
    const verify = verifier({ scheme: "standard_webhooks", keys });
    const signed = (body: string, timestamp = TS, key = RAW_KEY) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${hmac(`msg_1.${timestamp}.${body}`, "base64", key)}`,
    });
    const passes = (headers: Record<string, string | string[]>, body = "{}", at = NOW) =>
      verify(request(body, headers), at).ok;

    it("lets a right signature in, also as one of several", () => {
      const headers = signed("{}");
      expect(passes(headers)).to.equal(true);
      const several = {
        ...headers,
        "webhook-signature": `v1,AAAA v1a,zzz ${headers["webhook-signature"]}`,
      };
      expect(passes(several)).to.equal(true);
    });

    it("refuses another body, id, timestamp, key or version", () => {
      expect(passes(signed("{}"), "{ }")).to.equal(false);
      expect(passes({ ...signed("{}"), "webhook-id": "msg_2" })).to.equal(false);
      expect(passes({ ...signed("{}"), "webhook-timestamp": String(Number(TS) + 1) })).to.equal(
        false,
      );
      expect(passes(signed("{}", TS, Buffer.from("another")))).to.equal(false);
      const versioned = signed("{}")["webhook-signature"].replace("v1,", "v2,");
      expect(passes({ ...signed("{}"), "webhook-signature": versioned })).to.equal(false);
    });

    it("takes 300 seconds of difference and refuses 301, both ways", () => {
      for (const sign of [1, -1]) {
        expect(passes(signed("{}", String(Number(TS) + sign * 300)))).to.equal(true);
        expect(passes(signed("{}", String(Number(TS) + sign * 301)))).to.equal(false);
      }
    });

    it("refuses missing and doubled headers", () => {
      for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
        const headers: Record<string, string | string[]> = signed("{}");
        expect(passes({ ...headers, [name]: [] })).to.equal(false);
        expect(
          passes({ ...headers, [name]: [headers[name] as string, headers[name] as string] }),
        ).to.equal(false);
      }
    });

    it("refuses any flipped bit of the body (property)", () => {
      const body = '{"trip":"t1"}';
      fc.assert(
        fc.property(fc.nat(body.length - 1), fc.nat(7), (at, bit) => {
          const bytes = Buffer.from(body);
          bytes[at] = bytes[at]! ^ (1 << bit);
          const headers = signed(body);
          const given = { ...request(body, headers), body: bytes };
          expect(verify(given, NOW).ok).to.equal(false);
        }),
      );
    });
  });

  it("reads a signature over the body alone, in hex or base64, behind a prefix", () => {
    const keys = [{ secret: "s3cret" }];
    const hex = verifier({ scheme: "hmac", header: "X-Hub", prefix: "sha256=", keys });
    expect(hex(request("{}", { "x-hub": `sha256=${hmac("{}", "hex")}` }), NOW).ok).to.equal(true);
    expect(hex(request("{}", { "x-hub": hmac("{}", "hex") }), NOW).ok).to.equal(false);
    const base64 = verifier({ scheme: "hmac", header: "x-sig", encoding: "base64", keys });
    expect(base64(request("{}", { "x-sig": hmac("{}", "base64") }), NOW).ok).to.equal(true);
    expect(base64(request("{}", { "x-sig": "" }), NOW).ok).to.equal(false);
  });

  it("reads t=…,v1=… with the time in what is signed", () => {
    const config = {
      scheme: "hmac",
      header: "auth",
      parse: "pairs",
      timestamp: "pair:t",
      message: ["pair:t", "text:.", "body"],
      keys: [{ secret: "s3cret" }],
    };
    const verify = verifier(config);
    const value = `t=${TS},v1=${hmac(`${TS}.{}`, "hex")}`;
    expect(verify(request("{}", { auth: value }), NOW).ok).to.equal(true);
    expect(
      verify(request("{}", { auth: value.replace(`t=${TS}`, "t=1000000000") }), NOW).ok,
    ).to.equal(false);
    expect(verify(request("{}", { auth: `${value},t=${TS}` }), NOW).ok).to.equal(false);
  });

  it("signs method, path and headers when the provider does", () => {
    const config = {
      scheme: "hmac",
      header: "x-sig",
      message: ["header:x-ts", "method", "path", "body"],
      keys: [{ secret: "s3cret" }],
    };
    const signature = hmac(`${TS}POST/webhooks/acme{}`, "hex");
    expect(verifier(config)(request("{}", { "x-sig": signature, "x-ts": TS }), NOW).ok).to.equal(
      true,
    );
  });

  it("takes each key only in its time, both while they overlap", () => {
    const keys = [
      { secret: "old", not_after: "2026-11-23T09:00:00Z" },
      { secret: "new", not_before: "2026-11-23T07:00:00Z" },
    ];
    const verify = verifier({ scheme: "hmac", header: "x-sig", keys });
    const passes = (key: string, at: string) =>
      verify(request("{}", { "x-sig": hmac("{}", "hex", key) }), new Date(at)).ok;
    expect(passes("old", "2026-11-23T06:00:00Z")).to.equal(true);
    expect(passes("new", "2026-11-23T06:00:00Z")).to.equal(false);
    expect(passes("old", "2026-11-23T08:00:00Z")).to.equal(true);
    expect(passes("new", "2026-11-23T08:00:00Z")).to.equal(true);
    expect(passes("old", "2026-11-23T10:00:00Z")).to.equal(false);
  });

  it("checks tokens and basic authentication", () => {
    const keys = [{ secret: "s3cret" }];
    const token = verifier({ scheme: "token", keys });
    expect(token(request("", { authorization: "Bearer s3cret" }), NOW).ok).to.equal(true);
    expect(token(request("", { authorization: "Bearer s3cre" }), NOW).ok).to.equal(false);
    expect(token(request("", {}), NOW).ok).to.equal(false);
    const basic = verifier({ scheme: "basic", user: "tms", keys });
    const pair = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    expect(basic(request("", { authorization: pair("tms:s3cret") }), NOW).ok).to.equal(true);
    expect(basic(request("", { authorization: pair("tms:other") }), NOW).ok).to.equal(false);
    expect(basic(request("", { authorization: pair("other:s3cret") }), NOW).ok).to.equal(false);
  });
});
