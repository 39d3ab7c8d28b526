/** Goods and their quantities in the lines of an advice (861, 944, 945). */
import { Decimal } from "decimal.js";
import { decimalOf } from "../numbers.ts";
import type { SetContext } from "../set_context.ts";

export function quantityAt(context: SetContext, index: number, n: number): Decimal | undefined {
  const text = context.text(index, n, 24);
  const value = decimalOf(text);
  if (text !== undefined && value === undefined) {
    const wrong = `"${text}" is no quantity`;
    context.finding("error", "bad_quantity", wrong, index, { element: n, elementCode: "6" });
  }
  return value === undefined ? undefined : new Decimal(value);
}

/** Element 235: the seller's own number of the goods first, then what the trade calls them. */
const PRODUCTS = ["VN", "VP", "SK", "UP", "UK", "EN", "BP"];

/** @param places elements at which pairs of qualifier and number begin */
export function productAt(
  context: SetContext,
  index: number,
  places: readonly number[],
  longest: number,
): string | undefined {
  const found = new Map<string, string>();
  for (const n of places) {
    const [kind, value] = [context.text(index, n, 4), context.text(index, n + 1, longest)];
    if (kind !== undefined && value !== undefined && !found.has(kind)) found.set(kind, value);
  }
  const kind = PRODUCTS.find((it) => found.has(it)) ?? [...found.keys()][0];
  return kind === undefined ? undefined : found.get(kind);
}
