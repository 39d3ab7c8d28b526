import { expect } from "chai";
import { stringify } from "yaml";
import { tryPoll, type PollTrial } from "../../bridge/partners/poll_trial.ts";
import { parsePartner } from "../../bridge/partners/partner.ts";
import { FaultServer, type Reply } from "../bridge_kit/fault_server.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";
import { tree } from "../sources/mapped/mapped_kit.ts";

const LOADS = JSON.stringify([{ load: "L1", code: "PU", at: "2026-11-20T10:00:00Z" }]);

describe("a trial of a partner's poll endpoint", function () {
  this.timeout(60_000);
  let server: FaultServer;
  let reply: Reply;
  const ask = (fetch: object | null = { path: "/loads" }): Promise<PollTrial> => {
    const partner = parsePartner(stringify(tree(fetch === null ? {} : { fetch })), "acme.yaml");
    const peer = {
      base_url: `${server.url}/v1`,
      auth: { type: "bearer", token: "t0ken" },
      request_seconds: 3,
    };
    const parts = { odooUrl: "http://odoo", dataDir: "/tmp", connection: { peer } };
    return tryPoll(testConfig(parts).connections[0]!, partner);
  };

  beforeEach(async () => {
    server = await new FaultServer(() => reply).start();
  });
  afterEach(() => server.stop());

  it("asks the page that the bridge would ask, with its authentication, and keeps nothing", async () => {
    reply = { body: LOADS };
    const query = { path: "/loads", query: { status: "open" } };
    expect(await ask(query)).to.deep.equal({
      asked: true,
      ok: true,
      messages: 1,
      bytes: LOADS.length,
      warnings: [],
    });
    expect(server.received.map(({ method, path }) => [method, path])).to.deep.equal([
      ["GET", "/v1/loads?status=open"],
    ]);
    expect(server.received[0]?.headers.authorization).to.equal("Bearer t0ken");
  });

  const faults: Array<[string, Reply, string, RegExp]> = [
    ["401", { status: 401 }, "peer_unauthorized", /does not know them.*peer\.auth/],
    ["403", { status: 403 }, "peer_unauthorized", /are known and may not do this/],
    ["a login page", { type: "text/html", body: "<html>" }, "peer_bad_answer", /login page/],
    [
      "another format",
      { type: "text/plain", body: "hello" },
      "bad_answer",
      /not in the file's format/,
    ],
    ["404", { status: 404 }, "peer_refused", /base_url and the paths/],
    ["a hang", "hang", "peer_timeout", /peer\.request_seconds/],
    ["a cut line", "reset", "peer_unreachable", /firewall/],
  ];
  for (const [name, given, code, words] of faults) {
    it(`says in words what ${name} means`, async () => {
      reply = given;
      const trial = await ask();
      expect(trial).to.include({ asked: true, ok: false, code });
      expect(trial).to.have.property("hint").that.matches(words);
    });
  }

  it("asks nobody for a partner that is not polled", async () => {
    expect(await ask(null)).to.deep.equal({
      asked: false,
      why: "not asked: connection acme is not polled",
    });
    expect(server.received).to.deep.equal([]);
  });
});
