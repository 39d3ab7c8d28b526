/** Decimals as partners write them. */
import type { Numbers } from "./format_types.ts";

/**
 * The text with a point before its places and its sign in front; nothing when it is not written
 * as the partner writes: a thousand must never become a one.
 */
export function plainDecimal(
  text: string,
  { decimal, group }: Numbers = { decimal: "." },
): string | undefined {
  const trimmed = text.trim();
  // Some systems write the sign behind the number.
  const behind = /^([^-+]+)([-+])$/.exec(trimmed);
  const [, sign = "", digits = ""] = /^([-+]?)\s*(.*)$/.exec(
    behind === null ? trimmed : `${behind[2] ?? ""}${behind[1] ?? ""}`,
  ) as RegExpExecArray;
  const [whole = "", places, ...more] = digits.trim().split(decimal);
  if (more.length > 0 || (places !== undefined && !/^\d*$/.test(places))) return undefined;
  const ungrouped = group === undefined ? whole : ungroup(whole, group);
  if (ungrouped === undefined || !/^\d+$/.test(ungrouped)) return undefined;
  return `${sign === "-" ? "-" : ""}${ungrouped}${places === undefined || places === "" ? "" : `.${places}`}`;
}

/** Thousands in groups of three, or none. What begins with a zero has none: 0.001 is no 1. */
function ungroup(whole: string, group: string): string | undefined {
  // A space that does not break stands for a space.
  const parts = whole.replaceAll(/[\u00A0\u202F]/g, " ").split(group);
  const [first = "", ...others] = parts;
  if (others.length === 0) return whole;
  const fits = /^[1-9]\d{0,2}$/.test(first) && others.every((part) => /^\d{3}$/.test(part));
  return fits ? parts.join("") : undefined;
}
