/** What ocean status codes mean (315, element 157 in B403). */
import type { StatusMeaning } from "./status.ts";

export interface OceanMeaning extends StatusMeaning {
  /** Moves the container: of an empty one it says nothing of the goods. */
  container?: boolean;
}

export const OCEAN: Readonly<Record<string, OceanMeaning>> = {
  // vessel
  VA: { code: "arrived_terminal", stop: "terminal" },
  VD: { code: "departed_terminal", stop: "terminal" },
  AE: { code: "loaded", stop: "terminal", container: true },
  UV: { code: "arrived_terminal", stop: "terminal", container: true },
  // rail
  AL: { code: "loaded", stop: "terminal", container: true },
  RL: { code: "departed_terminal", stop: "terminal" },
  AR: { code: "arrived_terminal", stop: "terminal" },
  UR: { code: "arrived_terminal", stop: "terminal", container: true },
  // gates and doors
  I: { code: "arrived_terminal", stop: "terminal", container: true },
  OA: { code: "departed_terminal", stop: "terminal", container: true },
  AF: { code: "picked_up", stop: "pickup", container: true },
  AM: { code: "loaded", stop: "pickup", container: true },
  AV: { code: "available" },
  X1: { code: "arrived_delivery", stop: "delivery", container: true },
  D: { code: "delivered", stop: "delivery", container: true },
  // customs
  CT: { code: "customs_released" },
  CU: { code: "customs_released" },
  PA: { code: "customs_hold" },
  // empties: EE dispatched, RD returned
  EE: { container: true },
  RD: { container: true },
};

/** Events of the empty container alone. */
export const EMPTY_MOVES: ReadonlySet<string> = new Set(["EE", "RD"]);
