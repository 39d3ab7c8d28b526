/** The transport order: what Odoo asks of a TMS, written by Odoo, read by the bridge. */
import { z } from "zod";
import type { Identifier } from "./identifiers.ts";
import { decimal, place, text, utc } from "./values.ts";

const party = z.strictObject({
  name: text(256),
  reference: text(64).optional(),
  email: text(256).optional(),
  phone: text(64).optional(),
});

const orderStop = z.strictObject({
  /** UUID made by Odoo; the TMS's events may name it. */
  id: z.uuid(),
  sequence: z.int().min(0).max(9999),
  kind: z.enum(["pickup", "delivery"]),
  place,
  party: party.optional(),
  /** UTC; the window in which the truck is expected. */
  window_start: utc.optional(),
  window_end: utc.optional(),
});

const goods = z.strictObject({
  id: z.uuid(),
  description: text(256),
  product_code: text(64).optional(),
  quantity: decimal,
  unit: text(32),
  weight_kg: decimal.optional(),
  volume_m3: decimal.optional(),
  /** Where it is unloaded (the stop's id), when there are several drops. */
  delivery_stop: z.uuid().optional(),
  /** Lot and serial numbers. */
  lots: z.array(text(64)).max(500).optional(),
});

/** A package as it was packed. */
const goodsPackage = z.strictObject({
  reference: text(64),
  /** GS1 Serial Shipping Container Code: 18 digits. */
  sscc: text(18).optional(),
  /** What the shipper calls this kind of package. */
  type: text(64).optional(),
  /** Gross, by the scales when it was weighed. */
  weight_kg: decimal.optional(),
  contents: z
    .array(
      z.strictObject({
        goods: z.uuid(),
        quantity: decimal,
        unit: text(32),
        lot: text(64).optional(),
      }),
    )
    .max(500),
});

/**
 * One shipment to be moved. `id` is a UUID that Odoo makes once per shipment, it is the
 * idempotency key at the TMS: sending the order again changes nothing there.
 */
export const transportOrder = z.strictObject({
  id: z.uuid(),
  consignment_id: z.uuid(),
  /** Milepost's shipment number. */
  shipment: text(64),
  sales_orders: z.array(text(64)).max(50),
  transfers: z.array(text(64)).max(50),
  customer_references: z.array(text(128)).max(50),
  shipper: party,
  consignee: party,
  stops: z.array(orderStop).min(2).max(100),
  goods: z.array(goods).max(500),
  packages: z.array(goodsPackage).max(500).optional(),
  /** Gross weight of everything, packages by their own weights; told when there are packages. */
  weight_kg: decimal.optional(),
  service: text(64).optional(),
  note: text(2000).optional(),
});

export type TransportOrder = z.infer<typeof transportOrder>;

/**
 * What an order is to an earlier one of the same id. A change carries the whole order as it is now,
 * a cancellation the order as it was last told.
 */
const ORDER_PURPOSES = ["original", "change", "cancellation"] as const;
export type OrderPurpose = (typeof ORDER_PURPOSES)[number];

/** What the TMS answered to a transport order, its change, or an outcome. */
export type OrderReceipt =
  | { result: "accepted"; externalNumber?: string; identifiers: Identifier[] }
  | { result: "rejected"; reason: string };
