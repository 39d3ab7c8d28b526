/** Numbers as X12 writes them: R (explicit point) and N2 (two implied decimals). */
import { Decimal } from "decimal.js";

const NUMBER = /^([+-]?)(\d{1,17})?(\.\d{1,6})?$/;

/** A plain canonical decimal of an R element; nothing when it is no number. */
export function decimalOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const match = NUMBER.exec(text);
  if (match === null || (match[2] === undefined && match[3] === undefined)) return undefined;
  return new Decimal(text.replace("+", "")).toFixed();
}

/**
 * An N2 amount: `5165` is 51.65. A point in it is explicit, whatever the standard says; `explicit`
 * is for partners who leave even whole amounts as they are.
 */
export function amountOf(
  text: string | undefined,
  amounts: "implied" | "explicit",
): string | undefined {
  const number = decimalOf(text);
  if (number === undefined || text === undefined) return undefined;
  const value = new Decimal(number);
  const implied = amounts === "implied" && !text.includes(".");
  return (implied ? value.div(100) : value).toFixed(Math.max(2, value.decimalPlaces()));
}
