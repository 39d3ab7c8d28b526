/** The groups in which our orders leave, and what an acknowledgement of one calls it. */
import type { Identifier } from "../../canonical/identifiers.ts";
import * as rejection from "../shared/reading/order_answer.ts";

/** GS01 of the groups in which our orders leave. */
export const ORDERS = "SM";

/** The order's name by control number (ISA13, GS06, AK102, TA101). */
export function orderName(control: string): Identifier {
  return rejection.orderName(ORDERS, control);
}
