/**
 * Shippo tracking statuses and substatuses.
 *
 * Source: the table of event definitions in Shippo's tracking documentation. Looked up as
 * `STATUS/substatus`, then by status.
 */
import type { ParcelCodes } from "../shared/parcel/codes.ts";

export const STATUSES: ParcelCodes = {
  PRE_TRANSIT: { code: "booked" },
  TRANSIT: { code: "in_transit" },
  DELIVERED: { code: "delivered" },
  RETURNED: { code: "returned" },
  FAILURE: { code: "delivery_attempted" },
};

export const SUBSTATUSES: ParcelCodes = {
  "TRANSIT/address_issue": { code: "delayed", reason: "address" },
  "TRANSIT/contact_carrier": { code: "delayed", reason: "other" },
  "TRANSIT/delayed": { code: "delayed", reason: "other" },
  "TRANSIT/delivery_attempted": { code: "delivery_attempted" },
  "TRANSIT/delivery_rescheduled": { code: "delayed", reason: "appointment_constraint" },
  "TRANSIT/delivery_scheduled": { code: "appointment_set" },
  "TRANSIT/location_inaccessible": { code: "delivery_attempted", reason: "address" },
  "TRANSIT/notice_left": { code: "delivery_attempted", reason: "consignee_unavailable" },
  "TRANSIT/out_for_delivery": { code: "out_for_delivery" },
  "TRANSIT/package_accepted": { code: "picked_up" },
  "TRANSIT/package_arrived": { code: "arrived_terminal" },
  "TRANSIT/package_damaged": { conditions: ["damaged"], reason: "damage" },
  "TRANSIT/package_departed": { code: "departed_terminal" },
  "TRANSIT/package_forwarded": { code: "in_transit" },
  "TRANSIT/package_held": { code: "delayed", reason: "other" },
  "TRANSIT/package_processed": { code: "arrived_terminal" },
  "TRANSIT/package_processing": { code: "arrived_terminal" },
  "TRANSIT/pickup_available": { code: "available" },
  "TRANSIT/reschedule_delivery": { code: "delayed", reason: "appointment_constraint" },
  "RETURNED/package_unclaimed": { code: "returned", reason: "consignee_unavailable" },
  "FAILURE/package_lost": { conditions: ["lost"], reason: "carrier_operations" },
  // The goods are gone for good; `lost` is the nearest that the canonical model has.
  "FAILURE/package_disposed": { conditions: ["lost"], reason: "other" },
};
