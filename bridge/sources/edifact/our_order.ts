/** The messages in which our orders leave, and what an answer calls one. */
import type { Identifier } from "../../canonical/identifiers.ts";
import * as answer from "../shared/reading/order_answer.ts";

/** IFTMIN tells a carrier what to move, INSDES a warehouse what to pick and despatch. */
export const ORDER_MESSAGES = ["IFTMIN", "INSDES"] as const;

/** Whether a message of this type is an order of ours. */
export function isOurOrder(type: string): boolean {
  return (ORDER_MESSAGES as readonly string[]).includes(type);
}

/** The order's name by the reference of its interchange. */
export function orderName(reference: string): Identifier {
  // Under one kind, whichever it left in: a CONTRL of an interchange tells the reference alone.
  return answer.orderName("IFTMIN", reference);
}
