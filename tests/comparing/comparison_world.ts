/** A connection whose orders are compared: what Odoo tells of them, what the partner shows. */
import type { Batch, CompareAnswer } from "../../bridge/canonical/exchange.ts";
import type {
  OrderDifference,
  OrderFault,
  OrderStanding,
  ToldOrder,
} from "../../bridge/canonical/told_order.ts";
import type { TransportOrder } from "../../bridge/canonical/transport_order.ts";
import type { Clock } from "../../bridge/clock.ts";
import { readResult } from "../../bridge/comparing/comparison_state.ts";
import { ComparisonWatch } from "../../bridge/comparing/comparison_watch.ts";
import type { Connection } from "../../bridge/connection.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { tiny } from "../bridge_kit/test_source.ts";
import type { OpenStore } from "../store/store_contract.ts";

const IDENTIFIERS = [{ type: "entity" as const, value: "x" }];
/** Orders of a page. */
const PAGE = 2;

export class ComparisonWorld {
  readonly open: OpenStore;
  readonly metrics = createMetrics();
  now = Date.parse("2026-11-23T01:00:00Z");
  contract = "1.6";
  told: ToldOrder[] = [];
  /** Orders of Odoo's that cannot be read. */
  unreadable: OrderFault[] = [];
  /** By shipment; `unsure` when not named. */
  shown: Record<string, OrderStanding | Error> = {};
  /** Shipments that the partner was asked for. */
  asked: string[] = [];
  reported: Array<{ compared: readonly number[]; differences: readonly OrderDifference[] }> = [];
  repaired: number[] = [];
  /** By shipment, what reading the partner's answer would make of it. */
  states: Record<string, string> = {};
  repairs = (id: number): Promise<void> => Promise.resolve(void this.repaired.push(id));

  private constructor(open: OpenStore) {
    this.open = open;
  }

  static async open(): Promise<ComparisonWorld> {
    return new ComparisonWorld(await openSqlite());
  }

  connection(more: object = {}, peer: object = {}): Connection {
    const readOrder = (_peer: unknown, { shipment }: TransportOrder) => {
      this.asked.push(shipment);
      const answer = this.shown[shipment] ?? { standing: "unsure" as const };
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const source = { ...tiny, readOrder, ...more };
    const config = { orders: { enabled: true } };
    const settings = { zone: "UTC" };
    return { code: "acme", source, settings, config, peer } as unknown as Connection;
  }

  watch(...of: Connection[]): ComparisonWatch {
    const connections = of.length > 0 ? of : [this.connection()];
    const { metrics, contract } = this;
    const { inbox, properties } = this.open.store;
    const link = { whenOpen: () => Promise.resolve(true), contract, unknown: new Set<string>() };
    const clock: Clock = {
      now: () => new Date(this.now),
      steady: () => this.now,
      sleep: () => Promise.resolve(),
    };
    const log = createLogger("silent");
    const parts = { api: this.#api, link, inbox, properties, clock, metrics, log };
    return new ComparisonWatch({ ...parts, connections, onAccepted: () => undefined });
  }

  result() {
    return readResult(this.open.store.properties, "acme");
  }

  readonly #api = {
    toldOrders: (_code: string, after: number, wanted: boolean) => {
      const left = this.told.filter(({ id, look }) => id > after && (look || !wanted));
      const orders = left.slice(0, PAGE);
      const next = orders.length === PAGE ? (orders.at(-1)?.id ?? 0) : 0;
      const faults = this.unreadable.filter(({ id }) => id > after && (next === 0 || id <= next));
      return Promise.resolve({ orders, faults, next });
    },
    reportDifferences: (
      _code: string,
      compared: readonly number[],
      differences: readonly OrderDifference[],
    ) => {
      this.reported.push({ compared, differences });
      this.told = this.told.map((it) => (compared.includes(it.id) ? { ...it, look: false } : it));
      return Promise.resolve();
    },
    repairOrder: (_code: string, id: number) => this.repairs(id),
    compare: ({ facts }: Batch): Promise<CompareAnswer> => {
      const shipment = facts[0]?.identifiers[0]?.value ?? "";
      const after = { values: { state: this.states[shipment] ?? "in_transit" }, money: {} };
      const before = { values: { state: "in_transit" }, money: {} };
      return Promise.resolve({ verdicts: [], shipments: [{ shipment, before, after }] });
    },
  };
}

export function order(
  id: number,
  believes: ToldOrder["believes"] = "accepted",
  look = false,
): ToldOrder {
  const shipment = `SHP/${id}`;
  const payload = { id: String(id), shipment } as TransportOrder;
  return { id, shipment, believes, look, payload };
}

/** @param shipment of which the partner shows a message, too */
export function there(shipment?: string): OrderStanding {
  if (shipment === undefined) return { standing: "there", identifiers: IDENTIFIERS };
  const at = "2026-11-22T08:00:00Z";
  const body = Buffer.from(JSON.stringify({ trip: shipment, events: [{ code: "D1", at }] }));
  const message = { body, contentType: "application/json", attributes: {} };
  return { standing: "there", identifiers: IDENTIFIERS, message };
}
