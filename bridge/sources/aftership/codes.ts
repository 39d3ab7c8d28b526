/**
 * AfterShip tags and subtags.
 *
 * Source: AfterShip's lists "Delivery Statuses" and "Delivery Sub-statuses". A subtag that is not
 * listed here falls back on its tag, so that a newer one is not lost; Exception has no fallback,
 * because it says only that something is wrong.
 */
import type { ParcelCodes } from "../shared/parcel/codes.ts";

export const TAGS: ParcelCodes = {
  InfoReceived: { code: "booked" },
  InTransit: { code: "in_transit" },
  OutForDelivery: { code: "out_for_delivery" },
  AttemptFail: { code: "delivery_attempted" },
  Delivered: { code: "delivered" },
  AvailableForPickup: { code: "available" },
};

export const SUBTAGS: ParcelCodes = {
  InfoReceived_001: { code: "booked" },
  InTransit_001: { code: "in_transit" },
  InTransit_002: { code: "picked_up" },
  InTransit_003: { code: "arrived_terminal" },
  InTransit_004: { code: "arrived_terminal" },
  InTransit_005: { code: "customs_released" },
  InTransit_006: { code: "customs_hold" },
  InTransit_007: { code: "departed_terminal" },
  InTransit_008: { code: "in_transit" },
  InTransit_009: { code: "in_transit" },
  OutForDelivery_001: { code: "out_for_delivery" },
  OutForDelivery_003: { code: "out_for_delivery" },
  OutForDelivery_004: { code: "appointment_set" },
  AvailableForPickup_001: { code: "available" },
  AttemptFail_001: { code: "delivery_attempted" },
  AttemptFail_002: { code: "delivery_attempted", reason: "consignee_unavailable" },
  AttemptFail_003: { code: "delivery_attempted", reason: "consignee_unavailable" },
  Delivered_001: { code: "delivered" },
  Delivered_002: { code: "delivered" },
  Delivered_003: { code: "delivered" },
  Delivered_004: { code: "delivered" },
  Delivered_005: { code: "delivered" },
  Exception_002: { code: "delivery_attempted", reason: "address" },
  Exception_003: { code: "refused", reason: "refused" },
  Exception_004: { code: "customs_hold", reason: "customs_border" },
  Exception_005: { code: "delayed", reason: "other" },
  Exception_006: { code: "delayed", reason: "documents_payment" },
  Exception_007: { code: "delivery_attempted", reason: "address" },
  Exception_008: { code: "delayed", reason: "consignee_unavailable" },
  Exception_009: { code: "delayed", reason: "carrier_operations" },
  Exception_010: { code: "returned" },
  Exception_011: { code: "returned" },
  Exception_012: { conditions: ["damaged"], reason: "damage" },
  Exception_013: { conditions: ["lost"], reason: "carrier_operations" },
  Exception_016: { code: "delayed", reason: "carrier_operations" },
  Exception_017: { code: "delayed", reason: "weather" },
  Exception_018: { code: "delayed", reason: "documents_payment" },
};

/** Tags that say nothing of the parcel itself: nothing known yet, nothing heard for long. */
export const SILENT_TAGS: ReadonlySet<string> = new Set(["Pending", "Expired"]);
