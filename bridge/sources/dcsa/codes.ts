/**
 * What DCSA Track & Trace events mean in the canonical model.
 *
 * Sources: DCSA T&T 2.2/2.3 and 3.0 (OpenAPI and reference data). One code means different steps
 * by facility, direction and load: a laden container that leaves the customer was picked up, one
 * that leaves an import terminal is out for delivery, an empty one moves no goods at all. So the
 * tables hold rules; the first that fits decides.
 */
import type { Condition, ExceptionReason, MilestoneCode, StopKind } from "../../canonical/codes.ts";

export type EventType = "SHIPMENT" | "TRANSPORT" | "EQUIPMENT" | "IOT" | "REEFER";
export type Direction = "EXPORT" | "IMPORT" | "TRANSSHIPMENT";

/** What a rule may ask for; `-` stands for "not told". An absent member fits anything. */
export interface Rule {
  codes: readonly string[];
  documents?: readonly string[];
  facility?: readonly string[];
  load?: readonly ("EMPTY" | "LADEN" | "-")[];
  direction?: readonly (Direction | "-")[];
  code?: MilestoneCode;
  conditions?: readonly Condition[];
  stop?: StopKind;
  /** Known, but no step of the goods: why it stays unmapped. */
  note?: "container_only" | "direction_unknown" | "no_step";
}

const ORDERS = ["CBR", "BKG"];
/** Documents whose hold or release stops or frees the goods. */
const RELEASES = ["CUS", "CUC", "SRM", "TRD", "ARN"];
const CUSTOMER = ["CLOC", "-"];
/** 2.x says BOCR, 3.0 BORD. */
const BORDER = ["BOCR", "BORD"];

const SHIPMENT: readonly Rule[] = [
  {
    codes: ["ISSU", "RECE", "CMPL", "APPR", "CONF", "SUBM"],
    documents: ["PFD"],
    conditions: ["pod_available"],
    stop: "delivery",
  },
  { codes: ["REQS", "RECE"], documents: ["CBR"], code: "tendered" },
  { codes: ["CONF"], documents: ["CBR"], code: "tender_accepted" },
  { codes: ["CONF"], documents: ["BKG"], code: "booked" },
  { codes: ["REJE", "DECL"], documents: ORDERS, code: "tender_declined" },
  { codes: ["CANC", "CACF", "VOID"], documents: ORDERS, code: "cancelled" },
  { codes: ["HOLD"], documents: RELEASES, code: "customs_hold" },
  { codes: ["RELS"], documents: RELEASES, code: "customs_released" },
];

const TRANSPORT: readonly Rule[] = [
  {
    codes: ["ARRI"],
    facility: ["CLOC"],
    direction: ["EXPORT"],
    code: "arrived_pickup",
    stop: "pickup",
  },
  {
    codes: ["ARRI"],
    facility: ["CLOC"],
    direction: ["IMPORT"],
    code: "arrived_delivery",
    stop: "delivery",
  },
  { codes: ["DEPA"], facility: ["CLOC"], direction: ["EXPORT"], code: "picked_up", stop: "pickup" },
  {
    codes: ["DEPA"],
    facility: ["CLOC"],
    direction: ["IMPORT"],
    conditions: ["departed_delivery"],
    stop: "delivery",
  },
  { codes: ["ARRI", "DEPA"], facility: ["CLOC"], note: "direction_unknown" },
  { codes: ["ARRI"], facility: BORDER, code: "arrived_terminal", stop: "customs" },
  { codes: ["DEPA"], facility: BORDER, code: "departed_terminal", stop: "customs" },
  { codes: ["ARRI"], code: "arrived_terminal", stop: "terminal" },
  { codes: ["DEPA"], code: "departed_terminal", stop: "terminal" },
];

