/**
 * FourKites callback types.
 *
 * Source: third-party code that receives FourKites callbacks (message types and members). Nothing
 * here was tried against the service. See docs/sources/fourkites.md.
 */
import type { Condition, MilestoneCode, StopKind } from "../../canonical/codes.ts";

export interface StopMeaning {
  code?: MilestoneCode;
  conditions?: readonly Condition[];
}

export const STOP_KINDS: Readonly<Record<string, StopKind>> = {
  pickup: "pickup",
  delivery: "delivery",
  transfer: "terminal",
};

/** Callbacks about a stop that happened: type → kind of stop → meaning. */
export const STOP_EVENTS: Readonly<Record<string, Partial<Record<StopKind, StopMeaning>>>> = {
  STOP_ARRIVAL: {
    pickup: { code: "arrived_pickup" },
    delivery: { code: "arrived_delivery" },
    terminal: { code: "arrived_terminal" },
  },
  STOP_DEPARTURE: {
    pickup: { code: "picked_up" },
    delivery: { conditions: ["departed_delivery"] },
    terminal: { code: "departed_terminal" },
  },
  STOP_AUTO_COMPLETED: {
    pickup: { code: "picked_up" },
    delivery: { code: "delivered" },
    terminal: { code: "departed_terminal" },
  },
  STOP_AUTO_PICKED_UP: { pickup: { code: "picked_up" } },
  STOP_AUTO_DELIVERED: { delivery: { code: "delivered" } },
};

/** Forecasts of the arrival at a stop, by kind of stop. */
export const ETA_EVENTS: ReadonlySet<string> = new Set(["STOP_ETA_UPDATED", "CARRIER_ETA_UPDATED"]);
export const ETA_CODES: Readonly<Record<StopKind, MilestoneCode>> = {
  pickup: "arrived_pickup",
  delivery: "eta_updated",
  terminal: "arrived_terminal",
  customs: "arrived_terminal",
};

/** Callbacks about the record in FourKites, not about the transport. */
export const RECORD_EVENTS: ReadonlySet<string> = new Set([
  "LOAD_CREATION",
  "LOAD_UPDATE",
  "STOP_CREATED",
  "STOP_UPDATED",
  "STOP_DELETED",
]);
