/**
 * EDIFACT's status events and reasons on the canonical ones.
 *
 * 9011 (later 4405): UN/ECE Recommendation 24, as in D.96A, codes 1 to 103, which later directories
 * kept. 9013: D.96A (1 to 65) and D.00B (66 to 108). Both tables were compared with those lists;
 * what is in the lists and not here has no milestone of its own and is kept as an unmapped code.
 */
import type {
  Classifier,
  Condition,
  ExceptionReason,
  MilestoneCode,
} from "../../canonical/codes.ts";
import { OCEAN } from "../shared/x12_codes/ocean.ts";

export interface Status {
  code?: MilestoneCode;
  condition?: Condition;
  /** Where the code itself says that it has not happened yet. */
  classifier?: Classifier;
}

const is = (code: MilestoneCode): Status => ({ code });

/** 9011. Arrival (1) and departure (24) depend on the place, see `statusOf`. */
const STATUS: Readonly<Record<string, Status>> = {
  3: { condition: "damaged" },
  6: is("booked"),
  7: is("cancelled"),
  8: is("customs_released"),
  9: is("customs_released"),
  12: is("customs_released"),
  13: is("picked_up"),
  16: is("in_transit"),
  17: is("customs_hold"),
  18: { condition: "damaged" },
  20: is("delayed"),
  21: is("delivered"),
  22: is("delivered"),
  23: is("delivery_attempted"),
  25: is("delayed"),
  27: is("departed_terminal"),
  29: is("arrived_terminal"),
  31: is("in_transit"),
  48: is("loaded"),
  49: { condition: "lost" },
  56: is("delivery_attempted"),
  59: is("arrived_terminal"),
  71: is("available"),
  72: is("delivered"),
  73: is("partially_delivered"),
  74: is("arrived_terminal"),
  77: is("refused"),
  80: is("returned"),
  81: { code: "returned", condition: "damaged" },
  82: is("returned"),
  97: { condition: "damaged" },
  100: is("in_transit"),
  101: is("delayed"),
};

/** UPS, in the category's own element (STS+1:D2:21). */
const UPS_STATUS: Readonly<Record<string, Status>> = {
  D2: is("delivered"),
  E1: is("delayed"),
};

/** Where a stop is, by the LOC or NAD qualifier beside the event. */
export type StopKind = "pickup" | "delivery" | "terminal";

/** 3227 and 3035 (D.96A, D.07B): place of departure, acceptance, despatch, receipt; consignor. */
const PICKUP = new Set("5 10 80 84 88 198 CZ PW".split(" "));
/** Place of delivery, destination, ultimate destination, delivery by on-carriage; consignee. */
const DELIVERY = new Set("7 8 20 83 85 CN DP".split(" "));

export function stopKindOf(qualifier: string | undefined): StopKind {
  if (qualifier !== undefined && PICKUP.has(qualifier)) return "pickup";
  return qualifier !== undefined && DELIVERY.has(qualifier) ? "delivery" : "terminal";
}

/** The status of a code at a kind of stop; nothing when it is unknown. */
export function statusOf(code: string, stop: StopKind): Status | undefined {
  if (code === "1" || code === "VA") {
    if (stop === "pickup") return is("arrived_pickup");
    return is(stop === "delivery" ? "arrived_delivery" : "arrived_terminal");
  }
  // Departed from the shipper is picked up; a departure elsewhere must never bill a pickup.
  if (code === "24") return is(stop === "pickup" ? "picked_up" : "departed_terminal");
  if (Object.hasOwn(STATUS, code)) return STATUS[code];
  if (Object.hasOwn(UPS_STATUS, code)) return UPS_STATUS[code];
  return carrierStatus(code);
}

/** Ocean carriers write the codes of X12 315 into an IFTSTA (`STS+1+VD::22`, `STS+1+P::HS`). */
function carrierStatus(raw: string): Status | undefined {
  const known = /^[A-Z]/.test(raw) && Object.hasOwn(OCEAN, raw) ? OCEAN[raw] : undefined;
  if (known?.code === undefined) return undefined;
  const { code, classifier } = known;
  return { code, ...(classifier && { classifier }) };
}

const REASONS: ReadonlyArray<readonly [ExceptionReason, string]> = [
  ["weather", "63"],
  ["mechanical", "23 35"],
  ["accident", "18 34 88"],
  ["carrier_operations", "10 17 41 53 58 69 70"],
  ["shipper_not_ready", "43"],
  ["consignee_unavailable", "7 39"],
  ["appointment_constraint", "5 8 15 38 100"],
  ["address", "1 9 16 30 59 91"],
  ["refused", "3 49 90 101 102 103 104 106"],
  ["damage", "14 60 74 75 76 94"],
  ["shortage_overage", "27 33 45 48 56 66 73 92 95 96"],
  ["customs_border", "13 24 25 26 28 93"],
  ["documents_payment", "11 32 37 46 47"],
  ["labor_civil", "20 31"],
];
const REASON_OF = new Map(
  REASONS.flatMap(([reason, codes]) => codes.split(" ").map((code) => [code, reason] as const)),
);

/** 9013; what is not known is `other`, its code stays beside it. */
export function reasonOf(code: string): ExceptionReason {
  return REASON_OF.get(code) ?? "other";
}

/** 9013 that change what a delivery was. */
export const PARTIAL_REASON = "96";
export const REFUSED_REASONS = new Set(["49", "90"]);
