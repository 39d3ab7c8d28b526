/** Makes a value that XML-RPC can carry without changing what it says. */
import { MilepostError } from "../errors.ts";

const INT32 = 2 ** 31;
/** What XML 1.0 cannot hold, single surrogates included. */
const ILLEGAL =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * Leaves out undefined (the library would send an empty string), writes dates as UTC text, and
 * replaces characters that XML forbids. Throws `odoo_refused` for integers that an `<int>` cannot
 * hold and for numbers that are none.
 */
export function xmlSafe(value: unknown): unknown {
  if (typeof value === "string") return value.replace(ILLEGAL, "\uFFFD");
  if (typeof value === "number") return checkedNumber(value);
  if (value instanceof Date) return `${value.toISOString().slice(0, 19)}Z`;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : xmlSafe(item)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([name, inner]) => [name, xmlSafe(inner)]));
}

function checkedNumber(value: number): number {
  const fits = Number.isInteger(value) ? value >= -INT32 && value < INT32 : Number.isFinite(value);
  if (fits) return value;
  throw new MilepostError(`XML-RPC cannot carry the number ${value}`, {
    code: "odoo_refused",
    retry: "never",
    hint: "use transport json2",
  });
}
