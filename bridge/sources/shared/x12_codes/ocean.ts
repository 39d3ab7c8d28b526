/**
 * What ocean status codes mean: X12 element 157 (B403 and SG01 of a 315; ocean carriers write the
 * same codes into an IFTSTA).
 *
 * Compared code by code with the list of release 004010; AU, which is of 004050, with that of
 * 006030. Codes of the list that are no step of the goods (equipment repairs, charges due, notices)
 * are left out: they stay unmapped and are shown.
 */
import { meaning, type StatusMeaning } from "./meaning.ts";

export interface OceanMeaning extends StatusMeaning {
  /** Moves the container: of an empty one it says nothing of the goods. */
  container?: boolean;
}

const moves = (...args: Parameters<typeof meaning>): OceanMeaning => ({
  ...meaning(...args),
  container: true,
});

/** PA to PX: holds by US customs (PA–PK, PQ, PR), agriculture (PL–PP, PS, PT, PW, PX), others (PU, PV). */
const US_HOLDS = Object.fromEntries(
  [..."ABCDEFGHIJKLMNOPQRSTUVWX"].map((letter) => [`P${letter}`, meaning("customs_hold")]),
);

export const OCEAN: Readonly<Record<string, OceanMeaning>> = {
  ...US_HOLDS,
  // the booking
  BF: meaning("booked"),
  XB: meaning("tender_accepted"),
  CA: meaning("cancelled"),
  // vessel
  VA: meaning("arrived_terminal", "terminal"),
  VD: meaning("departed_terminal", "terminal"),
  AE: moves("loaded", "terminal"),
  AO: moves("loaded", "terminal"),
  AP: moves("loaded", "terminal"),
  UV: moves("arrived_terminal", "terminal"),
  // rail
  AL: moves("loaded", "terminal"),
  RL: meaning("departed_terminal", "terminal"),
  AR: meaning("arrived_terminal", "terminal"),
  UR: moves("arrived_terminal", "terminal"),
  // terminals and gates; J hands over to a connecting line
  A: meaning("arrived_terminal", "terminal"),
  P: meaning("departed_terminal", "terminal"),
  R: meaning("arrived_terminal", "terminal"),
  J: meaning("departed_terminal", "terminal"),
  CD: meaning("arrived_terminal", "terminal"),
  CO: meaning("arrived_terminal", "terminal"),
  X4: meaning("arrived_terminal", "terminal"),
  I: moves("arrived_terminal", "terminal"),
  OA: moves("departed_terminal", "terminal"),
  // the shipper's and the consignee's door
  X3: moves("arrived_pickup", "pickup"),
  X8: moves("arrived_pickup", "pickup"),
  L: moves("loaded", "pickup"),
  AM: moves("loaded", "pickup"),
  AF: moves("picked_up", "pickup"),
  X6: moves("in_transit"),
  AJ: moves("out_for_delivery", "delivery"),
  AH: moves("delivery_attempted", "delivery"),
  "2": moves("delivery_attempted", "delivery"),
  X1: moves("arrived_delivery", "delivery"),
  X5: moves("arrived_delivery", "delivery"),
  S: moves("arrived_delivery", "delivery"),
  D: moves("delivered", "delivery"),
  "3": moves("returned"),
  SD: meaning("delayed"),
  // forecasts and appointments
  AG: meaning("eta_updated", "delivery", "estimated"),
  BD: meaning("eta_updated", "delivery", "estimated"),
  X2: meaning("eta_updated", "delivery", "estimated"),
  E: meaning("eta_updated", "terminal", "estimated"),
  C: meaning("departed_terminal", "terminal", "estimated"),
  BE: meaning("eta_updated", "pickup", "estimated"),
  AA: meaning("appointment_set", "pickup", "planned"),
  XA: meaning("appointment_set", "pickup", "planned"),
  AD: meaning("appointment_set", "delivery", "planned"),
  X9: meaning("appointment_set", "delivery", "planned"),
  // customs: K arrived there, A1 and C1 are Canada's holds, HR lifts any
  K: meaning("customs_hold"),
  A1: meaning("customs_hold"),
  C1: meaning("customs_hold"),
  C2: meaning("customs_hold"),
  A2: meaning("customs_released"),
  CT: meaning("customs_released"),
  CU: meaning("customs_released"),
  HR: meaning("customs_released"),
  // free time: NF names the day to come, FT says that it is over
  AU: meaning("available"),
  AV: meaning("available"),
  NF: meaning("last_free_day", undefined, "planned"),
  FT: meaning("last_free_day"),
  // empties: EE dispatched, RD returned
  EE: { container: true },
  RD: { container: true },
};

/** Events of the empty container alone. */
export const EMPTY_MOVES: ReadonlySet<string> = new Set(["EE", "RD"]);
