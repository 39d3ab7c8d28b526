/** Orders that a partner knows by Odoo's belief, and how the partner shows them. */
import { z } from "zod";
import type { Identifier } from "./identifiers.ts";
import { transportOrder } from "./transport_order.ts";
import { text } from "./values.ts";

/** `milepost.exchange.told_orders` (1.6): what Odoo believes of an order that was answered. */
export const toldOrder = z.object({
  /** Of the outbox item that was told last. */
  id: z.int(),
  shipment: text(64),
  believes: z.enum(["accepted", "rejected", "cancelled"]),
  /** Somebody in Odoo wants the partner's answer read as a message. */
  look: z.boolean(),
  payload: transportOrder,
});

/** A page of them, before each is read by itself: one that cannot be told was refused, and is kept. */
export const toldOrdersAnswer = z.object({
  orders: z.array(z.looseObject({ id: z.int(), shipment: z.string() })),
  /** Where the next page begins; 0 when there is none. */
  next: z.int().min(0),
});
export type ToldOrder = z.infer<typeof toldOrder>;

/** An order that was not compared, and why. */
export const orderFault = z.object({ id: z.number(), shipment: z.string(), why: z.string() });
export type OrderFault = z.infer<typeof orderFault>;

export interface ToldOrders {
  orders: ToldOrder[];
  /** Those that cannot be read. */
  faults: OrderFault[];
  next: number;
}

/**
 * - missing: accepted here, and the partner does not have it; order again
 * - refused_there, cancelled_there: accepted here, and the partner will not carry it out; take that over
 * - there_after_all: refused here, and the partner has it; take that over
 * - still_there: cancelled here, and the partner still has it; cancel again
 * - state: the partner shows the shipment in another state; read what it shows
 */
const DIFFERENCES = [
  "missing", "refused_there", "cancelled_there", "there_after_all", "still_there", "state",
] as const; // prettier-ignore
export const differenceKind = z.enum(DIFFERENCES);
export type DifferenceKind = z.infer<typeof differenceKind>;

/** One difference as Odoo is told of it (`milepost.exchange.report_differences`, 1.6). */
export interface OrderDifference {
  id: number;
  kind: DifferenceKind;
  /** What the partner shows, in its words where it has some; 512 characters at most. */
  said: string;
  external_number?: string;
  identifiers?: Identifier[];
}

/** How the partner shows an order of ours. */
export type OrderStanding =
  | { standing: "there"; number?: string; identifiers: Identifier[]; message?: ShownMessage }
  | { standing: "refused" | "cancelled"; reason: string }
  | { standing: "missing" }
  /** It does not say. */
  | { standing: "unsure" };

/** What it showed, where that is a message of its language. */
export interface ShownMessage {
  body: Buffer;
  contentType: string;
  attributes: Record<string, string>;
}
