/** Q7 and AT8 of a 214: what became of the goods. */
import { lookup } from "../codes/lookup.ts";
import { Decimal } from "decimal.js";
import type { Condition } from "../../../canonical/codes.ts";
import type { UnkeyedPod } from "../../shared/reading/reading.ts";
import { LADING_EXCEPTIONS, type Reason } from "../codes/reasons.ts";
import { decimalOf } from "../numbers.ts";
import type { SetContext } from "../set_context.ts";
import type { Detail } from "./details.ts";

export type QuantityLine = NonNullable<UnkeyedPod["quantities"]>[number];

/** Exceptions of one detail together. */
export interface Lading {
  reasons: Reason[];
  conditions: Condition[];
  /** Something was not delivered. */
  partial: boolean;
  /** The exceptions with a quantity. */
  quantities: QuantityLine[];
}

export function readLading(context: SetContext, detail: Detail): Lading {
  const lading: Lading = { reasons: [], conditions: [], partial: false, quantities: [] };
  for (const index of detail.exceptions) {
    const code = context.text(index, 1, 4);
    const exception = lookup(LADING_EXCEPTIONS, code);
    const raw = `Q7/${code ?? "-"}`;
    lading.reasons.push({ code: exception?.reason ?? "other", raw });
    if (exception === undefined) {
      context.finding("warning", "unmapped_code", `no meaning is known for ${raw}`, index, {
        element: 1,
      });
      continue;
    }
    lading.partial ||= exception.partial === true;
    if (exception.damaged && !lading.conditions.includes("damaged")) {
      lading.conditions.push("damaged");
    }
    const quantity = decimalOf(context.text(index, 3, 24));
    if (quantity === undefined || exception.outcome === undefined) continue;
    const unit = context.text(index, 2, 32);
    lading.quantities.push({
      quantity,
      ...(unit !== undefined && { unit }),
      outcome: exception.outcome,
      reason: exception.reason,
    });
  }
  return lading;
}

const OUTSIDE_SHIPPED = new Set(["over"]);

/**
 * Quantities for a proof of delivery: the exceptions, and as accepted what AT8 counts less them
 * (shipped = accepted + damaged + short + refused).
 */
export function deliveredQuantities(
  context: SetContext,
  detail: Detail,
  lading: Lading,
): QuantityLine[] {
  const shipped = piecesOf(context, detail);
  if (shipped === undefined) return lading.quantities;
  const lacking = lading.quantities
    .filter(({ outcome }) => !OUTSIDE_SHIPPED.has(outcome))
    .reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0));
  const accepted = shipped.minus(lacking);
  if (accepted.isNegative()) return lading.quantities;
  const unit = lading.quantities[0]?.unit;
  const line: QuantityLine = {
    quantity: accepted.toFixed(),
    ...(unit !== undefined && { unit }),
    outcome: "accepted",
  };
  return accepted.isZero() ? lading.quantities : [line, ...lading.quantities];
}

/** AT804, else AT805; several AT8 repeat the count under another weight. */
function piecesOf(context: SetContext, detail: Detail): Decimal | undefined {
  for (const index of detail.weights) {
    for (const n of [4, 5]) {
      const pieces = decimalOf(context.text(index, n, 24));
      if (pieces !== undefined && new Decimal(pieces).gt(0)) return new Decimal(pieces);
    }
  }
  return undefined;
}
