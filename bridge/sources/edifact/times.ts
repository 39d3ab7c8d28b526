/**
 * DTM: a qualifier, digits, and the format that says what the digits are (2379; compared with the
 * lists of D.96A and D.07B). Most formats carry no zone: the place beside them decides, else the
 * connection's zone, and then it is said that it was inferred.
 *
 * Read are all formats that name a day: 2 to 5, 10, 101, 102, 105, 201 to 205, 301 to 304, and the
 * periods of such (711, 713, 717, 718, 719), of which the end is taken; 401, 402 and 404 beside a
 * day of the same qualifier. Weeks, months, quarters and durations name no day.
 */
import type { Instant } from "../../canonical/values.ts";
import { readInstant } from "../shared/reading/instants.ts";
import { dayAfter, type Midnight, readClock, readDay } from "../shared/reading/wall_clock.ts";
import type { Segment } from "./segments.ts";
import { statedZone } from "./zones.ts";

export interface Dtm {
  qualifier: string;
  value: string;
  format: string;
  segment: Segment;
  /** The time of day that a second DTM tells beside this day. */
  time?: Dtm;
}

/** When the format is left out, as some senders do. */
const BY_LENGTH: Readonly<Record<number, string>> = {
  6: "101",
  8: "102",
  10: "201",
  12: "203",
  14: "204",
};
/** Formats by how their date is written. */
const SHORT_YEAR = new Set(["101", "201", "202", "301", "302", "713", "717"]);
const LONG_YEAR = new Set("10 102 203 204 205 303 304 711 718 719".split(" "));
/** DDMMYY, MMDDYY and, with the century, DDMMCCYY and DDMMCCYYHHMM. */
const DAY_FIRST: Readonly<Record<string, RegExp>> = {
  2: /^(?<d>\d\d)(?<m>\d\d)(?<y>\d\d)$/,
  3: /^(?<m>\d\d)(?<d>\d\d)(?<y>\d\d)$/,
  4: /^(?<d>\d\d)(?<m>\d\d)(?<y>\d{4})$/,
  5: /^(?<d>\d\d)(?<m>\d\d)(?<y>\d{4})(?<clock>\d{4})$/,
};
const PERIODS = new Set(["711", "713", "717", "718", "719"]);
const TIMES = new Set(["401", "402", "404"]);

export function readDtm(segment: Segment): Dtm {
  const [[qualifier = "", said = "", ofSaid = ""] = [], rest] = segment.elements;
  // DTM has one element: a second one is an offset whose plus was not released.
  const value = rest === undefined ? said : `${said}+${rest[0] ?? ""}`;
  const format = rest?.[1] ?? ofSaid;
  return { qualifier, value, format: format || (BY_LENGTH[value.length] ?? ""), segment };
}

/**
 * The DTM of some segments. A time of day alone (401, 402, 404) belongs to the day that stands
 * beside it under the same qualifier.
 */
export function readDtms(segments: readonly Segment[]): Dtm[] {
  const all = segments.filter((it) => it.tag === "DTM").map(readDtm);
  const days = all.filter((it) => !TIMES.has(it.format));
  for (const time of all) {
    if (!TIMES.has(time.format)) continue;
    const day = days.find((it) => it.qualifier === time.qualifier && it.time === undefined);
    if (day === undefined) days.push(time);
    else day.time = time;
  }
  return days;
}

interface Digits {
  /** `2026-11-23`. */
  day: string;
  clock: string;
  zone: string;
}

/** What the digits are, by their format; nothing when they name no day. */
function digitsOf({ value, format }: Pick<Dtm, "value" | "format">): Digits | undefined {
  const first = Object.hasOwn(DAY_FIRST, format) ? DAY_FIRST[format] : undefined;
  if (first !== undefined) {
    const { y = "", m = "", d = "", clock = "" } = first.exec(value)?.groups ?? {};
    return digits(`${y}${m}${d}`, clock, "");
  }
  // YYDDD: the first of January is day 001.
  if (format === "105") {
    const [, year = "", count = ""] = /^(\d\d)(\d{3})$/.exec(value) ?? [];
    const start = readDay(`${year}0101`);
    if (start === undefined || Number(count) < 1 || Number(count) > 366) return undefined;
    return { day: dayAfter(start, Number(count) - 1), clock: "", zone: "" };
  }
  const long = LONG_YEAR.has(format);
  if (!long && !SHORT_YEAR.has(format)) return undefined;
  const [, date = "", clock = "", zone = ""] =
    (long ? /^(\d{8})T?(\d*)\s*(\D.*)?$/ : /^(\d{6})(\d*)\s*(\D.*)?$/).exec(value) ?? [];
  return digits(date, clock, zone);
}

