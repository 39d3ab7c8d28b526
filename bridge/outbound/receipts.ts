/** The partner's answer to what was sent, as Odoo is told it. */
import type { OutboxAcknowledgement } from "../canonical/exchange.ts";
import type { OrderReceipt } from "../canonical/transport_order.ts";
import { struck } from "../redaction.ts";

export type Answer = Omit<OutboxAcknowledgement, "id" | "lease">;

/** The answer in place of a partner whose language has no such thing. */
export const takesNone = (what: string): Promise<OrderReceipt> =>
  Promise.resolve({ result: "rejected", reason: `the partner takes no ${what}` });

/** The partner's reason may repeat our credentials. */
export function withCleanReason(receipt: OrderReceipt): OrderReceipt {
  return receipt.result === "accepted" ? receipt : { ...receipt, reason: struck(receipt.reason) };
}

export function answerOf(receipt: OrderReceipt): Answer {
  if (receipt.result === "rejected")
    return { result: "rejected", reason: receipt.reason.slice(0, 512) };
  return {
    result: "accepted",
    ...(receipt.externalNumber === undefined ? {} : { external_number: receipt.externalNumber }),
    identifiers: receipt.identifiers.slice(0, 40),
  };
}
