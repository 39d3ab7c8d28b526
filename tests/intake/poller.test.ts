import { expect } from "chai";
import { openStore } from "../../bridge/main.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { FaultServer, type Received, type Reply } from "../bridge_kit/fault_server.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

/** A TMS with numbered messages; each page holds two. */
class PolledTms {
  readonly messages: unknown[] = [];
  fault: (request: Received) => Reply | undefined | Promise<undefined> = () => undefined;
  readonly server = new FaultServer(
    async (request) => (await this.fault(request)) ?? this.#page(request),
  );

  #page(request: Received): Reply {
    const after = Number(new URL(request.path, "http://x").searchParams.get("after"));
    const messages = this.messages.slice(after, after + 2);
    const cursor = String(after + messages.length);
    const more = after + messages.length < this.messages.length;
    return { body: JSON.stringify({ messages, cursor, more }) };
  }
}

describe("the poller", () => {
  let odoo: FakeOdoo;
  let tms: PolledTms;
  let bridge: TestBridge;
  const connection = { poll: { interval_seconds: 0.02, max_interval_seconds: 0.1 } };
  const start = async (dataDir?: string) => {
    const peerUrl = tms.server.url;
    bridge = await TestBridge.start({
      odooUrl: odoo.url,
      peerUrl,
      connection,
      ...(dataDir ? { dataDir } : {}),
    });
  };

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    tms = new PolledTms();
    await tms.server.start();
  });
  afterEach(async () => {
    await bridge.stop();
    await tms.server.stop();
    await odoo.stop();
  });

  it("fetches page after page, and goes on where it was after a restart", async () => {
    for (let i = 0; i < 7; i++) tms.messages.push(tinyMessage());
    await start();
    await waitUntil("7 in Odoo", () => odoo.facts.size === 7);
    await bridge.stop(true);
    tms.messages.push(tinyMessage());
    const before = tms.server.received.length;
    await start(bridge.dataDir);
    await waitUntil("8 in Odoo", () => odoo.facts.size === 8);
    expect(tms.server.received[before]?.path).to.equal("/messages?after=7");
    expect(Math.max(...odoo.facts.values())).to.equal(1);
  });

  it("skips nothing through every fault of the partner", async () => {
    const faults: Reply[] = [
      { status: 429, headers: { "retry-after": "0" } },
      { status: 500 },
      { status: 502, type: "text/html", body: "<html>" },
      "reset",
      { body: '{"messages": [' },
      "cut",
      { type: "text/html", body: "<html>login</html>" },
    ];
    let turn = 0;
    tms.fault = () => (turn++ % 2 === 0 ? faults.shift() : undefined);
    for (let i = 0; i < 30; i++) tms.messages.push(tinyMessage());
    await start();
    await waitUntil("30 in Odoo", () => odoo.facts.size === 30);
    await waitUntil("every fault was served", () => faults.length === 0);
    tms.messages.push(tinyMessage());
    await waitUntil("31 in Odoo", () => odoo.facts.size === 31);
    expect(Math.max(...odoo.facts.values()), "each of them once").to.equal(1);
  });

  it("opens the breaker after five faults in a row, says so, and leaves the partner alone", async () => {
    tms.fault = () => ({ status: 503 });
    await start();
    await waitUntil("the breaker is open", async () =>
      (await (await askAdmin(`${bridge.admin}/metrics`)).text()).includes(
        'milepost_breaker_open{connection="acme"} 1',
      ),
    );
    expect(tms.server.received).to.have.length(5);
    const status = await (await askAdmin(`${bridge.admin}/status`)).text();
    expect(status).to.include('"scope":"poll"').and.include("peer_failed");
  });

  it("does not undo a reset of its cursor while a page is under way", async () => {
    await start();
    const store = openStore(bridge.dataDir);
    let resets = 0;
    tms.fault = async ({ path }) => {
      if (path.endsWith("after=2") && resets++ === 0)
        await store.inbox.acceptPage("acme", [], "", 1);
      return undefined;
    };
    for (let i = 0; i < 4; i++) tms.messages.push(tinyMessage());
    await waitUntil("all in Odoo", () => odoo.facts.size === 4);
    await store.close();
    const asked = tms.server.received.map((it) => it.path);
    expect(asked).to.include("/messages?after=");
  });

  it("pauses on refused credentials with a hint", async () => {
    tms.fault = () => ({ status: 401 });
    await start();
    await waitUntil("the pause is said", async () =>
      (await (await askAdmin(`${bridge.admin}/status`)).text()).includes("peer_unauthorized"),
    );
    expect(tms.server.received).to.have.length(1);
  });
});