function digits(date: string, clock: string, zone: string): Digits | undefined {
  const day = readDay(date);
  return day === undefined ? undefined : { day, clock, zone: zone.trim() };
}

/** Begin and end of a period stand one behind the other, some put a hyphen between them. */
function endOf(value: string): string {
  return value.includes("-") ? (value.split("-")[1] ?? "") : value.slice(value.length / 2);
}

export interface Trouble {
  code:
    | "unreadable_time"
    | "unknown_time_zone"
    | "skipped_time"
    | "repeated_time"
    | "period_end"
    | "time_apart";
  text: string;
}

const SHIFTED = {
  skipped_time: "the clocks skipped this local time; the time an hour later was taken",
  repeated_time: "the clocks showed this local time twice; the first was taken",
};

export interface ReadDtm {
  /** Nothing when no day could be read. */
  instant?: Instant;
  troubles: Trouble[];
}

export interface TimeRules {
  /** IANA zone for times that name none: the place's, else the connection's. */
  zone: string;
  /** The zone of the place, when its names tell one. */
  place?: string | undefined;
  midnight?: Midnight;
}

/** The instant of a DTM, with what was odd about it. */
export function instantOf(dtm: Dtm, { zone, place, midnight = "unknown" }: TimeRules): ReadDtm {
  const troubles: Trouble[] = [];
  const say = (code: Trouble["code"], text: string) => void troubles.push({ code, text });
  const isPeriod = PERIODS.has(dtm.format);
  const read = digitsOf(isPeriod ? { ...dtm, value: endOf(dtm.value) } : dtm);
  if (read === undefined) {
    say("unreadable_time", `"${dtm.value}" is no day of format ${dtm.format || "(none)"}`);
    return { troubles };
  }
  if (isPeriod) say("period_end", `"${dtm.value}" is a period; its end was taken`);
  if (dtm.time !== undefined && read.clock === "") addTime(read, dtm.time, say);
  const clock = readClock(read.clock, midnight);
  if (clock === "unreadable") {
    say("unreadable_time", `"${dtm.value}" holds no time of day; only the day was taken`);
  }
  const named = read.zone === "" ? undefined : statedZone(read.zone, place);
  if (read.zone !== "" && named === undefined) {
    say("unknown_time_zone", `"${read.zone}" names no zone that is known; ${zone} was taken`);
  }
  const whole = typeof clock === "object";
  const day = whole && clock.nextDay ? dayAfter(read.day) : read.day;
  const text = whole ? `${day}T${clock.text}` : day;
  const rules = { zone: named?.zone ?? zone, zoneStated: named !== undefined };
  let { instant, trouble } = readInstant(text, rules);
  if (trouble !== undefined && named?.standard !== undefined) {
    // The clocks skipped this time or showed it twice: then the name says which is meant.
    ({ instant, trouble } = readInstant(text, { zone: named.standard, zoneStated: true }));
  }
  if (trouble === "skipped_time" || trouble === "repeated_time") say(trouble, SHIFTED[trouble]);
  return { ...(instant && { instant }), troubles };
}

function addTime(read: Digits, { value }: Dtm, say: (code: "time_apart", text: string) => void) {
  const [, clock = "", zone = ""] = /^(\d*)\s*(\D.*)?$/.exec(value) ?? [];
  read.clock = clock;
  read.zone ||= zone.trim();
  say("time_apart", `the time "${value}" stands in a DTM of its own; it was read with the day`);
}

/** The day of a DTM, for bills: as it is written, whatever its zone. */
export function dayOf(dtm: Dtm): string | undefined {
  return digitsOf(PERIODS.has(dtm.format) ? { ...dtm, value: endOf(dtm.value) } : dtm)?.day;
}
