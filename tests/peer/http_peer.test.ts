import { expect } from "chai";
import { systemClock } from "../../bridge/clock.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { HttpPeer } from "../../bridge/peer/http_peer.ts";
import { retryAfterMs } from "../../bridge/network_fault.ts";
import { FaultServer, type Reply } from "../bridge_kit/fault_server.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";

const signal = new AbortController().signal;

describe("a partner's HTTP API", () => {
  let server: FaultServer;
  let reply: Reply = {};
  let peer: HttpPeer;
  const open = (more: Record<string, unknown> = {}) => {
    const config = testConfig({
      odooUrl: "http://odoo",
      dataDir: "/tmp",
      connection: {
        peer: { base_url: `${server.url}/api`, request_seconds: 0.5, max_bytes: 2000, ...more },
      },
    });
    peer = new HttpPeer("acme", config.connections[0]!.peer!, systemClock(), createMetrics());
  };
  beforeEach(async () => {
    reply = { body: "{}" };
    server = await new FaultServer(() => reply).start();
    open();
  });
  afterEach(async () => {
    await peer.close();
    await server.stop();
  });
  const failure = async (path = "/x"): Promise<MilepostError> => {
    const outcome: unknown = await peer
      .request({ method: "GET", path }, signal)
      .catch((it: unknown) => it);
    if (outcome instanceof MilepostError) return outcome;
    throw new Error(`no MilepostError: ${String(outcome)}`);
  };

  it("asks below its base URL, with its authentication", async () => {
    open({ auth: { type: "bearer", token: "t0ken" } });
    await peer.request({ method: "GET", path: "/trips", query: { after: "a b" } }, signal);
    expect(server.received[0]).to.include({ method: "GET", path: "/api/trips?after=a+b" });
    expect(server.received[0]?.headers.authorization).to.equal("Bearer t0ken");
    open({ auth: { type: "basic", user: "u", password: "p" } });
    await peer.request({ method: "GET", path: "/" }, signal);
    expect(server.received[1]?.headers.authorization).to.equal("Basic dTpw");
    open({ auth: { type: "header", name: "X-Key", value: "k" } });
    await peer.request({ method: "GET", path: "/", headers: { "x-key": "forged" } }, signal);
    expect(server.received[2]?.headers["x-key"]).to.equal("k");
  });

  it("cannot be sent elsewhere by a path", async () => {
    for (const path of ["http://169.254.169.254/", "//evil.example/", "../secret", "/../secret"]) {
      const outcome = await peer
        .request({ method: "GET", path }, signal)
        .catch((it: unknown) => it);
      const code = outcome instanceof MilepostError ? outcome.code : "asked inside";
      expect(code).to.be.oneOf(["peer_foreign_url", "asked inside"]);
    }
    for (const { path } of server.received) expect(path).to.match(/^\/api\//);
  });

  const faults: Array<[string, Reply, string, string]> = [
    ["429", { status: 429 }, "peer_busy", "later"],
    ["500", { status: 500 }, "peer_failed", "later"],
    ["502 with a page", { status: 502, type: "text/html", body: "<html>" }, "peer_failed", "later"],
    ["504", { status: 504 }, "peer_failed", "later"],
    ["401", { status: 401 }, "peer_unauthorized", "pause"],
    ["403", { status: 403 }, "peer_unauthorized", "pause"],
    [
      "a redirect",
      { status: 302, headers: { location: "http://evil/" } },
      "peer_redirect",
      "pause",
    ],
    ["400", { status: 400 }, "peer_refused", "never"],
    ["422", { status: 422, body: "{}" }, "peer_refused", "never"],
    ["404", { status: 404 }, "peer_refused", "later"],
    ["a page with 400", { status: 400, type: "text/html", body: "<p>" }, "peer_refused", "later"],
    [
      "an unnamed page",
      { status: 410, type: "", body: " <!DOCTYPE HTML>" },
      "peer_refused",
      "later",
    ],
    ["a hang", "hang", "peer_timeout", "later"],
    ["a reset", "reset", "peer_unreachable", "later"],
    ["a cut body", "cut", "peer_unreachable", "later"],
    ["truncated JSON", { body: '{"trips": [' }, "peer_bad_answer", "later"],
    ["a web page with 200", { type: "text/html", body: "<html>" }, "peer_bad_answer", "later"],
    [
      "an answer that is too large",
      { body: JSON.stringify("x".repeat(5000)) },
      "peer_answer_too_large",
      "never",
    ],
  ];
  for (const [what, given, code, retry] of faults) {
    it(`tells ${what} as ${code} (${retry})`, async () => {
      reply = given;
      expect(await failure()).to.include({ code, retry, culprit: "acme" });
    });
  }

  it("passes on how long the partner asks to wait", async () => {
    reply = { status: 429, headers: { "retry-after": "7" } };
    expect((await failure()).retryAfterMs).to.equal(7000);
    const now = new Date("2026-11-23T08:00:00Z");
    expect(retryAfterMs("Mon, 23 Nov 2026 08:00:30 GMT", now)).to.equal(30_000);
    expect(retryAfterMs("soon", now)).to.equal(undefined);
  });

  it("gives statuses that the caller expects as answers", async () => {
    reply = { status: 304 };
    const answer = await peer.request({ method: "GET", path: "/", expect: [304] }, signal);
    expect(answer.status).to.equal(304);
  });

  it("follows no redirect and shows no credentials in its errors", async () => {
    open({ auth: { type: "bearer", token: "canary" } });
    reply = { status: 401, body: "canary" };
    const error = await failure();
    expect(`${error.message} ${error.hint}`).not.to.include("canary");
    expect(server.received).to.have.length(1);
  });
});
