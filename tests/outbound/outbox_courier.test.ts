import { expect } from "chai";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { FaultServer, type Received, type Reply } from "../bridge_kit/fault_server.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { outboxItem } from "../store/store_contract.ts";

describe("transport orders on their way to the TMS", () => {
  let odoo: FakeOdoo;
  let tms: FaultServer;
  let bridge: TestBridge;
  /** Orders at the TMS by idempotency key: an order that comes again is the same order. */
  let orders: Map<string, number>;
  let fault: (request: Received) => Reply | undefined;
  const connection = { orders: { interval_seconds: 0.02, max_interval_seconds: 0.05 } };
  const start = async (dataDir?: string, expected = {}) => {
    bridge = await TestBridge.start({
      odooUrl: odoo.url,
      peerUrl: tms.url,
      connection: { orders: { ...connection.orders, expect: expected } },
      ...(dataDir ? { dataDir } : {}),
    });
  };

  beforeEach(async () => {
    orders = new Map();
    fault = () => undefined;
    odoo = await new FakeOdoo().start();
    tms = await new FaultServer((request) => {
      const failed = fault(request);
      if (failed !== undefined) return failed;
      const key = request.path.split("/").at(-1) ?? "";
      orders.set(key, (orders.get(key) ?? 0) + 1);
      return { body: JSON.stringify({ number: `TMS-${key}` }) };
    }).start();
  });
  afterEach(async () => {
    await bridge.stop();
    await tms.stop();
    await odoo.stop();
  });
  const acknowledged = (count: number) =>
    waitUntil(`${count} acknowledgements`, () => odoo.acknowledgements.length >= count);

  it("sends each once and tells Odoo the TMS's number, with the lease", async () => {
    for (let i = 1; i <= 30; i++) odoo.outbox.push(outboxItem(i, `lease-${i}`));
    await start();
    await acknowledged(30);
    expect(orders.size).to.equal(30);
    expect([...orders.values()].every((times) => times === 1)).to.equal(true);
    const first = odoo.acknowledgements.find((it) => it.id === 1);
    expect(first).to.deep.include({
      lease: "lease-1",
      result: "accepted",
      external_number: "TMS-key-1",
    });
  });

  it("tells an Odoo that knows clocks which answers are still to come, an older one nothing", async () => {
    for (const contract of ["1.4", "1.3"]) {
      odoo.contract = contract;
      odoo.outbox.push(outboxItem(1));
      await start(undefined, { receipt_hours: 2 });
      await acknowledged(1);
      const [told] = odoo.acknowledgements.splice(0);
      const answers = told?.expects?.map(({ answer }) => answer);
      expect(answers, contract).to.deep.equal(contract === "1.4" ? ["receipt"] : undefined);
      await bridge.stop();
    }
  });

  it("tells the TMS of a change and a cancellation, each under a key of its own", async () => {
    const order = outboxItem(1);
    odoo.outbox.push(
      { ...order, kind: "order_change", idempotency_key: "key-1-2" },
      { ...order, id: 2, kind: "order_cancellation", idempotency_key: "key-1-3" },
    );
    await start();
    await acknowledged(2);
    expect(tms.received.map(({ path }) => path).toSorted()).to.deep.equal([
      "/orders/key-1-2?purpose=change",
      "/orders/key-1-3?purpose=cancellation",
    ]);
    expect(odoo.acknowledgements.map(({ result }) => result)).to.deep.equal([
      "accepted",
      "accepted",
    ]);
  });

  it("sends an order that was refused again when Odoo hands it out again", async () => {
    let free = false;
    fault = () => (free ? undefined : { status: 422, body: "{}" });
    odoo.outbox.push(outboxItem(1));
    await start();
    await acknowledged(1);
    free = true;
    odoo.outbox.push(outboxItem(1, "lease-2"));
    await acknowledged(2);
    expect(odoo.acknowledgements.map(({ result }) => result)).to.deep.equal([
      "rejected",
      "accepted",
    ]);
    expect(orders.get("key-1")).to.equal(1);
  });

  it("tells the TMS what became of the money, and Odoo that it did", async () => {
    const { payload, ...head } = outboxItem(7);
    const { id, consignment_id, shipment } = payload;
    const document = {
      number: "INV/1",
      kind: "invoice",
      date: "2026-03-05",
      total: "1250.00",
    } as const;
    odoo.outbox.push({
      ...head,
      kind: "outcome",
      payload: {
        id,
        consignment_id,
        shipment,
        state: "paid",
        at: "2026-03-20T10:00:00Z",
        documents: [{ ...document, currency: "USD" }],
      },
    });
    const told: unknown[] = [];
    fault = (request) => {
      told.push(request.path, JSON.parse(request.body));
      return { body: "{}" };
    };
    await start();
    await acknowledged(1);
    expect(told[0]).to.match(/^\/outcomes\//);
    expect(told[1]).to.deep.include({ shipment, state: "paid" });
    expect(odoo.acknowledgements[0]).to.deep.include({ id: 7, result: "accepted" });
  });

  it("tells Odoo when the TMS says no, and writes a dead letter", async () => {
    fault = () => ({ status: 422, body: "{}" });
    odoo.outbox.push(outboxItem(1));
    await start();
    await acknowledged(1);
    expect(odoo.acknowledgements[0]).to.deep.include({ result: "rejected", reason: "no truck" });
    const letters = await (await askAdmin(`${bridge.admin}/dead-letters?stage=outbound`)).text();
    expect(letters).to.include("no truck");
  });

  it("gives an order back with a time when the TMS fails for now", async () => {
    fault = () => ({ status: 503, headers: { "retry-after": "60" } });
    odoo.outbox.push(outboxItem(1));
    await start();
    await acknowledged(1);
    const [answer] = odoo.acknowledgements;
    expect(answer?.result).to.equal("retry");
    const wait = Date.parse(answer!.not_before!) - Date.now();
    expect(wait).to.be.within(55_000, 75_000);
    fault = () => undefined;
    odoo.outbox.push(outboxItem(1, "lease-2"));
    await bridge.stop(true);
    await start(bridge.dataDir);
    await acknowledged(2);
    expect(odoo.acknowledgements[1]).to.deep.include({ lease: "lease-2", result: "accepted" });
  });

  it("pauses and gives the order back when the TMS refuses our credentials", async () => {
    fault = () => ({ status: 401 });
    odoo.outbox.push(outboxItem(1));
    await start();
    await acknowledged(1);
    expect(odoo.acknowledgements[0]?.result).to.equal("retry");
    const status = await (await askAdmin(`${bridge.admin}/status`)).text();
    expect(status).to.include('"scope":"orders"').and.include("peer_unauthorized");
  });

  it("acknowledges without sending again when only the acknowledgement was lost", async () => {
    let lost = 0;
    odoo.intercept = ({ method }) =>
      method === "acknowledge_outbox" && lost++ < 2 ? { raises: "Crash" } : undefined;
    odoo.outbox.push(outboxItem(1));
    await start();
    await acknowledged(1);
    expect(orders.get("key-1")).to.equal(1);
    expect(lost).to.equal(3);
  });

  it("sends again with the same key when it stopped between sending and remembering", async () => {
    fault = () => "hang";
    odoo.outbox.push(outboxItem(1));
    await start();
    await waitUntil("it was sent", () => tms.received.length === 1);
    const stopped = bridge.stop(true);
    await tms.stop();
    await stopped;
    fault = () => undefined;
    await tms.start(Number(new URL(bridge.config.connections[0]!.peer!.base_url).port));
    await start(bridge.dataDir);
    await acknowledged(1);
    expect(new Set(tms.received.map((it) => it.path))).to.deep.equal(new Set(["/orders/key-1"]));
  });

  it("remembers the answer when Odoo hands an order out again under a new lease", async () => {
    odoo.intercept = ({ method, args }) => {
      if (method !== "acknowledge_outbox") return undefined;
      const [given] = args["acknowledgements"] as Array<{ id: number; lease: string }>;
      if (given!.lease === "lease-2") return undefined;
      odoo.outbox.push(outboxItem(1, "lease-2"));
      return { value: { results: [{ id: given!.id, status: "lease_lost" }] } };
    };
    odoo.outbox.push(outboxItem(1));
    await start();
    await acknowledged(1);
    expect(odoo.acknowledgements[0]).to.deep.include({
      lease: "lease-2",
      external_number: "TMS-key-1",
    });
    expect(orders.get("key-1")).to.equal(1);
  });
});
