/** Items of Odoo's outbox between their claim in Odoo and their acknowledgement. */
import type { OutboxItem } from "../canonical/exchange.ts";
import type { OrderReceipt } from "../canonical/transport_order.ts";

const OUTBOX_STATES = ["claimed", "answered", "done", "returned"] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** An order, its change or cancellation, or an outcome, from its claim to its acknowledgement. */
export interface OutboxRow {
  connection: string;
  item: OutboxItem;
  /** Until when Odoo leaves it to us, in steady time. */
  leaseUntil: number;
  state: OutboxState;
  receipt: OrderReceipt | null;
}

export interface Outbox {
  /**
   * Remembers claimed items before anything is sent. One that was answered before keeps its
   * receipt, so that it is acknowledged and not sent again, unless Odoo had that answer already:
   * then it wants it sent again. Gives the rows as they now stand.
   */
  recordClaim(
    connection: string,
    items: readonly OutboxItem[],
    leaseUntil: number,
  ): Promise<OutboxRow[]>;
  recordReceipt(connection: string, id: number, receipt: OrderReceipt): Promise<void>;
  /** `done`: Odoo has the answer; `returned`: it is Odoo's again (lease over, or put back for later). */
  recordEnd(connection: string, id: number, state: "done" | "returned"): Promise<void>;
  /** Items of the connection without an end whose lease still runs: what a restart goes on with. */
  open(connection: string, now: number): Promise<OutboxRow[]>;
}
