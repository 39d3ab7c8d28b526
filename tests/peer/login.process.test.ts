import { expect } from "chai";
import fc from "fast-check";
import { systemClock } from "../../bridge/clock.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { HttpPeer } from "../../bridge/peer/http_peer.ts";
import { struck } from "../../bridge/redaction.ts";
import { mappedSource } from "../../bridge/sources/mapped/source.ts";
import type { PeerRequest } from "../../bridge/sources/source.ts";
import { FaultServer, type Received, type Reply } from "../bridge_kit/fault_server.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";
import { NOW, sampleOf, shippedPartner } from "../sources/mapped/mapped_kit.ts";

const signal = new AbortController().signal;
const TRACKING = "/soap/services/ParcelLifeCycleService/V2_0";
const EXPIRED = sampleOf("dpd", "token_expired.xml").toString();

/** Steady time, as the tests set it. */
let steady = 0;
const clock = { ...systemClock(), steady: () => steady };

type Tree = Readonly<Record<string, unknown>>;
const DPD = shippedPartner("dpd");
/** What the file says of the login. */
const { auth: AUTH } = DPD.mapping.transport["peer"] as { auth: Tree };

function openPeer(base_url: string, more: Tree = {}): HttpPeer {
  const auth = { ...AUTH, user: "ACME&CO", password: "s3cret<x>", ...more };
  const connection = { peer: { base_url, request_seconds: 60, auth } };
  const config = testConfig({ odooUrl: "http://odoo", dataDir: "/tmp", connection });
  return new HttpPeer("dpd", config.connections[0]!.peer!, clock, createMetrics());
}

