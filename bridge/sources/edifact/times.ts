/**
 * DTM: a qualifier, digits, and the format that says what the digits are (2379). EDIFACT's times
 * carry no zone: the place beside them decides, else the connection's zone, and then it is said
 * that it was inferred.
 */
import type { Instant } from "../../canonical/values.ts";
import { readInstant } from "../shared/reading/instants.ts";
import type { Segment } from "./segments.ts";

export interface Dtm {
  qualifier: string;
  value: string;
  format: string;
  segment: Segment;
}

const CLOCK = /^(\d{2})(\d{2})(\d{2})?$/;
/** Digits of the date part by format; 303 to 305 end in a zone or are ranges in other lists. */
const DATE_DIGITS: Readonly<Record<string, number>> = {
  101: 6,
  102: 8,
  201: 6,
  202: 6,
  203: 8,
  204: 8,
  205: 8,
  303: 8,
  304: 8,
};
/** When the format is left out, as some senders do. */
const BY_LENGTH: Readonly<Record<number, string>> = {
  6: "101",
  8: "102",
  10: "201",
  12: "203",
  14: "204",
};
const PIVOT = 70;

export function readDtm(segment: Segment): Dtm {
  const [qualifier = "", value = "", format = ""] = segment.elements[0] ?? [];
  return { qualifier, value, format: format || (BY_LENGTH[value.length] ?? ""), segment };
}

/** `2022-11-19T07:10` of a DTM, or a day alone; nothing when it is no date. */
function wallClock({ value, format }: Pick<Dtm, "value" | "format">): string | undefined {
  const digits = DATE_DIGITS[format];
  if (digits === undefined) return undefined;
  const date = value.slice(0, digits);
  if (!/^\d+$/.test(date) || date.length !== digits) return undefined;
  const year = digits === 8 ? date.slice(0, 4) : century(date.slice(0, 2));
  const [month, day] = [date.slice(-4, -2), date.slice(-2)];
  const [, offset = ""] = /([+-]\d{4}|[+-]\d{2}:?\d{2})$/.exec(value.slice(digits)) ?? [];
  // A named zone (303 ends in EST, GMT …) other than UTC says less than the place.
  const named = /([A-Z]{3})$/.exec(value)?.[1] ?? "";
  const zone = offset || (named === "UTC" || named === "GMT" ? "Z" : "");
  const rest = value.slice(digits, value.length - offset.length - named.length);
  if (rest === "")
    return format === "102" || format === "101" ? `${year}-${month}-${day}` : undefined;
  const [, hour, minute, second] = CLOCK.exec(rest) ?? [];
  if (hour === undefined) return undefined;
  const time = second === undefined ? `${hour}:${minute}` : `${hour}:${minute}:${second}`;
  return `${year}-${month}-${day}T${time}${zone}`;
}

function century(year: string): string {
  return `${Number(year) >= PIVOT ? "19" : "20"}${year}`;
}

export type TimeTrouble = "unreadable_time" | "skipped_time" | "repeated_time";

/** The instant of a DTM in a zone. */
export function instantOf(dtm: Dtm, zone: string): { instant?: Instant; trouble?: TimeTrouble } {
  const text = wallClock(dtm);
  return text === undefined ? { trouble: "unreadable_time" } : readInstant(text, { zone });
}

/** The day of a DTM, for bills. */
export function dayOf(dtm: Dtm): string | undefined {
  const { instant } = instantOf(dtm, "UTC");
  return instant === undefined ? undefined : wallClock(dtm)?.slice(0, 10);
}
