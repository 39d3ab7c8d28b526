import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../bridge/clock.ts";
import type { ConnectionConfig } from "../../bridge/config.ts";
import { Secret } from "../../bridge/config/secret.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { LinkClient, type LinkClientParts } from "../../bridge/proofs/link_client.ts";
import type { Resolve } from "../../bridge/proofs/link_rules.ts";
import { peerCredentials } from "../../bridge/proofs/peer_credentials.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";

const PDF = Buffer.from("%PDF-1.7 a proof of delivery");
const PUBLIC = "93.184.216.34";
const signal = new AbortController().signal;

describe("fetching the paper behind a link", () => {
  const directory = temporaryDirectory();
  const ca_file = join(directory, "server.pem");
  let server: Server;
  let port: number;
  let asked: IncomingMessage[];
  let dialled: string[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    const names = "DNS:files.acme.example,DNS:other.acme.example,DNS:api.acme.example";
    execFileSync(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", join(directory, "server.key"), "-out", ca_file, "-days", "2",
        "-subj", "/CN=server", "-addext", `subjectAltName=${names}`,
      ],
      { stdio: "ignore" },
    ); // prettier-ignore
    const options = {
      key: readFileSync(join(directory, "server.key")),
      cert: readFileSync(ca_file),
    };
    server = createServer(options, (request, response) => {
      asked.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    [asked, dialled] = [[], []];
    answer = (_request, response) => void response.end(PDF);
  });

  const url = (host = "files.acme.example", path = "/p.pdf?key=s3cret") =>
    `https://${host}:${port}${path}`;
  /** The names have a public address, at which this machine's server is dialled. */
  const client = (more: Partial<LinkClientParts> = {}, config: object = {}) =>
    new LinkClient({
      config: {
        hosts: [
          `files.acme.example:${port}`,
          `other.acme.example:${port}`,
          `mallory.example:${port}`,
        ],
        with_credentials: false,
        max_bytes: 1000,
        request_seconds: 5,
        ca_file,
        ...config,
      },
      now: () => new Date(),
      resolve: () => Promise.resolve([PUBLIC]),
      dial: (address) => (dialled.push(address), "127.0.0.1"),
      ...more,
    });
  async function failure(of: LinkClient, link = url()): Promise<MilepostError> {
    const outcome: unknown = await of.fetch(link, signal).catch((error: unknown) => error);
    if (outcome instanceof MilepostError) return outcome;
    throw new Error(`no MilepostError: ${String(outcome)}`);
  }

  it("gives a paper of a listed host, known by its first bytes, and shows nobody's credentials", async () => {
    answer = (_request, response) =>
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(PDF);
    const { bytes, mediaType } = await client().fetch(url(), signal);
    expect(bytes.equals(PDF)).to.equal(true);
    expect(mediaType).to.equal("application/pdf");
    expect(asked[0]?.headers.host).to.equal(`files.acme.example:${port}`);
    expect(asked[0]?.headers).not.to.include.any.keys("authorization", "cookie");
  });

  it("dials the address that was looked at, however the name answers the next time", async () => {
    const answers = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]];
    let looked = 0;
    const rebound = client({ resolve: () => Promise.resolve(answers[looked++] ?? []) });
    await rebound.fetch(url(), signal);
    expect([looked, dialled]).to.deep.equal([1, [PUBLIC]]);
    const error = await failure(rebound);
    expect(error.code).to.equal("link_address");
    expect(asked).to.have.length(1);
  });

  it("asks nobody whose name has an address that is not public", async () => {
    for (const inside of [
      "127.0.0.1",
      "10.0.0.8",
      "169.254.169.254",
      "::1",
      "fd00::1",
      "::ffff:10.0.0.8",
    ]) {
      const error = await failure(client({ resolve: () => Promise.resolve([PUBLIC, inside]) }));
      expect([error.code, error.retry]).to.deep.equal(["link_address", "never"], inside);
    }
    expect(asked).to.deep.equal([]);
  });

  it("follows a redirect to a listed host alone, each looked at as the first", async () => {
    let location = url("other.acme.example", "/there");
    answer = (request, response) =>
      request.url === "/there" ? response.end(PDF) : response.writeHead(302, { location }).end();
    await client().fetch(url(), signal);
    expect(dialled).to.have.length(2);
    const places = [
      "https://evil.example/",
      "http://files.acme.example/",
      "https://169.254.169.254/",
      "file:///etc/passwd",
    ];
    for (location of places) {
      expect((await failure(client())).code).to.be.oneOf(["link_host", "link_invalid"], location);
    }
    location = url("other.acme.example", "/there");
    const resolve = (host: string) =>
      Promise.resolve([host.startsWith("other") ? "192.168.0.1" : PUBLIC]);
    expect((await failure(client({ resolve }))).code).to.equal("link_address");
    location = url();
    expect((await failure(client())).code).to.equal("link_redirect");
  });

  it("bounds what it takes, told or not, and told wrong", async () => {
    const large = Buffer.concat([PDF, Buffer.alloc(2000)]);
    answer = (_request, response) => void response.end(large);
    expect((await failure(client())).code).to.equal("link_too_large");
    answer = (_request, response) => {
      response.write(large);
      response.end(large);
    };
    expect((await failure(client())).code).to.equal("link_too_large", "without a length");
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": "5000" });
      response.write(PDF, () => response.socket?.destroy());
    };
    expect((await failure(client({}, { max_bytes: 9000 }))).retry).to.equal("later", "cut off");
    answer = (_request, response) => {
      response.strictContentLength = false;
      response.writeHead(200, { "content-length": String(PDF.length) }).end(large);
    };
    const told = await client().fetch(url(), signal);
    expect(told.bytes.length).to.equal(PDF.length, "what follows the told length is not read");
  });

  it("takes nothing but papers, whatever they are called", async () => {
    answer = (_request, response) =>
      response
        .writeHead(200, { "content-type": "application/pdf" })
        .end("<script>alert(1)</script>");
    const other = await failure(client());
    expect([other.code, other.retry]).to.deep.equal(["link_no_paper", "never"]);
    answer = (_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>please wait</html>");
    const page = await failure(client());
    expect([page.code, page.retry]).to.deep.equal(["link_no_paper", "later"]);
  });

  it("gives up on an answer that never ends, and on one whose certificate is another's", async () => {
    answer = (_request, response) => {
      const drop = setInterval(() => response.write("%"), 20);
      response.once("close", () => clearInterval(drop));
    };
    expect((await failure(client({}, { request_seconds: 0.3 }))).code).to.equal("link_timeout");
    const error = await failure(client(), url("mallory.example"));
    expect(error.code).to.equal("link_unreachable");
  });

  const statuses: Array<[number, string, string]> = [
    [401, "link_refused", "never"],
    [403, "link_failed", "later"],
    [404, "link_failed", "later"],
    [410, "link_refused", "never"],
    [429, "link_failed", "later"],
    [503, "link_failed", "later"],
  ];
  for (const [status, code, retry] of statuses) {
    it(`decides on ${status}, and never says the link itself`, async () => {
      answer = (_request, response) => response.writeHead(status, { "retry-after": "7" }).end();
      const error = await failure(client());
      expect([error.code, error.retry]).to.deep.equal([code, retry]);
      if (retry === "later") expect(error.retryAfterMs).to.equal(7000);
      expect(`${error.message} ${error.hint ?? ""}`).not.to.include("s3cret");
    });
  }

  it("waits after a 401 to credentials that we showed: they may be renewed", async () => {
    answer = (_request, response) => response.writeHead(401).end();
    const credentials = ({ search }: URL) =>
      Promise.resolve({ headers: { authorization: "Bearer old" }, search });
    const error = await failure(client({ credentials }));
    expect([error.code, error.retry]).to.deep.equal(["link_failed", "later"]);
  });

  describe("with the peer's credentials", () => {
    const connection = (auth: object) =>
      ({
        code: "acme",
        proof_links: { with_credentials: true },
        peer: { base_url: url("api.acme.example", ""), request_seconds: 5, ca_file, auth },
      }) as unknown as ConnectionConfig;
    const door = (resolve: Resolve) => ({ resolve, dial: () => "127.0.0.1" });
    const shown = (auth: object, resolve: Resolve = () => Promise.resolve([PUBLIC])) => {
      const credentials = peerCredentials(connection(auth), systemClock(), door(resolve))!;
      const hosts = ["api.acme.example", "other.acme.example"].map((it) => `${it}:${port}`);
      return client({ credentials }, { hosts });
    };
    const oauth2 = () => ({
      ...{ type: "oauth2", client_id: "us", credentials: "body", parameters: {} },
      token_url: url("files.acme.example", "/token"),
      client_secret: new Secret("s3cret"),
    });

    it("shows credentials to their own origin, and not to where that redirects", async () => {
      const location = url("other.acme.example", "/there");
      answer = (request, response) =>
        request.url === "/there" ? response.end(PDF) : response.writeHead(302, { location }).end();
      const bearer = shown({ type: "bearer", token: new Secret("t0ken") });
      await bearer.fetch(url("api.acme.example"), signal);
      await bearer.fetch(location, signal);
      expect(asked.map((it) => it.headers.authorization)).to.deep.equal([
        "Bearer t0ken",
        undefined,
        undefined,
      ]);
    });

    it("shows those that stand in the query, too", async () => {
      const auth = { type: "query", name: "apikey", value: new Secret("s3cret") };
      await shown(auth).fetch(url("api.acme.example", "/p.pdf?page=1"), signal);
      expect(asked[0]?.url).to.equal("/p.pdf?page=1&apikey=s3cret");
    });

    it("asks for the token by the same door", async () => {
      answer = (request, response) =>
        request.url === "/token" ? response.end('{"access_token":"t0ken"}') : response.end(PDF);
      await shown(oauth2()).fetch(url("api.acme.example"), signal);
      expect(asked.map((it) => it.url)).to.deep.equal(["/token", "/p.pdf?key=s3cret"]);
      expect(asked[1]?.headers.authorization).to.equal("Bearer t0ken");
    });

    it("renews a token that ended at once, one time", async () => {
      let given = 0;
      const taken = new Set(["Bearer t2"]);
      answer = (request, response) => {
        if (request.url === "/token") response.end(`{"access_token":"t${(given += 1)}"}`);
        else if (taken.has(request.headers.authorization ?? "")) response.end(PDF);
        else response.writeHead(401).end();
      };
      const links = shown(oauth2());
      const paper = await links.fetch(url("api.acme.example"), signal);
      expect(paper.mediaType).to.equal("application/pdf");
      expect(given).to.equal(2);
      taken.clear();
      const error = await failure(links, url("api.acme.example"));
      expect([error.code, error.retry, given]).to.deep.equal(["link_failed", "later", 3]);
    });

    it("asks no token server inside, and tries again: that is no fault of the link", async () => {
      const resolve = () => Promise.resolve(["10.0.0.8"]);
      const error = await failure(shown(oauth2(), resolve), url("api.acme.example"));
      expect([error.code, error.retry]).to.deep.equal(["link_address", "later"]);
      const literal = { ...oauth2(), token_url: `https://127.0.0.1:${port}/token` };
      const byAddress = (host: string) => Promise.resolve([host]);
      const other = await failure(shown(literal, byAddress), url("api.acme.example"));
      expect([other.code, other.retry]).to.deep.equal(["link_address", "later"]);
      expect(asked).to.deep.equal([]);
    });
  });
});
