import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { systemClock } from "../../bridge/clock.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { HttpPeer } from "../../bridge/peer/http_peer.ts";
import type { PeerRequest } from "../../bridge/sources/source.ts";
import { FaultServer, type Received, type Reply } from "../bridge_kit/fault_server.ts";
import { temporaryDirectory, testConfig } from "../bridge_kit/test_bridge.ts";

const signal = new AbortController().signal;

/** Steady time, as the tests set it. */
let steady = 0;
const clock = { ...systemClock(), steady: () => steady };

function openPeer(base_url: string, more: Record<string, unknown>): HttpPeer {
  const connection = { peer: { base_url, request_seconds: 5, ...more } };
  const config = testConfig({ odooUrl: "http://odoo", dataDir: "/tmp", connection });
  return new HttpPeer("acme", config.connections[0]!.peer!, clock, createMetrics());
}

describe("OAuth 2 client credentials", () => {
  let server: FaultServer;
  let peer: HttpPeer;
  let issued: number;
  /** Of tokens: those that the API takes. */
  let valid: Set<string>;
  let tokenReply: () => Reply;
  const asked = () => server.received.filter((it) => it.path === "/token");
  const get = (path = "/loads") => peer.request({ method: "GET", path }, signal);
  const open = (more: Record<string, unknown> = {}) => {
    const auth = { type: "oauth2", token_url: `${server.url}/token`, client_id: "my id" };
    peer = openPeer(`${server.url}/api`, { auth: { ...auth, client_secret: "s3cret!", ...more } });
  };

  beforeEach(async () => {
    issued = 0;
    valid = new Set();
    tokenReply = () => {
      const access_token = `token-${(issued += 1)}`;
      valid.add(access_token);
      return { body: JSON.stringify({ access_token, token_type: "Bearer", expires_in: 3600 }) };
    };
    const answer = ({ path, headers }: Received): Reply => {
      if (path === "/token") return tokenReply();
      const token = headers.authorization?.replace("Bearer ", "") ?? "";
      return valid.has(token) ? { body: "{}" } : { status: 401, body: "{}" };
    };
    server = await new FaultServer(answer).start();
    open();
  });
  afterEach(async () => {
    await peer.close();
    await server.stop();
  });

  it("asks for a token once and shows it with every request", async () => {
    await get();
    await get();
    expect(asked()).to.have.length(1);
    const [token] = asked();
    expect(token?.body).to.equal("grant_type=client_credentials");
    const basic = Buffer.from("my%20id:s3cret!").toString("base64");
    expect(token?.headers.authorization).to.equal(`Basic ${basic}`);
    expect(server.received.at(-1)?.headers.authorization).to.equal("Bearer token-1");
  });

  it("puts scope, further parameters and, if asked so, the client into the form", async () => {
    open({ credentials: "body", scope: "loads orders", parameters: { audience: "tms" } });
    await get();
    expect(Object.fromEntries(new URLSearchParams(asked()[0]?.body))).to.deep.equal({
      grant_type: "client_credentials",
      scope: "loads orders",
      audience: "tms",
      client_id: "my id",
      client_secret: "s3cret!",
    });
    expect(asked()[0]?.headers.authorization).to.equal(undefined);
  });

  it("asks for one new token when fifty requests are refused at once", async () => {
    await get();
    valid.clear();
    await Promise.all(Array.from({ length: 50 }, () => get()));
    expect(asked()).to.have.length(2);
  });

  it("asks for a new token before the old one ends", async () => {
    tokenReply = () => ({ body: `{"access_token":"token-${(issued += 1)}","expires_in":"100"}` });
    valid = new Set(["token-1", "token-2"]);
    await get();
    steady += 89_000;
    await get();
    expect(asked()).to.have.length(1);
    steady += 2000;
    await get();
    expect(server.received.at(-1)?.headers.authorization).to.equal("Bearer token-2");
  });

  it("pauses the connection when the new token is refused, too, and when our client is", async () => {
    tokenReply = () => ({ body: '{"access_token":"of another tenant"}' });
    const refused = async () => (await get().catch((error: unknown) => error)) as MilepostError;
    expect(await refused()).to.include({ code: "peer_unauthorized", retry: "pause" });
    expect(asked()).to.have.length(2);
    tokenReply = () => ({ status: 401, body: '{"error":"invalid_client"}' });
    const client = await refused();
    expect(client).to.include({ code: "peer_unauthorized", retry: "pause" });
    expect(client.hint).to.include("client_id");
    tokenReply = () => ({ status: 503, body: "" });
    expect(await refused()).to.include({ code: "peer_failed", retry: "later" });
    tokenReply = () => ({ body: "<html>" });
    expect(await refused()).to.include({ code: "peer_bad_answer", retry: "later" });
  });
});

describe("a request's further credentials", () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await new FaultServer(() => ({ body: "{}" })).start();
  });
  afterEach(() => server.stop());

  it("are a key in the query, which no path overwrites", async () => {
    const auth = { type: "query", name: "api_key", value: "k y" };
    const peer = openPeer(`${server.url}/api`, { auth });
    await peer.request({ method: "GET", path: "/x", query: { page: "2" } }, signal);
    expect(server.received[0]?.path).to.equal("/api/x?page=2&api_key=k+y");
    await peer.close();
  });

  it("are a signature over the parts that the partner names", async () => {
    const sign = {
      ...{ header: "x-signature", prefix: "v1=", encoding: "base64", key: "sign-key" },
      message: ["timestamp", "text:.", "method", "path", "body"],
      timestamp_header: "x-time",
    };
    const peer = openPeer(`${server.url}/api`, { sign });
    const request: PeerRequest = { method: "PUT", path: "/o/1", query: { a: "b" }, body: "{}" };
    await peer.request(request, signal);
    const { headers } = server.received[0]!;
    const text = `${String(headers["x-time"])}.PUT/api/o/1?a=b{}`;
    const hmac = createHmac("sha256", "sign-key").update(text).digest("base64");
    expect(headers["x-signature"]).to.equal(`v1=${hmac}`);
    expect(Number(headers["x-time"])).to.be.closeTo(Date.now() / 1000, 60);
    await peer.close();
  });
});

describe("a partner that asks for our certificate", () => {
  const directory = temporaryDirectory();
  const file = (name: string) => join(directory, name);
  let server: Server;

  before(async () => {
    for (const name of ["server", "client"]) {
      execFileSync(
        "openssl",
        [
          ...[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
          ],
          ...["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`), "-days", "2"],
          ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"],
        ],
        { stdio: "ignore" },
      );
    }
    const [key, cert, ca] = ["server.key", "server.pem", "client.pem"].map((it) =>
      readFileSync(file(it)),
    );
    const options = { key, cert, ca, requestCert: true, rejectUnauthorized: true };
    server = createServer(options, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ you: subject.CN }));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  });

  it("sees it, and lets nobody in without", async () => {
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const certificate = { certificate_file: file("client.pem"), key: { file: file("client.key") } };
    const known = { ca_file: file("server.pem"), client_certificate: certificate };
    const peer = openPeer(url, known);
    const answer = await peer.request({ method: "GET", path: "/" }, signal);
    expect(JSON.parse(answer.body.toString())).to.deep.equal({ you: "client" });
    await peer.close();
    const stranger = openPeer(url, { ca_file: file("server.pem") });
    const refused: unknown = await stranger
      .request({ method: "GET", path: "/" }, signal)
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(MilepostError);
    await stranger.close();
  });
});
