/**
 * ShipEngine (ShipStation API) status codes and standardized detail codes.
 *
 * Source: ShipEngine's documentation of tracking statuses, and the detail codes published in the
 * typings of its carrier API (@shipengine/connect-carrier-api). AC and SP are judgement: AC is the
 * carrier's first scan, SP a parcel that waits at a collection point.
 */
import type { ParcelCodes } from "../shared/parcel/codes.ts";

export const STATUSES: ParcelCodes = {
  NY: { code: "booked" },
  AC: { code: "picked_up" },
  IT: { code: "in_transit" },
  DE: { code: "delivered" },
  AT: { code: "delivery_attempted" },
  EX: { code: "delayed", reason: "other" },
  SP: { code: "available" },
};

export const DETAILS: ParcelCodes = {
  SHIPMENT_CREATED: { code: "booked" },
  AWAITING_PICKUP_DROP_OFF: { code: "booked" },
  ELEC_ADVICE_RECD_BY_CARRIER: { code: "booked" },
  DROPPED_OFF: { code: "picked_up" },
  PICKED_UP: { code: "picked_up" },
  RECEIVED_BY_CARRIER: { code: "picked_up" },
  CUSTOMS_PROCESSING: { code: "customs_hold" },
  CUSTOMS_CLEARED: { code: "customs_released" },
  HUB_SCAN_IN: { code: "arrived_terminal" },
  HUB_PROCESSING: { code: "arrived_terminal" },
  RECEIVED_LOCAL_DELIVERY_DEPOT: { code: "arrived_terminal" },
  SUB_CONTRACTOR_RECEIVED: { code: "arrived_terminal" },
  HUB_SCAN_OUT: { code: "departed_terminal" },
  IN_TRANSIT: { code: "in_transit" },
  DELIVERY_SCHEDULED: { code: "appointment_set" },
  DELIVERY_ARRANGED_WITH_RECIPIENT: { code: "appointment_set" },
  DELIVERY_RESCHEDULED: { code: "delayed", reason: "appointment_constraint" },
  PARCEL_REDIRECTED: { code: "delayed", reason: "address" },
  OUT_FOR_DELIVERY: { code: "out_for_delivery" },
  ATTEMPTED_DELIVERY: { code: "delivery_attempted" },
  ATTEMPTED_DELIVERY_FINAL: { code: "delivery_attempted" },
  CUSTOMER_CARDED: { code: "delivery_attempted", reason: "consignee_unavailable" },
};
