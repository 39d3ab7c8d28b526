/**
 * What a message says to have happened, beside when the message came: nobody reports tomorrow.
 *
 * A wrong year or a day and month exchanged would otherwise stand as the latest news for ever.
 */
import type { CheckedFact } from "../../../canonical/checked_fact.ts";

/** Wrong clocks and zones explain a day, not more. */
const TOLERANCE_MS = 86_400_000;

/** Whether an instant (UTC) is later than the receipt can be explained with. */
export function isAhead(at: string, receivedAt: Date): boolean {
  return Date.parse(at) > receivedAt.getTime() + TOLERANCE_MS;
}

/** The words for a fact that says to have happened after its receipt; nothing for all others. */
export function aheadOfReceipt(fact: CheckedFact, receivedAt: Date): string | undefined {
  const at = happenedAt(fact);
  if (at === undefined || !isAhead(at, receivedAt)) return undefined;
  return `says to have happened at ${at}, after it was received`;
}

function happenedAt(fact: CheckedFact): string | undefined {
  if (fact.kind === "milestone") {
    return fact.classifier === "actual" ? fact.occurred.at : undefined;
  }
  if (fact.kind === "proof_of_delivery" || fact.kind === "carrier_invoice") {
    return fact.delivered?.at;
  }
  return fact.kind === "charge" ? fact.occurred?.at : undefined;
}
