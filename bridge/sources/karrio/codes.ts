/**
 * Karrio tracking statuses and incident reasons.
 *
 * Source: Karrio's tracker status list and the incident reasons of its carrier connectors
 * (karrioapi/karrio, `TrackingIncidentReason` of the connectors).
 */
import type { ExceptionReason } from "../../canonical/codes.ts";
import type { ParcelCodes } from "../shared/parcel/codes.ts";

export const STATUSES: ParcelCodes = {
  pending: { code: "booked" },
  picked_up: { code: "picked_up" },
  in_transit: { code: "in_transit" },
  out_for_delivery: { code: "out_for_delivery" },
  ready_for_pickup: { code: "available" },
  delivered: { code: "delivered" },
  delivery_failed: { code: "delivery_attempted" },
  delivery_delayed: { code: "delayed" },
  on_hold: { code: "delayed" },
  return_to_sender: { code: "returned" },
  return_initiated: { code: "returned" },
  cancelled: { code: "cancelled" },
};

/** Reasons that say more than their status: then these decide. */
export const INCIDENTS: ParcelCodes = {
  consignee_refused: { code: "refused", reason: "refused" },
  carrier_damaged_parcel: { conditions: ["damaged"], reason: "damage" },
  carrier_parcel_lost: { conditions: ["lost"], reason: "carrier_operations" },
};

export const REASONS: Readonly<Record<string, ExceptionReason>> = {
  carrier_sorting_error: "carrier_operations",
  carrier_address_not_found: "address",
  carrier_not_enough_time: "carrier_operations",
  carrier_vehicle_issue: "mechanical",
  consignee_business_closed: "consignee_unavailable",
  consignee_not_available: "consignee_unavailable",
  consignee_not_home: "consignee_unavailable",
  consignee_incorrect_address: "address",
  consignee_access_restricted: "address",
  wrong_address: "address",
  unable_to_access: "address",
  customs_delay: "customs_border",
  customs_documentation: "documents_payment",
  customs_duties_unpaid: "documents_payment",
  payment_issue: "documents_payment",
  weather_delay: "weather",
  natural_disaster: "weather",
};
