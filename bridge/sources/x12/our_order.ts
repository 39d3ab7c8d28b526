/** The groups in which our orders leave, and what an acknowledgement of one calls it. */
import type { Identifier } from "../../canonical/identifiers.ts";
import * as rejection from "../shared/reading/order_answer.ts";

/** GS01 of the groups in which our orders leave: 204 to carriers, 940 to warehouses. */
export const GROUPS = { "204": "SM", "940": "OW" } as const;

/** Whether a group of this kind holds orders of ours. */
export function isOurs(kind: string): boolean {
  return Object.values<string>(GROUPS).includes(kind);
}

/** The order's name by control number (ISA13, GS06, AK102, TA101). */
export function orderName(control: string): Identifier {
  // Under one kind, whichever it left in: a TA1 tells the control number alone.
  return rejection.orderName(GROUPS["204"], control);
}
