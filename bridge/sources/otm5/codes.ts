/**
 * What Open Trip Model 5 says, in canonical codes.
 *
 * Source: the OTM5 OpenAPI description (v5.7). An action does not say by its type alone what it
 * means: a load, unload or stop is judged by lifecycle and result, so the tables here hold words,
 * and the readers beside them hold the rules.
 */
import type { Classifier, ExceptionReason, MilestoneCode } from "../../canonical/codes.ts";

/** `actual` is under way (its start has happened), `realized` is over (its end, too). */
export const LIFECYCLES: Readonly<Record<string, Classifier>> = {
  requested: "planned",
  planned: "planned",
  projected: "estimated",
  actual: "actual",
  realized: "actual",
};

export const RESULT_STATUSES = ["succeeded", "failed", "partiallySucceeded", "cancelled"] as const;
/** `unknown` is a status that OTM does not define: it is shown and claims nothing. */
export type ResultStatus = (typeof RESULT_STATUSES)[number] | "unknown";

export const RESULT_REASONS: Readonly<Record<string, ExceptionReason>> = {
  damage: "damage",
  deliveredElsewhere: "address",
  deliveredToWrongReceiver: "address",
  inaccessibleAddress: "address",
  incomplete: "shortage_overage",
  invalidAddress: "address",
  invalidShippingLabel: "documents_payment",
  receiverAbsent: "consignee_unavailable",
  rejectedByReceiver: "refused",
  other: "other",
};

/**
 * Status of a consignment or a transport order. An empty list: known, and no step of the transport
 * (what a completed consignment came to is told by its unload action).
 */
export const CONSIGNMENT_STATUSES: Readonly<Record<string, readonly MilestoneCode[]>> = {
  draft: [],
  modified: [],
  requested: ["tendered"],
  accepted: ["tender_accepted"],
  confirmed: ["tender_accepted", "booked"],
  rejected: ["tender_declined"],
  declined: ["tender_declined"],
  inTransit: ["in_transit"],
  completed: [],
  closed: [],
  cancelled: ["cancelled"],
};

/** Status of a trip: what it says of every consignment on it. */
export const TRIP_STATUSES: Readonly<Record<string, readonly MilestoneCode[]>> = {
  ...CONSIGNMENT_STATUSES,
  confirmed: ["tender_accepted"],
};

/** Events of a vehicle on its way that say where it is. */
export const POSITION_EVENTS: ReadonlySet<string> = new Set([
  "locationUpdateEvent",
  "startMovingEvent",
]);

/** Known events that are no step of the transport: measurements and the engine. */
export const TELEMETRY_EVENTS: ReadonlySet<string> = new Set([
  "stopMovingEvent",
  "startWaitingEvent",
  "stopWaitingEvent",
  "startEngineEvent",
  "stopEngineEvent",
  "sensorUpdateEvent",
  "fuelConsumedEvent",
  "emissionEvent",
]);

/** Known actions that are no step of the transport; shown when they happened. */
export const OTHER_ACTIONS: ReadonlySet<string> = new Set([
  "detachTransportEquipment",
  "refuel",
  "break",
  "wait",
]);

export const ACTION_TYPES: ReadonlySet<string> = new Set([
  "load",
  "unload",
  "stop",
  "move",
  "handOver",
  "attachTransportEquipment",
  "genericAction",
  ...OTHER_ACTIONS,
]);

/** Who takes the goods at the end, as against who carries them. */
export const RECEIVING_ROLES: ReadonlySet<string> = new Set(["receiver", "consignee"]);
export const CARRYING_ROLES: ReadonlySet<string> = new Set(["carrier", "driver", "subcontractor"]);
