/** What a partner's expressions may call beside JSONata's own functions, and what they may not. */
import { Decimal } from "decimal.js";
import { plainDecimal } from "./numerals.ts";

const decimalOf = (value: unknown): Decimal | undefined => {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim();
  return /^[+-]?\d{1,24}(\.\d{1,12})?$/.test(text) ? new Decimal(text) : undefined;
};

const withDecimals =
  (work: (...given: Decimal[]) => Decimal) =>
  (...given: unknown[]) => {
    const decimals = given.map(decimalOf);
    if (decimals.some((it) => it === undefined)) return undefined;
    return work(...(decimals as Decimal[])).toFixed();
  };

/** Exact arithmetic on decimals that are written as text; nothing when one of them is no decimal. */
export const FUNCTIONS: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
  /** `$decimal(text)`, or `$decimal(text, ",")` where a comma stands before the places. */
  decimal: (text: unknown, sign: unknown = ".") =>
    typeof text === "string" && sign === ","
      ? decimalOf(plainDecimal(text, { decimal: "," }))?.toFixed()
      : decimalOf(text)?.toFixed(),
  plus: withDecimals((a, b) => a.plus(b)),
  minus: withDecimals((a, b) => a.minus(b)),
  times: withDecimals((a, b) => a.times(b)),
  /** `$implied("5165", 2)` is 51.65. */
  implied: withDecimals((a, places) => a.times(new Decimal(10).pow(places.negated()))),
  // Compiled expressions are checked for these; a name that is put together is stopped here.
  ...Object.fromEntries(
    ["eval", "now", "millis", "random", "shuffle"].map((name) => [
      name,
      () => {
        throw new Error(`$${name} is not allowed`);
      },
    ]),
  ),
};
