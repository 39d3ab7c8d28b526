/** What happened to a shipment, told to a consumer: a system of a customer or partner that subscribed. */
import { z } from "zod";
import { OUTCOME_STATES, outcomeDocument } from "./outcome.ts";
import { text, utc } from "./values.ts";

const EVENT_TYPES = [
  "shipment.state",
  "shipment.proven",
  "shipment.invoiced",
  "shipment.paid",
  "shipment.disputed",
] as const;

/** By which the consumer knows the shipment; orders of others that travel with it are not named. */
const shipment = z.strictObject({
  number: text(64),
  /** Transport order's id; never changes. */
  id: z.uuid(),
  sales_orders: z.array(text(64)).max(50),
  transfers: z.array(text(64)).max(50),
  customer_references: z.array(text(128)).max(50),
});

const transport = z.strictObject({
  state: text(32),
  milestone: text(32).optional(),
  milestone_at: utc.optional(),
  planned_pickup_at: utc.optional(),
  planned_delivery_at: utc.optional(),
  eta: utc.optional(),
  picked_up_at: utc.optional(),
  delivered_at: utc.optional(),
  /** What is wrong, and why the carrier says so. */
  exception: text(32).optional(),
  exception_reason: text(32).optional(),
  carrier: text(256).optional(),
});

const proof = z.strictObject({
  /** False when a proof that counted does so no more. */
  proven: z.boolean(),
  proven_at: utc.optional(),
});

const money = z.strictObject({
  state: z.enum([...OUTCOME_STATES, "not_invoiced"]),
  /** Only for consumers that may see money. */
  documents: z.array(outcomeDocument).max(100).optional(),
});

/**
 * One event tells the whole of its part as it is then: whoever misses one and gets the next has lost
 * nothing but the step between. `id` is the event's own, the same at every try and replay.
 */
export const shipmentEvent = z.strictObject({
  id: z.uuid(),
  type: z.enum(EVENT_TYPES),
  at: utc,
  shipment,
  /** With `shipment.state`. */
  transport: transport.optional(),
  /** With `shipment.proven`. */
  proof: proof.optional(),
  /** With `shipment.invoiced`, `shipment.paid`, `shipment.disputed`. */
  money: money.optional(),
});

export type ShipmentEvent = z.infer<typeof shipmentEvent>;
