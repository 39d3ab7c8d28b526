import { createHmac } from "node:crypto";
import { rmSync } from "node:fs";
import { expect } from "chai";
import { checkConfig } from "../../bridge/config.ts";
import { createLogger } from "../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../bridge/main.ts";
import { easypostVerifier } from "../../bridge/sources/easypost/verifier.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { FaultServer } from "../bridge_kit/fault_server.ts";
import { askAdmin, temporaryDirectory, testTree } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { sample } from "./golden.ts";

const SECRET = "hook-secret-canary";

describe("a carrier's message on its way through the bridge", () => {
  const dataDir = temporaryDirectory();
  let odoo: FakeOdoo;
  let bridge: Bridge | undefined;

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
  });
  afterEach(async () => {
    await bridge?.stop();
    await odoo.stop();
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  function start(
    name: string,
    connection: Record<string, unknown>,
    peerUrl?: string,
  ): Promise<Bridge> {
    const parts = {
      odooUrl: odoo.url,
      dataDir: `${dataDir}/${name}`,
      connection,
      ...(peerUrl && { peerUrl }),
    };
    const config = checkConfig(testTree(parts), {}, sources);
    return startBridge(config, { sources, log: createLogger("silent") });
  }

  it("comes in as EasyPost signs it and ends as facts in Odoo, once", async () => {
    const verifier = { ...easypostVerifier, keys: [{ secret: SECRET }] };
    bridge = await start("webhook", { source: "easypost", webhook: { verifier } });
    const body = sample("easypost", "made_webhook_delivered.json").toString();
    const timestamp = new Date().toUTCString().replace("GMT", "+0000");
    const signed = createHmac("sha256", SECRET)
      .update(`${timestamp}POST/hook${body}`)
      .digest("hex");
    const headers = {
      "content-type": "application/json",
      "x-timestamp": timestamp,
      "x-path": "/hook",
      "x-hmac-signature-v2": `hmac-sha256-hex=${signed}`,
    };
    const url = `${bridge.urls.intake}/webhooks/acme`;
    const statuses = [];
    for (let i = 0; i < 2; i++)
      statuses.push((await fetch(url, { method: "POST", headers, body })).status);
    expect(statuses.every((it) => it >= 200 && it < 300)).to.equal(true);
    expect((await fetch(url, { method: "POST", headers, body: `${body} ` })).status).to.equal(401);
    await waitUntil("10 facts in Odoo", () => odoo.facts.size === 10);
    expect(odoo.batches[0]?.messages[0]).to.include({ channel: "webhook", mapping: "easypost@2" });
  });

  it("goes on without its faulty event, which is a dead letter with its place", async () => {
    const verifier = { scheme: "token", header: "x-token", prefix: "", keys: [{ secret: SECRET }] };
    bridge = await start("partly", { source: "otm5", webhook: { verifier } });
    const trip = (n: number) => ({
      entityType: "trip",
      id: `7c3e5d0a-0000-4000-8000-${String(n).padStart(12, "0")}`,
      status: "confirmed",
      externalAttributes: { shipmentNumber: `S${n}` },
    });
    const entities = Array.from({ length: 100 }, (_, n) =>
      n === 42 ? { ...trip(n), status: 7 } : trip(n),
    );
    const answer = await fetch(`${bridge.urls.intake}/webhooks/acme`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-token": SECRET },
      body: JSON.stringify(entities),
    });
    expect(answer.status).to.equal(202);
    await waitUntil("99 facts in Odoo", () => odoo.facts.size === 99);
    const letters = (await (await askAdmin(`${bridge.urls.admin}/dead-letters`)).json()) as Array<{
      problem: { code: string; path: string };
    }>;
    expect(letters.map((it) => it.problem)).to.have.length(1);
    expect(letters[0]?.problem).to.include({ code: "bad_entity", path: "/42/status" });
  });

  it("is told to its sender as wrong, with the path, when DCSA's schema is broken", async () => {
    const verifier = { scheme: "token", header: "x-token", prefix: "", keys: [{ secret: SECRET }] };
    bridge = await start("refused", { source: "dcsa", webhook: { verifier } });
    const answer = await fetch(`${bridge.urls.intake}/webhooks/acme`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-token": SECRET },
      body: new Uint8Array(sample("dcsa", "tnt-220-response-wrong-event-ids.json")),
    });
    expect(answer.status).to.equal(202);
    expect(await answer.text()).to.include("/0/eventID");
  });

  it("is polled page by page from a DCSA carrier, and again from where it ended", async () => {
    const pages = ["tnt-300-response.json", "tnt-300-response-nextpage.json"];
    const asked: URL[] = [];
    const carrier = await new FaultServer((request) => {
      const url = new URL(request.path, "http://carrier");
      asked.push(url);
      if (url.searchParams.has("eventUpdatedDateTimeMin"))
        return { status: 200, body: '{"events":[]}' };
      const second = url.searchParams.get("cursor") === "p2";
      const headers: Record<string, string> = second ? {} : { "next-page-cursor": "p2" };
      return { status: 200, headers, body: sample("dcsa", pages[second ? 1 : 0] ?? "").toString() };
    }).start();
    try {
      const settings = { version: "3.0", path: "/events" };
      const poll = { interval_seconds: 0.05, max_interval_seconds: 0.1 };
      bridge = await start(
        "poll",
        { source: "dcsa", settings, poll, webhook: undefined },
        carrier.url,
      );
      await waitUntil("10 facts in Odoo", () => odoo.facts.size === 10);
      await waitUntil("the next round", () => asked.length >= 5);
      expect(asked[1]?.searchParams.get("cursor")).to.equal("p2");
      expect(asked[4]?.searchParams.get("eventUpdatedDateTimeMin")).to.equal(
        "2025-02-23T01:22:45Z",
      );
    } finally {
      await bridge?.stop();
      bridge = undefined;
      await carrier.stop();
    }
  });
});
