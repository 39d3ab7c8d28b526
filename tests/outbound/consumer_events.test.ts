import { expect } from "chai";
import { checkConfig } from "../../bridge/config.ts";
import { createVerifier } from "../../bridge/intake/verifier.ts";
import { createLogger } from "../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../bridge/main.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { eventItem } from "../bridge_kit/event_item.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { FaultServer, type Received, type Reply } from "../bridge_kit/fault_server.ts";
import { askAdmin, temporaryDirectory, testConfig, testTree } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OLD_KEY = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;

/** Whether the bridge's own verifier of Standard Webhooks takes what was received. */
function isVerified({ method, path, headers, body }: Received, secret: string): boolean {
  const connection = { webhook: { verifier: { scheme: "standard_webhooks", keys: [{ secret }] } } };
  const config = testConfig({ odooUrl: "http://odoo", dataDir: "/tmp", connection });
  const verify = createVerifier(config.connections[0]!.webhook!.verifier);
  const header = (name: string) => [headers[name] ?? []].flat();
  return verify({ method, path, header, body: Buffer.from(body) }, new Date()).ok;
}

describe("events on their way to a consumer", () => {
  let odoo: FakeOdoo;
  let consumer: FaultServer;
  let bridge: Bridge;
  let reply: (request: Received) => Reply;
  const start = async (orders = {}, peer = {}) => {
    const tree = testTree({ odooUrl: odoo.url, dataDir: temporaryDirectory() });
    tree["connections"] = [
      {
        code: "acme",
        source: "consumer",
        settings: { path: "/hooks/milepost" },
        orders: { interval_seconds: 0.02, max_interval_seconds: 0.05, ...orders },
        peer: { base_url: consumer.url, sign_webhooks: { keys: [{ secret: KEY }] }, ...peer },
      },
    ];
    const log = createLogger("silent");
    bridge = await startBridge(checkConfig(tree, {}, sources), { sources, log });
  };
  const acknowledged = (count: number) =>
    waitUntil(`${count} acknowledgements`, () => odoo.acknowledgements.length >= count);
  const ask = async (path: string) => (await askAdmin(`${bridge.urls.admin}${path}`)).text();

  beforeEach(async () => {
    reply = () => ({ status: 204 });
    odoo = await new FakeOdoo().start();
    consumer = await new FaultServer((request) => reply(request)).start();
  });
  afterEach(async () => {
    await bridge.stop();
    await consumer.stop();
    await odoo.stop();
  });

  it("are signed as our own door verifies it, each under an id of its own", async () => {
    odoo.outbox.push(eventItem(1), eventItem(2));
    await start();
    await acknowledged(2);
    for (const request of consumer.received) {
      expect(request).to.include({ method: "POST", path: "/hooks/milepost" });
      expect(isVerified(request, KEY)).to.equal(true);
      expect(isVerified(request, OLD_KEY)).to.equal(false);
      const { payload } = eventItem(Number(JSON.parse(request.body).sequence));
      const { id, type, at: timestamp, shipment, transport } = payload;
      expect(request.headers["webhook-id"]).to.equal(id);
      const sequence = Number(id.slice(-12));
      const data = { shipment, transport };
      expect(JSON.parse(request.body)).to.deep.equal({ id, type, timestamp, sequence, data });
    }
    expect(odoo.acknowledgements.map(({ result }) => result)).to.deep.equal([
      "accepted",
      "accepted",
    ]);
    expect(await ask("/metrics")).to.include(
      'milepost_events_total{connection="acme",result="accepted"} 2',
    );
  });

  it("are signed by both keys while the consumer changes over", async () => {
    odoo.outbox.push(eventItem(1));
    await start({}, { sign_webhooks: { keys: [{ secret: KEY }, { secret: OLD_KEY }] } });
    await acknowledged(1);
    for (const key of [KEY, OLD_KEY]) expect(isVerified(consumer.received[0]!, key)).to.equal(true);
  });

  it("are told again under the same id, with the same bytes and a new signature", async () => {
    reply = () => (consumer.received.length === 1 ? { status: 500 } : {});
    odoo.outbox.push(eventItem(1));
    await start();
    await acknowledged(1);
    expect(odoo.acknowledgements[0]?.result).to.equal("retry");
    odoo.outbox.push(eventItem(1, 2));
    await bridge.stop();
    await start();
    await acknowledged(2);
    const [first, second] = consumer.received;
    expect(second?.body).to.equal(first?.body);
    expect(second?.headers["webhook-id"]).to.equal(first?.headers["webhook-id"]);
    expect(isVerified(second!, KEY)).to.equal(true);
  });

  it("that the consumer refuses for good are a dead letter that says what to do, and are seen in Odoo", async () => {
    reply = () => ({ status: 422 });
    odoo.outbox.push(eventItem(1));
    await start();
    await acknowledged(1);
    expect(odoo.acknowledgements[0]?.result).to.equal("rejected");
    expect(await ask("/dead-letters?stage=outbound")).to.include("send the event again from Odoo");
  });

  it("wait, paused and visible, while the consumer takes none, and use up no tries", async () => {
    reply = () => ({ status: 503 });
    odoo.outbox.push(eventItem(1, 30), eventItem(2, 30));
    await start({ pause_after_seconds: 0.001, concurrent: 1 });
    await acknowledged(2);
    expect(odoo.acknowledgements.map(({ result }) => result)).to.include("retry");
    const status = await ask("/status");
    expect(status).to.include('"scope":"orders"').and.include("peer_failed");
    odoo.outbox.push(eventItem(3));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(odoo.outbox, "asked for before it is time to probe").to.have.length(1);
  });

  it("are not sent without a key that is valid", async () => {
    const over = { secret: KEY, not_after: "2020-01-01T00:00:00Z" };
    odoo.outbox.push(eventItem(1));
    await start({}, { sign_webhooks: { keys: [over] } });
    await acknowledged(1);
    expect(consumer.received).to.deep.equal([]);
    expect(await ask("/status")).to.include("peer_unsigned");
  });
});

describe("the way to a consumer", () => {
  const refusal = (peer: object, more: object = {}) => {
    const tree = testTree({ odooUrl: "http://odoo", dataDir: "/tmp" });
    tree["connections"] = [{ code: "acme", source: "consumer", peer, ...more }];
    try {
      checkConfig(tree, {}, sources);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const sign_webhooks = { keys: [{ secret: KEY }] };
  const base_url = "https://api.example.com";

  it("is https, signed, and one way", () => {
    expect(refusal({ base_url, sign_webhooks })).to.equal("");
    expect(refusal({ base_url })).to.include("sign_webhooks");
    expect(refusal({ base_url: "http://api.example.com", sign_webhooks })).to.include("https");
    const verifier = { scheme: "token", keys: [{ secret: "s" }] };
    expect(refusal({ base_url, sign_webhooks }, { webhook: { verifier } })).to.include("nothing");
  });
});
