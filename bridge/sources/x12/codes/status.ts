/**
 * What X12 shipment status codes mean (elements 1650 in AT701, 1652 in AT703).
 *
 * Only the code list decides: many published examples map these codes wrongly. 1650 was compared
 * with the lists of releases 004010 (codes and names), 004050, 005010 and 005040 (codes), 1652 with
 * 004040 to 007040. Codes of the list that are left out stay unmapped and are shown:
 * docs/sources/x12.md names them. BF is of element 157; truckers send it all the same.
 */
import { meaning, type StatusMeaning } from "../../shared/x12_codes/meaning.ts";

/** AT701. XB (shipment acknowledged) is weak evidence: a later decline counts more. */
export const STATUS: Readonly<Record<string, StatusMeaning>> = {
  BF: meaning("booked"),
  XB: meaning("tender_accepted"),
  X3: meaning("arrived_pickup", "pickup"),
  X8: meaning("arrived_pickup", "pickup"),
  L1: meaning("loaded", "pickup"),
  CP: meaning("loaded", "pickup"),
  AM: meaning("loaded", "pickup"),
  AF: meaning("picked_up", "pickup"),
  X6: meaning("in_transit"),
  X4: meaning("arrived_terminal", "terminal"),
  X9: meaning("arrived_terminal", "terminal"),
  AR: meaning("arrived_terminal", "terminal"),
  RA: meaning("arrived_terminal", "terminal"),
  I1: meaning("arrived_terminal", "terminal"),
  R1: meaning("arrived_terminal", "terminal"),
  UR: meaning("arrived_terminal", "terminal"),
  AL: meaning("loaded", "terminal"),
  P1: meaning("departed_terminal", "terminal"),
  RL: meaning("departed_terminal", "terminal"),
  RD: meaning("departed_terminal", "terminal"),
  OA: meaning("departed_terminal", "terminal"),
  J1: meaning("departed_terminal", "terminal"),
  AG: meaning("eta_updated", "delivery", "estimated"),
  X2: meaning("eta_updated", "delivery", "estimated"),
  A1: meaning("eta_updated", "pickup", "estimated"),
  B6: meaning("eta_updated", "terminal", "estimated"),
  C1: meaning("departed_terminal", "terminal", "estimated"),
  SD: meaning("delayed"),
  K1: meaning("customs_hold"),
  PR: meaning("customs_hold"),
  K2: meaning("customs_released"),
  RH: meaning("customs_released"),
  AV: meaning("available"),
  AW: meaning("available"),
  // The last day without demurrage (DE) and without per diem for the equipment (PD).
  DE: meaning("last_free_day", undefined, "planned"),
  PD: meaning("last_free_day", undefined, "planned"),
  AJ: meaning("out_for_delivery", "delivery"),
  AH: meaning("delivery_attempted", "delivery"),
  AP: meaning("delivery_attempted", "delivery"),
  X1: meaning("arrived_delivery", "delivery"),
  X5: meaning("arrived_delivery", "delivery"),
  S1: meaning("arrived_delivery", "delivery"),
  D1: meaning("delivered", "delivery"),
  CB: meaning("delivered", "delivery"),
  PA: meaning("partially_delivered", "delivery"),
  D2: meaning("partially_delivered", "delivery"),
  A7: meaning("refused", "delivery"),
  A3: meaning("returned"),
  CA: meaning("cancelled"),
  A9: { conditions: ["damaged"] },
  CD: { conditions: ["departed_delivery"], stop: "delivery" },
};

/** AT703: the date is the appointment's, so it is a plan; AC is its estimate. */
export const APPOINTMENT: Readonly<Record<string, StatusMeaning>> = {
  AA: meaning("appointment_set", "pickup", "planned"),
  XA: meaning("appointment_set", "pickup", "planned"),
  AB: meaning("appointment_set", "delivery", "planned"),
  AC: meaning("appointment_set", "delivery", "estimated"),
  X9: meaning("appointment_set", "delivery", "planned"),
};