describe("a partner's own login service", () => {
  let server: FaultServer;
  let peer: HttpPeer;
  let issued: number;
  /** Of tokens: those that the service takes. */
  let valid: Set<string>;
  let ends: string;
  let login: () => Reply;
  /** How a token that has ended is refused. */
  let refusal: () => Reply;
  const logins = () => server.received.filter(({ path }) => path.includes("LoginService"));
  const track = (body = "<a><authToken>{{token}}</authToken><delisId>{{user}}</delisId></a>") => {
    const headers = { "content-type": "text/xml; charset=utf-8" };
    const request: PeerRequest = { method: "POST", path: TRACKING, headers, body, expect: [500] };
    return peer.request(request, signal);
  };
  const failure = async () => (await track().catch((error: unknown) => error)) as MilepostError;

  beforeEach(async () => {
    issued = 0;
    steady = 0;
    valid = new Set();
    ends = "2999-01-01T00:00:00.06";
    refusal = () => ({ status: 500, type: "text/xml", body: EXPIRED });
    login = () => {
      const token = `token-${(issued += 1)}`;
      valid.add(token);
      const body = sampleOf("dpd", "login.xml").toString();
      return { type: "text/xml", body: body.replace("TOKEN", token).replace("ENDS", ends) };
    };
    server = await new FaultServer(({ path, body, headers }: Received): Reply => {
      if (path.includes("LoginService")) return login();
      const shown = `${body} ${path} ${String(headers["x-token"])}`;
      const token = /token-\d+/.exec(shown)?.[0] ?? "";
      return valid.has(token) ? { type: "text/xml", body: "<ok/>" } : refusal();
    }).start();
    peer = openPeer(server.url);
  });
  afterEach(async () => {
    await peer.close();
    await server.stop();
  });

  it("is asked once, with what the file says; its token stands in each request's body", async () => {
    await track();
    await track();
    expect(logins()).to.have.length(1);
    const [{ path, headers, body }] = logins() as [Received];
    expect(path).to.equal("/soap/services/LoginService/V2_1");
    expect(headers["soapaction"]).to.equal(
      '"http://dpd.com/common/service/LoginService/2.1/getAuth"',
    );
    expect(headers["content-type"]).to.equal("text/xml; charset=utf-8");
    expect(body).to.include("<delisId>ACME&amp;CO</delisId>");
    expect(body).to.include("<password>s3cret&lt;x&gt;</password>");
    expect(server.received.at(-1)?.body).to.equal(
      "<a><authToken>token-1</authToken><delisId>ACME&amp;CO</delisId></a>",
    );
  });

  it("is asked once more, however many requests are refused at once, and however", async function () {
    this.timeout(60_000);
    const refusals: Reply[] = [
      { status: 500, type: "text/xml", body: EXPIRED },
      { type: "text/xml", body: EXPIRED },
      { status: 401, body: "" },
    ];
    const many = fc.record({
      count: fc.integer({ min: 1, max: 50 }),
      kinds: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
    });
    const once = async ({ count, kinds }: { count: number; kinds: number[] }) => {
      await track();
      const before = logins().length;
      valid.clear();
      let next = 0;
      refusal = () => refusals[kinds[(next += 1) % kinds.length]!]!;
      const answers = await Promise.all(Array.from({ length: count }, () => track()));
      expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 200));
      expect(logins()).to.have.length(before + 1);
    };
    await once({ count: 50, kinds: [0, 1, 2] });
    await fc.assert(fc.asyncProperty(many, once), { numRuns: 3, endOnFailure: true });
  });

  it("is asked again when the token's end is there, as the answer tells it, or after `hours`", async () => {
    ends = new Date(clock.now().getTime() + 600_000).toISOString().replace("Z", "");
    await track();
    steady += 500_000;
    await track();
    expect(logins()).to.have.length(1);
    steady += 101_000;
    ends = "2020-05-08T13:02:56.06"; // by a clock that is off
    await track();
    steady += 23 * 3_600_000;
    await track();
    expect(logins()).to.have.length(2);
    steady += 3_600_000;
    await track();
    expect(logins()).to.have.length(3);
  });

  it("pauses the connection when the new token is refused, too, and when the login is", async () => {
    login = () => ({ type: "text/xml", body: sampleOf("dpd", "login.xml").toString() });
    expect(await failure()).to.include({ code: "peer_unauthorized", retry: "pause" });
    expect(logins()).to.have.length(2);
    const body = EXPIRED.replace("ERR_DELICOM_TOKEN_EXPIRED", "DELICOM_ERR_AUTHENTICATION");
    login = () => ({ type: "text/xml", body });
    const refused = await failure();
    expect(refused).to.include({ code: "peer_unauthorized", retry: "pause" });
    expect(refused.hint).to.include("password");
  });

  it("is tried again when it has no answer, or none with a token", async () => {
    login = () => ({ status: 503, body: "" });
    expect(await failure()).to.include({ code: "peer_failed", retry: "later" });
    for (const body of [
      "<html>",
      "",
      "<!DOCTYPE a><a/>",
      "<a><b></a>",
      "[]",
      '{"Envelope":null}',
    ]) {
      login = () => ({ type: "text/xml", body });
      expect(await failure(), body).to.include({ code: "peer_bad_answer", retry: "later" });
    }
  });

  it("leaves another fault to who asked", async () => {
    await track();
    valid.clear();
    refusal = () => ({ status: 500, type: "text/xml", body: EXPIRED.replace("TOKEN_", "PARCEL_") });
    expect((await track()).status).to.equal(500);
    expect(logins()).to.have.length(1);
  });

  it("gives a token for a header or the query as well, in JSON, with seconds to live", async () => {
    await peer.close();
    login = () => {
      valid.add("token-9");
      return { body: '{"data":[{"token":"token-9","expires_in":60}]}' };
    };
    const json = {
      ...{ format: "json", headers: {}, body: '{"u":"{{user}}","p":"{{password}}"}' },
      ...{ token: "data.token", expires: "data.expires_in", refused: undefined },
      login_url: `${server.url}/other/LoginService`,
      show: { headers: { "X-Token": "Token {{token}}" }, query: { sid: "{{token}}" } },
    };
    peer = openPeer(`${server.url}/api`, { ...json, password: 'pass"word' });
    await peer.request({ method: "GET", path: "/loads", query: { page: "2" } }, signal);
    expect(JSON.parse(logins()[0]!.body)).to.deep.equal({ u: "ACME&CO", p: 'pass"word' });
    const asked = server.received.at(-1)!;
    expect(asked.path).to.equal("/api/loads?page=2&sid=token-9");
    expect(asked.headers["x-token"]).to.equal("Token token-9");
    steady += 61_000;
    await peer.request({ method: "GET", path: "/loads" }, signal);
    expect(logins()).to.have.length(2);
  });

  it("tracks a parcel the whole way when its token ended in between", async function () {
    this.timeout(30_000);
    await track();
    valid.clear();
    const delivered = sampleOf("dpd", "delivered.xml").toString();
    const asked: string[] = [];
    const answer = server.handler;
    server.handler = async (request) => {
      const reply = await answer(request);
      if (request.path !== TRACKING) return reply;
      asked.push(request.body);
      return request.body.includes("token-2") ? { type: "text/xml", body: delivered } : reply;
    };
    const numbers = [{ number: "05308801410058", carrier: "" }];
    const page = await mappedSource.fetchPage!(peer, null, DPD, signal, NOW, numbers);
    expect(page.messages.map(({ attributes }) => attributes["about"])).to.deep.equal([
      "05308801410058",
    ]);
    expect(asked[1]).to.include("<delisId>ACME&amp;CO</delisId><authToken>token-2</authToken>");
    expect(logins()).to.have.length(2);
  });

  it("shows nobody its secrets: token and password are struck out of every text", async () => {
    await track();
    expect(struck("of token-1 and s3cret<x>")).to.equal("of *** and ***");
  });
});
