import { expect } from "chai";
import type { Batch, CompareAnswer } from "../../bridge/canonical/exchange.ts";
import type {
  OrderDifference,
  OrderStanding,
  ToldOrder,
} from "../../bridge/canonical/told_order.ts";
import type { TransportOrder } from "../../bridge/canonical/transport_order.ts";
import type { Clock } from "../../bridge/clock.ts";
import { ask, readResult } from "../../bridge/comparing/comparison_state.ts";
import { ComparisonWatch } from "../../bridge/comparing/comparison_watch.ts";
import type { Connection } from "../../bridge/connection.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { tiny } from "../bridge_kit/test_source.ts";
import type { OpenStore } from "../store/store_contract.ts";

const signal = new AbortController().signal;
const IDENTIFIERS = [{ type: "entity" as const, value: "x" }];

describe("the nightly comparison of orders", () => {
  let open: OpenStore;
  let now: number;
  let contract: string;
  let told: ToldOrder[];
  let shown: Record<string, OrderStanding | Error>;
  let asked: string[];
  let reported: Array<{ compared: readonly number[]; differences: readonly OrderDifference[] }>;
  let repaired: number[];
  let states: Record<string, string>;
  beforeEach(async () => {
    open = await openSqlite();
    now = Date.parse("2026-11-23T01:00:00Z");
    contract = "1.6";
    [told, shown, asked, reported, repaired, states] = [[], {}, [], [], [], {}];
  });
  afterEach(() => open.dispose());

  const clock: Clock = {
    now: () => new Date(now),
    steady: () => now,
    sleep: () => Promise.resolve(),
  };
  const metrics = createMetrics();
  const connection = (more: object = {}) => {
    const readOrder = (_peer: unknown, { shipment }: TransportOrder) => {
      asked.push(shipment);
      const answer = shown[shipment] ?? { standing: "unsure" as const };
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const source = { ...tiny, readOrder, ...more };
    const config = { orders: { enabled: true } };
    return {
      code: "acme",
      source,
      settings: { zone: "UTC" },
      config,
      peer: {},
    } as unknown as Connection;
  };
  const api = {
    toldOrders: (_code: string, after: number, wanted: boolean) => {
      const page = told.filter(({ id, look }) => id > after && (look || !wanted)).slice(0, 2);
      return Promise.resolve({ orders: page, next: page.length === 2 ? (page[1]?.id ?? 0) : 0 });
    },
    reportDifferences: (
      _code: string,
      compared: readonly number[],
      differences: readonly OrderDifference[],
    ) => {
      reported.push({ compared, differences });
      told = told.map((it) => (compared.includes(it.id) ? { ...it, look: false } : it));
      return Promise.resolve();
    },
    repairOrder: (_code: string, id: number) => Promise.resolve(void repaired.push(id)),
    compare: ({ facts }: Batch): Promise<CompareAnswer> => {
      const shipment = facts[0]?.identifiers[0]?.value ?? "";
      const after = { values: { state: states[shipment] ?? "in_transit" }, money: {} };
      const before = { values: { state: "in_transit" }, money: {} };
      return Promise.resolve({ verdicts: [], shipments: [{ shipment, before, after }] });
    },
  };
  const watch = (of = connection()) => {
    const { inbox, properties } = open.store;
    const link = { whenOpen: () => Promise.resolve(true), contract, unknown: new Set<string>() };
    const parts = { api, link, inbox, properties, clock, metrics, log: createLogger("silent") };
    return new ComparisonWatch({ ...parts, connections: [of], onAccepted: () => undefined });
  };
  const order = (
    id: number,
    believes: ToldOrder["believes"] = "accepted",
    look = false,
  ): ToldOrder => {
    const shipment = `SHP/${id}`;
    return {
      id,
      shipment,
      believes,
      look,
      payload: { id: String(id), shipment } as TransportOrder,
    };
  };
  const there = (shipment?: string): OrderStanding => {
    if (shipment === undefined) return { standing: "there", identifiers: IDENTIFIERS };
    const at = "2026-11-22T08:00:00Z";
    const body = Buffer.from(JSON.stringify({ trip: shipment, events: [{ code: "D1", at }] }));
    const message = { body, contentType: "application/json", attributes: {} };
    return { standing: "there", identifiers: IDENTIFIERS, message };
  };
  const result = () => readResult(open.store.properties, "acme");

  it("is made once a night, over all pages, and tells Odoo what differs and what agrees", async () => {
    told = [order(1), order(2), order(3), order(4, "cancelled"), order(5)];
    shown = { "SHP/1": there(), "SHP/2": { standing: "missing" }, "SHP/4": there() };
    await watch().tick(signal);
    expect(asked).to.deep.equal([], "it is not night");
    now += 2 * 3_600_000;
    await watch().tick(signal);
    await watch().tick(signal);
    expect(asked).to.have.length(5, "once a night, after a restart, too");
    expect(reported).to.have.length(1);
    expect(reported[0]?.compared).to.deep.equal([1, 2, 4]);
    expect(reported[0]?.differences.map(({ id, kind }) => `${id} ${kind}`)).to.deep.equal([
      "2 missing", "4 still_there",
    ]); // prettier-ignore
    expect(await result()).to.deep.include({ asked: 5, unsure: 2, why: null });
    const gauge = await metrics.registry.getSingleMetricAsString("milepost_order_differences");
    expect(gauge).to.include('{connection="acme"} 2');
    now += 86_400_000;
    shown = { ...shown, "SHP/4": { standing: "missing" } };
    await watch().tick(signal);
    const found = (await result())?.found ?? [];
    expect(found.map(({ id, since }) => `${id} ${since}`)).to.deep.equal([
      "2 2026-11-23T03:00:00Z",
    ]);
  });

  it("does not take a partner that shows no order for one that lost all", async () => {
    told = [order(1), order(2)];
    shown = { "SHP/1": { standing: "missing" }, "SHP/2": { standing: "missing" } };
    await ask(open.store.properties, "acme", { compare: true });
    await watch().tick(signal);
    expect(reported[0]?.differences).to.deep.equal([]);
    expect((await result())?.why).to.equal(
      "the partner shows none of 2 orders, nor ever showed one",
    );
    shown = { "SHP/1": there(), "SHP/2": { standing: "missing" } };
    await ask(open.store.properties, "acme", { compare: true });
    await watch().tick(signal);
    expect(reported[1]?.differences.map(({ id }) => id)).to.deep.equal([2]);
  });

  it("tells another state by what the partner's answer would change, and reads it when that is wanted", async () => {
    told = [order(1), order(2)];
    shown = { "SHP/1": there("SHP/1"), "SHP/2": there("SHP/2") };
    states = { "SHP/2": "delivered" };
    await ask(open.store.properties, "acme", { compare: true });
    await watch().tick(signal);
    expect(reported[0]?.differences).to.deep.equal([
      { id: 2, kind: "state", said: "state: in_transit here, delivered there" },
    ]);
    told = [order(1), order(2, "accepted", true)];
    await watch().tick(signal);
    const [message, ...more] = await open.store.inbox.latest("acme", 5);
    expect(more).to.deep.equal([]);
    expect(message).to.include({ channel: "poll", state: "received" });
    expect(message?.body.toString()).to.include("SHP/2");
    expect(told[1]?.look).to.equal(false);
  });

  it("carries out what an operator asks for, and compares again", async () => {
    told = [order(1)];
    shown = { "SHP/1": there() };
    await ask(open.store.properties, "acme", { repair: [1] });
    await watch().tick(signal);
    await watch().tick(signal);
    expect(repaired).to.deep.equal([1]);
    expect(asked).to.deep.equal(["SHP/1"]);
  });

  it("keeps what it knows while the partner cannot be reached, says why, and rests", async () => {
    told = [order(1), order(2)];
    shown = { "SHP/1": there(), "SHP/2": { standing: "missing" } };
    now += 2 * 3_600_000;
    const same = watch();
    await same.tick(signal);
    now += 86_400_000;
    shown = { "SHP/1": new Error("the partner is down") };
    await same.tick(signal);
    await same.tick(signal);
    expect(asked).to.have.length(3);
    expect(await result()).to.deep.include({
      why: "the partner is down",
      at: "2026-11-23T03:00:00Z",
    });
    expect((await result())?.found).to.have.length(1);
    now += 3_600_000;
    shown = { "SHP/1": there(), "SHP/2": there() };
    await same.tick(signal);
    expect((await result())?.found).to.deep.equal([]);
  });

  it("says of connections that cannot be compared why, and asks nobody", async () => {
    told = [order(1)];
    await watch(connection({ readOrder: undefined })).tick(signal);
    expect((await result())?.why).to.equal("partners of tiny cannot be asked for orders");
    contract = "1.5";
    await ask(open.store.properties, "acme", { compare: true });
    await watch().tick(signal);
    expect((await result())?.why).to.equal("the addon in Odoo is older than this bridge");
    contract = "1.6";
    await ask(open.store.properties, "acme", { compare: true });
    await watch(connection({ refusedLook: () => "no orders/find" })).tick(signal);
    expect((await result())?.why).to.equal("no orders/find");
    expect(asked).to.deep.equal([]);
  });
});
