/** EDIFACT's numbers as canonical decimals. */
import { Decimal } from "decimal.js";

/**
 * A number with the decimal mark of UNA; the other of comma and point is taken too, as ISO 9735
 * allows both. Nothing when it is no number: amounts are never guessed.
 */
export function decimalOf(text: string, mark: string): string | undefined {
  const plain = text.replace(mark, ".").replace(",", ".");
  if (!/^-?\d{1,17}(\.\d{1,6})?$/.test(plain)) return undefined;
  return new Decimal(plain).toFixed();
}