const EQUIPMENT: readonly Rule[] = [
  { codes: ["CUSI", "CUSS", "HOLD"], code: "customs_hold" },
  { codes: ["CUSR"], code: "customs_released" },
  { codes: ["STUF"], code: "loaded", stop: "pickup" },
  { codes: ["STRP"], facility: CUSTOMER, code: "delivered", stop: "delivery" },
  {
    codes: ["DROP"],
    facility: CUSTOMER,
    load: ["EMPTY"],
    direction: ["EXPORT", "-"],
    code: "arrived_pickup",
    stop: "pickup",
  },
  {
    codes: ["DROP"],
    facility: CUSTOMER,
    load: ["LADEN"],
    direction: ["IMPORT", "-"],
    code: "delivered",
    stop: "delivery",
  },
  {
    codes: ["DROP"],
    facility: CUSTOMER,
    load: ["-"],
    direction: ["EXPORT"],
    code: "arrived_pickup",
    stop: "pickup",
  },
  {
    codes: ["DROP"],
    facility: CUSTOMER,
    load: ["-"],
    direction: ["IMPORT"],
    code: "delivered",
    stop: "delivery",
  },
  {
    codes: ["PICK"],
    facility: CUSTOMER,
    load: ["LADEN"],
    direction: ["EXPORT", "-"],
    code: "picked_up",
    stop: "pickup",
  },
  {
    codes: ["PICK"],
    facility: CUSTOMER,
    load: ["EMPTY"],
    direction: ["IMPORT", "-"],
    conditions: ["departed_delivery"],
    stop: "delivery",
  },
  {
    codes: ["PICK"],
    facility: CUSTOMER,
    load: ["-"],
    direction: ["EXPORT"],
    code: "picked_up",
    stop: "pickup",
  },
  {
    codes: ["PICK"],
    facility: CUSTOMER,
    load: ["-"],
    direction: ["IMPORT"],
    conditions: ["departed_delivery"],
    stop: "delivery",
  },
  { codes: ["DROP", "PICK"], facility: CUSTOMER, note: "direction_unknown" },
  {
    codes: ["GTIN", "GTOT", "LOAD", "DISC", "DROP", "PICK", "AVPU", "AVDO", "CROS"],
    load: ["EMPTY"],
    note: "container_only",
  },
  { codes: ["LOAD"], facility: ["CLOC"], code: "loaded", stop: "pickup" },
  { codes: ["LOAD"], direction: ["TRANSSHIPMENT", "IMPORT"], code: "in_transit", stop: "terminal" },
  { codes: ["LOAD"], code: "loaded", stop: "terminal" },
  {
    codes: ["GTIN"],
    facility: ["CLOC"],
    direction: ["IMPORT"],
    code: "arrived_delivery",
    stop: "delivery",
  },
  {
    codes: ["GTIN"],
    facility: ["CLOC"],
    direction: ["EXPORT"],
    code: "arrived_pickup",
    stop: "pickup",
  },
  { codes: ["GTOT"], facility: ["CLOC"], direction: ["EXPORT"], code: "picked_up", stop: "pickup" },
  {
    codes: ["GTOT"],
    facility: ["CLOC"],
    load: ["LADEN"],
    direction: ["-"],
    code: "picked_up",
    stop: "pickup",
  },
  { codes: ["GTIN", "GTOT"], facility: ["CLOC"], note: "direction_unknown" },
  { codes: ["GTOT"], direction: ["IMPORT"], code: "out_for_delivery", stop: "delivery" },
  { codes: ["GTIN", "DISC", "DROP"], code: "arrived_terminal", stop: "terminal" },
  { codes: ["GTOT", "PICK"], code: "departed_terminal", stop: "terminal" },
  { codes: ["AVPU"], code: "available" },
  { codes: ["CROS"], code: "in_transit", stop: "customs" },
  { codes: ["STRP", "INSP", "RSEA", "RMVD", "AVDO"], note: "no_step" },
];

/** Sensor and cooling data: shown with the shipment, but a container's position moves no milestone. */
const READINGS: readonly Rule[] = [{ codes: ["DETC", "MEAS", "ADJU"], note: "no_step" }];

export const RULES: Readonly<Record<EventType, readonly Rule[]>> = {
  SHIPMENT,
  TRANSPORT,
  EQUIPMENT,
  IOT: READINGS,
  REEFER: READINGS,
};

/** Where a shipment's location lies, for events that name no movement (3.0, shipmentLocationType). */
export const LOCATION_DIRECTIONS: Readonly<Record<string, Direction>> = {
  PRE: "EXPORT",
  ORI: "EXPORT",
  PCF: "EXPORT",
  POL: "EXPORT",
  FCD: "EXPORT",
  IEL: "EXPORT",
  POD: "IMPORT",
  PDE: "IMPORT",
  OIR: "IMPORT",
};

/** SMDG delay reasons that DCSA's own examples use; the others count as `other`, with their code. */
export const DELAY_REASONS: Readonly<Record<string, ExceptionReason>> = {
  WEA: "weather",
  STR: "labor_civil",
};
