/** What a partner's expressions may call beside JSONata's own functions, and what they may not. */
import { Decimal } from "decimal.js";
import type { Numbers } from "./format_types.ts";
import { plainDecimal } from "./numerals.ts";

type Functions = Readonly<Record<string, (...given: unknown[]) => unknown>>;

/** Decimals as they are written between Odoo and the bridge. */
export const PLAIN: Numbers = { decimal: "." };
const SIGNS: readonly unknown[] = [".", ","] satisfies ReadonlyArray<Numbers["decimal"]>;

/** Compiled expressions are checked for these; a name that is put together is stopped here. */
const REFUSED: Functions = Object.fromEntries(
  ["eval", "now", "millis", "random", "shuffle"].map((name) => [
    name,
    () => {
      throw new Error(`$${name} is not allowed`);
    },
  ]),
);

/**
 * Exact arithmetic on decimals that are written as text; nothing when one of them is no decimal. Texts
 * are written as the partner writes them, and so is what comes of them: it may be a value of a fact, and
 * may be reckoned with again.
 */
export function functionsOf(numbers: Numbers = PLAIN): Functions {
  const written = (value: Decimal) => value.toFixed().replace(".", numbers.decimal);
  const withDecimals =
    (work: (...given: Decimal[]) => Decimal) =>
    (...given: unknown[]) => {
      const decimals = given.map((it) => decimalOf(it, numbers));
      if (decimals.some((it) => it === undefined)) return undefined;
      return written(work(...(decimals as Decimal[])));
    };
  return {
    /** `$decimal(text)`, or `$decimal(text, ",")` where this text has a comma before the places. */
    decimal: (text: unknown, sign: unknown) => {
      const decimal = decimalOf(text, isSign(sign) ? { decimal: sign } : numbers);
      return decimal === undefined ? undefined : written(decimal);
    },
    plus: withDecimals((a, b) => a.plus(b)),
    minus: withDecimals((a, b) => a.minus(b)),
    times: withDecimals((a, b) => a.times(b)),
    /** `$implied("5165", 2)` is 51.65. */
    implied: withDecimals((a, places) => a.times(new Decimal(10).pow(places.negated()))),
    ...REFUSED,
  };
}

/** Numbers (of JSON) have no way of writing. */
function decimalOf(value: unknown, numbers: Numbers): Decimal | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = plainDecimal(String(value), typeof value === "number" ? PLAIN : numbers) ?? "";
  return /^-?\d{1,24}(\.\d{1,12})?$/.test(text) ? new Decimal(text) : undefined;
}

function isSign(sign: unknown): sign is Numbers["decimal"] {
  return SIGNS.includes(sign);
}
