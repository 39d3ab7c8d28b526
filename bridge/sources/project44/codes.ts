/**
 * project44 event types and identifier types.
 *
 * Sources: the event and stop types that public analyses of the v4 OpenAPI list, and third-party
 * code that pushes carrier statuses to project44. Nothing here was tried against the service; a
 * type that is not listed stays unmapped and is shown. See docs/sources/project44.md.
 */
import type { Condition, ExceptionReason, MilestoneCode, StopKind } from "../../canonical/codes.ts";
import type { IdentifierType } from "../../canonical/identifiers.ts";

export interface EventMeaning {
  code?: MilestoneCode;
  conditions?: readonly Condition[];
  reason?: ExceptionReason;
}

/** Stop types that are the shipper's or the receiver's door; every other is on the way. */
export const STOP_KINDS: Readonly<Record<string, StopKind>> = {
  ORIGIN: "pickup",
  PICKUP: "pickup",
  DESTINATION: "delivery",
  DELIVERY: "delivery",
};

/** Events whose meaning depends on the stop: type → kind of stop → meaning. */
export const STOP_EVENTS: Readonly<Record<string, Partial<Record<StopKind, EventMeaning>>>> = {
  ARRIVAL_AT_STOP: {
    pickup: { code: "arrived_pickup" },
    delivery: { code: "arrived_delivery" },
    terminal: { code: "arrived_terminal" },
  },
  DEPARTURE_FROM_STOP: {
    pickup: { code: "picked_up" },
    delivery: { conditions: ["departed_delivery"] },
    terminal: { code: "departed_terminal" },
  },
};

/** Carrier-push names of the same events. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  ARRIVED: "ARRIVAL_AT_STOP",
  DEPARTED: "DEPARTURE_FROM_STOP",
};

export const EVENTS: Readonly<Record<string, EventMeaning>> = {
  MANIFEST: { code: "booked" },
  RECEIVE_FROM_SHIPPER: { code: "picked_up" },
  PICKED_UP: { code: "picked_up" },
  LOADING: { code: "loaded" },
  LOAD_ONTO_VEHICLE: { code: "loaded" },
  ARRIVED_AT_TERMINAL: { code: "arrived_terminal" },
  DEPARTED_TERMINAL: { code: "departed_terminal" },
  OUT_FOR_DELIVERY: { code: "out_for_delivery" },
  DELIVERY: { code: "delivered" },
  DELIVERED: { code: "delivered" },
  RETURN_TO_SENDER: { code: "returned" },
  CANCELLED: { code: "cancelled" },
  EXCEPTION_DELAYED: { code: "delayed", reason: "other" },
  EXCEPTION_HELD: { code: "delayed", reason: "other" },
  EXCEPTION_LATE_DEPARTURE: { code: "delayed", reason: "carrier_operations" },
  EXCEPTION_PICKUP_MISSED: { code: "delayed", reason: "other" },
  EXCEPTION_DELIVERY_MISSED: { code: "delivery_attempted", reason: "other" },
};

/** Events about the tracking itself; they say nothing of the goods. */
export const TRACKING_EVENTS: ReadonlySet<string> = new Set([
  "TRACKING_INITIATE",
  "TRACKING_START",
  "TRACKING_COMPLETE",
  "TRACKING_FAILED",
  "TRACKING_END_DUE_TO_TIMEOUT",
  "TRACKING_END_BY_USER",
  "DRIVER_DENY_TRACKING",
  "MISSING_EQUIPMENT_IDENTIFIER",
  "SHARING_STOPPED",
]);

export const IDENTIFIERS: Readonly<Record<string, IdentifierType>> = {
  BILL_OF_LADING: "bol",
  MASTER_BILL_OF_LADING: "mbol",
  HOUSE_BILL_OF_LADING: "hawb",
  PRO: "pro",
  BOOKING_NUMBER: "booking",
  CONTAINER_ID: "container",
  AIR_WAYBILL: "mawb",
  TRACKING_NUMBER: "tracking",
  PURCHASE_ORDER: "po",
  SEAL_NUMBER: "seal",
  CUSTOMER_REFERENCE: "customer_ref",
  CUSTOMER_ORDER: "customer_ref",
  ORDER: "customer_ref",
};

/** Identifiers in which shippers send their own shipment number. */
export const OWN_REFERENCES: ReadonlySet<string> = new Set([
  "BILL_OF_LADING",
  "CUSTOMER_REFERENCE",
  "CUSTOMER_ORDER",
  "ORDER",
]);
