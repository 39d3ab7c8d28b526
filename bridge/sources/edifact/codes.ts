/**
 * EDIFACT's code lists on the canonical ones: status events (UN/ECE Recommendation 24, D.96A
 * 9011; later 4405), reasons (9013), references (1153), charges (7161).
 */
import type {
  ChargeType,
  Condition,
  ExceptionReason,
  MilestoneCode,
} from "../../canonical/codes.ts";
import type { IdentifierType } from "../../canonical/identifiers.ts";

export interface Status {
  code?: MilestoneCode;
  condition?: Condition;
}

const is = (code: MilestoneCode): Status => ({ code });

/** 9011. Arrival (1) and departure (24) depend on the place, see `statusOf`. */
const STATUS: Readonly<Record<string, Status>> = {
  6: is("booked"),
  7: is("cancelled"),
  8: is("customs_released"),
  9: is("customs_released"),
  12: is("customs_released"),
  13: is("picked_up"),
  17: is("customs_hold"),
  18: { condition: "damaged" },
  20: is("delayed"),
  21: is("delivered"),
  22: is("delivered"),
  23: is("delivery_attempted"),
  27: is("departed_terminal"),
  31: is("in_transit"),
  48: is("loaded"),
  49: { condition: "lost" },
  56: is("delivery_attempted"),
  71: is("available"),
  73: is("partially_delivered"),
  74: is("arrived_terminal"),
  77: is("refused"),
  80: is("returned"),
  82: is("returned"),
  101: is("delayed"),
};

/** Ocean carriers write the codes of X12 315 into an IFTSTA (`STS+1+VD::22`, `STS+1+P::HS`). */
const CARRIER_STATUS: Readonly<Record<string, Status>> = {
  VD: is("departed_terminal"),
  VA: is("arrived_terminal"),
  P: is("departed_terminal"),
  OA: is("departed_terminal"),
  RL: is("departed_terminal"),
  I: is("arrived_terminal"),
  AR: is("arrived_terminal"),
  AE: is("loaded"),
  AL: is("loaded"),
  UV: is("in_transit"),
  UR: is("in_transit"),
  AV: is("available"),
  CT: is("customs_released"),
  D: is("delivered"),
  // UPS, in the category's own element (STS+1:D2:21).
  D2: is("delivered"),
  E1: is("delayed"),
};

/** Where a stop is, by the LOC or NAD qualifier beside the event. */
export type StopKind = "pickup" | "delivery" | "terminal";

const PICKUP = new Set(["5", "10", "198", "CZ", "PW"]);
const DELIVERY = new Set(["7", "8", "20", "CN", "DP"]);

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
  return Object.hasOwn(CARRIER_STATUS, code) ? CARRIER_STATUS[code] : undefined;
}

const REASONS: ReadonlyArray<readonly [ExceptionReason, string]> = [
  ["weather", "63"],
  ["mechanical", "23 35"],
  ["accident", "18 34"],
  ["carrier_operations", "53 69"],
  ["shipper_not_ready", "43"],
  ["consignee_unavailable", "7 39"],
  ["appointment_constraint", "5 8 15"],
  ["address", "1 9 30 59"],
  ["refused", "3 49 90"],
  ["damage", "14 60"],
  ["shortage_overage", "27 45 56 95 96"],
  ["customs_border", "13 24 25 28 93"],
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

/** 1153. */
const REFERENCES: Readonly<Record<string, readonly IdentifierType[]>> = {
  AAU: ["delivery_order"],
  AAZ: ["scac"],
  AHY: ["tracking"],
  BM: ["bol"],
  BN: ["booking"],
  CN: ["pro"],
  CO: ["po"],
  CR: ["shipment", "customer_ref"],
  CU: ["shipment", "shipment_id", "customer_ref"],
  CW: ["tracking"],
  DQ: ["delivery_order"],
  EQ: ["container"],
  FF: ["customer_ref"],
  HWB: ["hawb"],
  MB: ["mbol"],
  MWB: ["mawb"],
  ON: ["po"],
  SI: ["shipment_id"],
  SN: ["seal"],
  SRN: ["shipment_id"],
  UCN: ["customer_ref"],
};

/** The kinds of identifier that a reference qualifier names; ours when we gave it to the carrier. */
export function referenceTypes(qualifier: string): readonly IdentifierType[] {
  return Object.hasOwn(REFERENCES, qualifier) ? (REFERENCES[qualifier] ?? []) : [];
}

/** 7161 and, as carriers write them there too, X12 charge codes. */
const CHARGES: Readonly<Record<string, ChargeType>> = {
  FC: "linehaul",
  FUE: "fuel",
  FS: "fuel",
  FA: "fuel",
  DM: "storage_demurrage",
  WH: "storage_demurrage",
  ST: "storage_demurrage",
  IN: "misc",
  HD: "misc",
  TX: "tax",
  DI: "discount",
  TD: "discount",
  DET: "detention",
  DTL: "detention",
  DTU: "detention",
  HZ: "hazmat",
  HAZ: "hazmat",
  TO: "toll_border_customs",
  CUS: "toll_border_customs",
  RD: "redelivery_reconsignment",
};

/** The type of a charge; `misc` when its code is not known. */
export function chargeTypeOf(code: string): { type: ChargeType; known: boolean } {
  const type = Object.hasOwn(CHARGES, code) ? CHARGES[code] : undefined;
  return { type: type ?? "misc", known: type !== undefined };
}
