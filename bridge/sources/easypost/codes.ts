/**
 * EasyPost tracker statuses and status details.
 *
 * Source: the lists of possible values in EasyPost's documentation of the Tracker object. The
 * detail decides where it says more than the status.
 */
import type { ParcelCodes } from "../shared/parcel/codes.ts";

export const STATUSES: ParcelCodes = {
  pre_transit: { code: "booked" },
  in_transit: { code: "in_transit" },
  out_for_delivery: { code: "out_for_delivery" },
  delivered: { code: "delivered" },
  available_for_pickup: { code: "available" },
  return_to_sender: { code: "returned" },
  failure: { code: "delivery_attempted" },
  cancelled: { code: "cancelled" },
};

/** Looked up as `status/detail`. */
export const DETAILS: ParcelCodes = {
  "in_transit/arrived_at_facility": { code: "arrived_terminal" },
  "in_transit/arrived_at_destination": { code: "arrived_terminal" },
  "in_transit/received_at_origin_facility": { code: "arrived_terminal" },
  "in_transit/received_at_destination_facility": { code: "arrived_terminal" },
  "in_transit/departed_facility": { code: "departed_terminal" },
  "in_transit/departed_origin_facility": { code: "departed_terminal" },
  "in_transit/transferred_to_destination_carrier": { code: "departed_terminal" },
  "in_transit/arrived_at_pickup_location": { code: "available" },
  "in_transit/out_for_delivery": { code: "out_for_delivery" },
  "in_transit/delayed": { code: "delayed", reason: "other" },
  "in_transit/weather_delay": { code: "delayed", reason: "weather" },
  "in_transit/held": { code: "delayed", reason: "other" },
  "in_transit/missorted": { code: "delayed", reason: "carrier_operations" },
  "in_transit/address_correction": { code: "delayed", reason: "address" },
  "in_transit/awaiting_information": { code: "delayed", reason: "documents_payment" },
  "in_transit/transit_exception": { code: "delayed", reason: "carrier_operations" },
  "in_transit/delivery_exception": { code: "delivery_attempted", reason: "other" },
  "in_transit/damaged": { conditions: ["damaged"], reason: "damage" },
  "in_transit/lost": { conditions: ["lost"], reason: "carrier_operations" },
  "in_transit/refused": { code: "refused", reason: "refused" },
  "in_transit/return": { code: "returned" },
  "failure/damaged": { conditions: ["damaged"], reason: "damage" },
  "failure/lost": { conditions: ["lost"], reason: "carrier_operations" },
  "failure/refused": { code: "refused", reason: "refused" },
  "failure/address_correction": { code: "delivery_attempted", reason: "address" },
  "failure/weather_delay": { code: "delivery_attempted", reason: "weather" },
  "failure/held": { code: "delivery_attempted", reason: "other" },
  "failure/delivery_exception": { code: "delivery_attempted", reason: "other" },
  "failure/return": { code: "returned" },
  "return_to_sender/refused": { code: "returned", reason: "refused" },
  "return_to_sender/damaged": { code: "returned", conditions: ["damaged"], reason: "damage" },
  "return_to_sender/address_correction": { code: "returned", reason: "address" },
};
