import { expect } from "chai";
import { createVerifier } from "../../bridge/intake/verifier.ts";
import { checkConfig } from "../../bridge/config.ts";
import { otm5Source } from "../../bridge/sources/otm5/source.ts";
import type { FaultKind } from "../../tools/simulator/faults.ts";
import { FLAWLESS } from "../../tools/simulator/options.ts";
import { type Simulator, startSimulator } from "../../tools/simulator/simulator.ts";
import { testSources } from "../bridge_kit/test_source.ts";
import { testTree } from "../bridge_kit/test_bridge.ts";
import { httpPeer, NEVER, outgoing, START, startInbox, stillClock } from "./kit.ts";

const settings = otm5Source.settings.parse({});
const SECRET = `whsec_${Buffer.from("simulator-secret-canary-0123").toString("base64")}`;

describe("a simulated TMS on a bad day", () => {
  let simulator: Simulator;
  const start = async (more: object = {}) => {
    simulator = await startSimulator({
      clock: stillClock(),
      start: START,
      speed: 0,
      habits: FLAWLESS,
      ...more,
    });
  };
  afterEach(() => simulator.stop());

  const list = () => fetch(`${simulator.url}/api/v5/trips`);
  const failNext = (kind: FaultKind) => simulator.fail({ kinds: [kind], count: 1 });
  const send = () => otm5Source.sendOrder?.(httpPeer(simulator.url), outgoing(1), settings, NEVER);
  const faultOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "none",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  it("is busy, and says when to come back", async () => {
    await start();
    failNext("too_many");
    const response = await list();
    expect([response.status, response.headers.get("retry-after")]).to.deep.equal([429, "1"]);
  });

  it("is busy without a word about when", async () => {
    await start();
    failNext("too_many_without_hint");
    const response = await list();
    expect([response.status, response.headers.get("retry-after")]).to.deep.equal([429, null]);
  });

  it("breaks inside, once, and is well again", async () => {
    await start();
    failNext("error");
    expect((await list()).status).to.equal(500);
    expect((await list()).status).to.equal(200);
  });

  it("answers a login page instead of data", async () => {
    await start();
    failNext("wrong_content");
    expect((await list()).headers.get("content-type")).to.contain("text/html");
  });

  it("never answers", async () => {
    await start();
    failNext("hang");
    const patience = new AbortController();
    const asked = fetch(`${simulator.url}/api/v5/trips`, { signal: patience.signal });
    while (simulator.status().faults.hang !== 1) await fetch(`${simulator.url}/control/status`);
    patience.abort();
    expect(await faultOf(asked)).to.contain("aborted");
  });

  for (const kind of ["truncated", "reset"] as const) {
    it(`takes an order although its answer is ${kind}; the same order again is no second one`, async () => {
      await start();
      failNext(kind);
      expect(await faultOf(Promise.resolve(send()))).to.not.equal("none");
      expect(await send()).to.include({ result: "accepted", externalNumber: "TO-000001" });
      expect(simulator.truth().map((it) => it.received)).to.deep.equal([2]);
    });
  }

  it("fails as often as it is told, until it is calmed", async () => {
    await start();
    simulator.fail({ kinds: ["error"], probability: 1 });
    expect([(await list()).status, (await list()).status]).to.deep.equal([500, 500]);
    simulator.calm();
    expect((await list()).status).to.equal(200);
    expect(simulator.status().faults).to.deep.equal({ error: 2 });
  });

  it("refuses whoever has not its token", async () => {
    await start({ token: "tms-token" });
    expect((await list()).status).to.equal(401);
    const known = await fetch(`${simulator.url}/api/v5/trips`, {
      headers: { authorization: "Bearer tms-token" },
    });
    expect(known.status).to.equal(200);
  });

  it("refuses an order that it cannot carry out, field by field", async () => {
    await start();
    const body = JSON.stringify({ id: "x", consignments: [] });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${simulator.url}/api/v5/transportOrders`, {
      method: "PUT",
      headers,
      body,
    });
    expect(response.status).to.equal(400);
    const faults = (await response.json()) as Array<{ field: string }>;
    expect(faults.map((it) => it.field)).to.include("consignments");
    expect(simulator.truth()).to.deep.equal([]);
  });

  it("is controlled over HTTP, and refuses what it does not understand", async () => {
    await start();
    const post = (path: string, body: object) =>
      fetch(`${simulator.url}/control/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await post("fail", { kinds: ["error"], count: 1 })).status).to.equal(204);
    expect((await list()).status).to.equal(500);
    expect((await post("fail", { kinds: ["earthquake"] })).status).to.equal(400);
    expect((await post("speed", { speed: 0 })).status).to.equal(204);
    const truth = (await (await fetch(`${simulator.url}/control/truth`)).json()) as object;
    expect(truth).to.have.all.keys("orders", "status");
  });

  it("signs what it pushes as Standard Webhooks, and pushes until it is taken", async () => {
    const inbox = await startInbox();
    try {
      inbox.answers.push(500, 429, 503);
      await start({ webhook: { url: inbox.url, secret: SECRET } });
      await send();
      await simulator.finish();
      expect(simulator.status().webhook_answers).to.include({ 500: 1, 429: 1, 503: 1 });
      const verifier = { scheme: "standard_webhooks", keys: [{ secret: SECRET }] };
      const tree = testTree({
        odooUrl: "http://odoo.test",
        dataDir: "/tmp",
        connection: { webhook: { verifier } },
      });
      const config = checkConfig(tree, {}, testSources).connections[0]?.webhook?.verifier;
      expect(config).to.not.equal(undefined);
      const verify = config === undefined ? undefined : createVerifier(config);
      for (const { headers, body } of inbox.messages) {
        const header = (name: string) => [headers[name]].flat().filter((it) => it !== undefined);
        const request = { method: "POST", path: "/hook", header, body: Buffer.from(body) };
        expect(verify?.(request, START)).to.deep.equal({ ok: true });
      }
    } finally {
      await inbox.stop();
    }
  });
});
