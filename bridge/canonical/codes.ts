/**
 * The code lists of the canonical model.
 *
 * Sources: X12 elements 1650, 1651 and 150, UN/ECE Recommendation 24, DCSA Track & Trace,
 * Open Trip Model 5. The tables that map each standard on these codes live with its source,
 * in `bridge/sources/<id>/`.
 */
import { z } from "zod";

/**
 * The 26 milestones, in the order in which a shipment normally meets them. `last_free_day` is the
 * last day without storage or demurrage: a plan until it is over.
 */
export const MILESTONE_CODES = [
  "booked",
  "tendered",
  "tender_accepted",
  "tender_declined",
  "assigned",
  "appointment_set",
  "arrived_pickup",
  "loaded",
  "picked_up",
  "in_transit",
  "arrived_terminal",
  "departed_terminal",
  "eta_updated",
  "delayed",
  "customs_hold",
  "customs_released",
  "available",
  "last_free_day",
  "out_for_delivery",
  "delivery_attempted",
  "arrived_delivery",
  "delivered",
  "partially_delivered",
  "refused",
  "returned",
  "cancelled",
] as const;

/** What is true of the goods or the paper beside the milestone; not a step of its own. */
export const CONDITIONS = ["damaged", "lost", "pod_available", "departed_delivery"] as const;

/** Whether the instant is a plan, a forecast or what happened. They are never mixed. */
export const CLASSIFIERS = ["planned", "estimated", "actual"] as const;

export const EXCEPTION_REASONS = [
  "weather",
  "mechanical",
  "accident",
  "carrier_operations",
  "shipper_not_ready",
  "consignee_unavailable",
  "appointment_constraint",
  "address",
  "refused",
  "damage",
  "shortage_overage",
  "customs_border",
  "documents_payment",
  "labor_civil",
  "other",
] as const;

const CHARGE_TYPES = [
  "linehaul",
  "fuel",
  "detention",
  "layover",
  "stop_off",
  "liftgate",
  "inside",
  "residential",
  "appointment_notify",
  "lumper",
  "redelivery_reconsignment",
  "storage_demurrage",
  "hazmat",
  "toll_border_customs",
  "tax",
  "discount",
  "misc",
] as const;

export const STOP_KINDS = ["pickup", "delivery", "terminal", "customs"] as const;

/** What became of a delivered quantity: shipped = accepted + accepted_damaged + short + refused. */
export const QUANTITY_OUTCOMES = [
  "accepted",
  "accepted_damaged",
  "short",
  "refused",
  "over",
] as const;

export const milestoneCode = z.enum(MILESTONE_CODES);
export const condition = z.enum(CONDITIONS);
export const classifier = z.enum(CLASSIFIERS);
export const exceptionReason = z.enum(EXCEPTION_REASONS);
export const chargeType = z.enum(CHARGE_TYPES);
export const stopKind = z.enum(STOP_KINDS);
export const quantityOutcome = z.enum(QUANTITY_OUTCOMES);

export type MilestoneCode = z.infer<typeof milestoneCode>;
export type Condition = z.infer<typeof condition>;
export type Classifier = z.infer<typeof classifier>;
export type ExceptionReason = z.infer<typeof exceptionReason>;
export type ChargeType = z.infer<typeof chargeType>;
export type StopKind = z.infer<typeof stopKind>;
export type QuantityOutcome = z.infer<typeof quantityOutcome>;
