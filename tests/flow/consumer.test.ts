/** What happens in a real Odoo is told to a consumer over HTTP, signed, and Odoo hears that it was. */
import { expect } from "chai";
import { rmSync } from "node:fs";
import { CONTRACT_VERSION } from "../../bridge/canonical/exchange.ts";
import { shipmentEvent } from "../../bridge/canonical/shipment_event.ts";
import { factKey, type UnkeyedFact } from "../../bridge/canonical/fact_key.ts";
import { checkConfig } from "../../bridge/config.ts";
import { createLogger } from "../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../bridge/main.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { FaultServer } from "../bridge_kit/fault_server.ts";
import { temporaryDirectory, testTree } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { useOdooDatabase } from "../real_odoo.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

describe("A consumer of a real Odoo's events", function () {
  this.timeout(60_000);
  const odoo = useOdooDatabase();
  const dataDir = temporaryDirectory();
  let admin: OdooCall;
  let consumer: FaultServer;
  let bridge: Bridge | undefined;

  const created = async (model: string, values: object) =>
    (await admin<number[]>(model, "create", { vals_list: [values] }))[0]!;

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    consumer = await new FaultServer(() => ({ status: 204 })).start();
  });
  after(async () => {
    await bridge?.stop();
    await consumer.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("is told of his shipment's state, once, and of no other's", async () => {
    const partner_id = await created("res.partner", { name: "Harbour" });
    const tms = { name: "TMS", code: "events-tms", source: "otm5" };
    const connection_id = await created("milepost.connection", tms);
    const told = { name: "Harbour", code: "harbour", source: "consumer" };
    const teller = await created("milepost.connection", told);
    const scope = { scope: "customer", partner_id };
    await created("milepost.subscription", { name: "H", connection_id: teller, ...scope });
    const ids = [
      await created("milepost.shipment", { connection_id, partner_id }),
      await created("milepost.shipment", { connection_id }),
    ];
    const rows = { ids, fields: ["name"] };
    const shipments = await admin<Array<{ name: string }>>("milepost.shipment", "read", rows);
    await ingest(shipments.map(({ name }) => name));

    await start();
    await waitUntil("the event", () => consumer.received.length > 0);
    const events = () =>
      admin<Array<{ state: string; idempotency_key: string }>>("milepost.outbox", "search_read", {
        domain: [["kind", "=", "event"]],
        fields: ["state", "idempotency_key"],
      });
    await waitUntil("Odoo knows", async () => (await events())[0]?.state === "accepted");
    const [request, ...others] = consumer.received;
    expect(others).to.deep.equal([]);
    const { id, type, timestamp: at, data } = JSON.parse(request!.body) as Record<string, object>;
    const event = shipmentEvent.parse({ id, type, at, ...data });
    expect(event.shipment.number).to.equal(shipments[0]?.name);
    expect(event.transport?.state).to.equal("in_transit");
    expect(request!.headers["webhook-id"]).to.equal((await events())[0]?.idempotency_key);
  });

  async function ingest(names: readonly string[]): Promise<void> {
    const call = odooCall(odoo.url, odoo.database, odoo.apiKeys.bridge);
    const at = "2026-11-20T08:00:00Z";
    const facts = names.map((value) => {
      const fact: UnkeyedFact = {
        kind: "milestone",
        identifiers: [{ type: "shipment", value }],
        applies_to: "one",
        recorded_at: at,
        code: "picked_up",
        classifier: "actual",
        occurred: { at, precision: "second" },
        raw_code: "AF",
      };
      return { ...fact, key: factKey(fact), message: "m1" };
    });
    const head = { id: "m1", sha256: "0".repeat(64), received_at: at, mapping: "otm5@1" };
    const messages = [{ ...head, channel: "webhook" }];
    const batch = { contract: CONTRACT_VERSION, connection: "events-tms", messages, facts };
    await call("milepost.exchange", "ingest", { batch });
  }

  async function start(): Promise<void> {
    const tree = testTree({ odooUrl: odoo.url, dataDir });
    tree["odoo"] = { url: odoo.url, database: odoo.database, api_key: odoo.apiKeys.bridge };
    const peer = { base_url: consumer.url, sign_webhooks: { keys: [{ secret: KEY }] } };
    tree["connections"] = [{ code: "harbour", source: "consumer", peer }];
    const log = createLogger("silent");
    bridge = await startBridge(checkConfig(tree, {}, sources), { sources, log });
  }
});
