/**
 * X12 dates (element 373), times (337) and time codes (623) as canonical instants.
 *
 * Every code of the list is read (releases 004010 and 004050 to 005040 have the same).
 *
 * The traps, each from real files: a code `LT` or none at all means the clock at the event's place;
 * standard-time codes are sent all summer; `NS` is Newfoundland here and "normal status" one element
 * before; `05` is five hours ahead of UTC, not behind; `0000` stands for "not known"; hundredths
 * of seconds follow without a separator.
 */
import { lookup } from "./codes/lookup.ts";
import { IANAZone } from "luxon";
import type { Instant } from "../../canonical/values.ts";
import { readInstant } from "../shared/reading/instants.ts";
import type { PlaceZone } from "../shared/reading/place_zone.ts";

export interface TimeRules {
  /** Zone of the event's place, if its names tell. */
  place?: PlaceZone | undefined;
  /** IANA zone of the connection, when nothing else tells. */
  zone: string;
  standardTime: "wall_clock" | "as_coded";
  midnight: "unknown" | "midnight";
}

export interface TimeTrouble {
  code:
    | "unreadable_date"
    | "unreadable_time"
    | "unknown_time_code"
    | "zone_unknown"
    | "skipped_time"
    | "repeated_time";
  part: "date" | "time" | "code";
  text: string;
}

export interface ReadTime {
  instant?: Instant;
  troubles: TimeTrouble[];
}

/** Standard offset and zone of each letter of element 623; D adds an hour, T follows the clocks. */
const FAMILIES: Readonly<Record<string, { minutes: number; zone: string }>> = {
  N: { minutes: -210, zone: "America/St_Johns" },
  T: { minutes: -240, zone: "America/Halifax" },
  E: { minutes: -300, zone: "America/New_York" },
  C: { minutes: -360, zone: "America/Chicago" },
  M: { minutes: -420, zone: "America/Denver" },
  P: { minutes: -480, zone: "America/Los_Angeles" },
  A: { minutes: -540, zone: "America/Anchorage" },
  H: { minutes: -600, zone: "Pacific/Honolulu" },
};

/** Two-digit years from 70 on are of the last century. */
const PIVOT = 70;

/** Reads date, time and time code of one event. Without a readable date there is no instant. */
export function readTime(
  date: string | undefined,
  time: string | undefined,
  code: string | undefined,
  rules: TimeRules,
): ReadTime {
  const troubles: TimeTrouble[] = [];
  const day = date === undefined ? undefined : readDay(date);
  if (day === undefined) {
    const text = date === undefined ? "there is no date" : `"${date}" is no date`;
    return { troubles: [{ code: "unreadable_date", part: "date", text }] };
  }
  const clock = readClock(time, rules.midnight);
  if (clock === "unreadable") {
    const text = `"${time}" is no time; only the date was taken`;
    troubles.push({ code: "unreadable_time", part: "time", text });
  }
  const zone = zoneOfCode(code, rules, troubles);
  const whole = typeof clock === "object";
  const on = whole && clock.nextDay ? dayAfter(day) : day;
  const text = whole ? `${on}T${clock.text}` : on;
  let { instant, trouble } = readInstant(text, { zone: zone.name, zoneStated: zone.stated });
  if (trouble !== undefined && zone.standard !== undefined) {
    // The clocks skipped this time or showed it twice: then the code itself says which is meant.
    ({ instant, trouble } = readInstant(text, { zone: zone.standard, zoneStated: true }));
  }
  if (trouble === "skipped_time" || trouble === "repeated_time") {
    troubles.push({ code: trouble, part: "time", text: `${SHIFTED[trouble]} in ${zone.name}` });
  }
  return { ...(instant && { instant }), troubles };
}

const SHIFTED = {
  skipped_time: "the clocks skipped this time; the time an hour later was taken",
  repeated_time: "the clocks showed this time twice; the first was taken",
};

/** CCYYMMDD, or YYMMDD of versions before 4010, as `2026-11-23`; nothing when it is no day. */
export function readDay(text: string): string | undefined {
  const digits = text.length === 6 ? `${centuryOf(text)}${text}` : text;
  if (!/^\d{8}$/.test(digits)) return undefined;
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const parsed = Date.parse(`${day}T00:00:00Z`);
  // Date.parse rolls 30 February over into March.
  if (Number.isNaN(parsed) || !new Date(parsed).toISOString().startsWith(day)) return undefined;
  return digits < "19700101" ? undefined : day;
}

function centuryOf(text: string): string {
  return Number(text.slice(0, 2)) >= PIVOT ? "19" : "20";
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

interface Clock {
  text: string;
  nextDay: boolean;
}

/** HHMM, HHMMSS, HHMMSSD or HHMMSSDD. */
function readClock(
  time: string | undefined,
  midnight: TimeRules["midnight"],
): Clock | "unknown" | "unreadable" {
  if (time === undefined) return "unknown";
  if (!/^(\d{4}|\d{6,8})$/.test(time)) return "unreadable";
  if (midnight === "unknown" && /^0+$/.test(time)) return "unknown";
  const [hours, minutes, seconds] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)];
  // 2400 ends a day, which is how dispatchers write the end of a window.
  const nextDay = hours === "24" && /^0*$/.test(time.slice(2));
  if (!nextDay && Number(hours) > 23) return "unreadable";
  if (Number(minutes) > 59 || Number(seconds || "0") > 59) return "unreadable";
  const text = `${nextDay ? "00" : hours}:${minutes}${seconds === "" ? "" : `:${seconds}`}`;
  return { text, nextDay };
}

interface StatedZone {
  name: string;
  /** False when the sender named none and the place or the connection decided. */
  stated: boolean;
  /** The offset that the code names, where the place's own clock was taken for it. */
  standard?: string;
}

function zoneOfCode(
  code: string | undefined,
  rules: TimeRules,
  troubles: TimeTrouble[],
): StatedZone {
  if (code === undefined || code === "LT") return localZone(code, rules, troubles);
  if (code === "UT" || code === "GM") return { name: "UTC", stated: true };
  if (/^\d{2}$/.test(code)) {
    const hours = Number(code);
    if (hours >= 1 && hours <= 24) {
      return { name: offsetName((hours <= 12 ? hours : hours - 25) * 60), stated: true };
    }
  }
  const family = /^[A-Z][SDT]$/.test(code) ? lookup(FAMILIES, code.charAt(0)) : undefined;
  if (family === undefined) {
    const text = `the time code "${code}" is not in the standard; local time was taken`;
    troubles.push({ code: "unknown_time_code", part: "code", text });
    return localZone(undefined, rules, troubles);
  }
  return zoneOfFamily(family, code.charAt(1), rules);
}

/** The clock at the place; `LT` names that itself, a missing code only lets us think so. */
function localZone(
  code: string | undefined,
  rules: TimeRules,
  troubles: TimeTrouble[],
): StatedZone {
  if (rules.place !== undefined) {
    return { name: rules.place.zone, stated: code === "LT" && rules.place.certain };
  }
  const text = `local time at a place whose zone is not known; ${rules.zone} was taken`;
  troubles.push({ code: "zone_unknown", part: "code", text });
  return { name: rules.zone, stated: false };
}

function zoneOfFamily(
  family: { minutes: number; zone: string },
  kind: string,
  { place, standardTime }: TimeRules,
): StatedZone {
  if (kind === "D") return { name: offsetName(family.minutes + 60), stated: true };
  // Arizona and Saskatchewan are of the family but leave their clocks alone: the place knows.
  const own =
    place !== undefined && standardOffset(place.zone) === family.minutes ? place.zone : undefined;
  if (kind === "T") return { name: own ?? family.zone, stated: true };
  const standard = offsetName(family.minutes);
  if (standardTime === "wall_clock" && own !== undefined) {
    return { name: own, stated: true, standard };
  }
  return { name: standard, stated: true };
}

const JANUARY = Date.UTC(2026, 0, 15);
const JULY = Date.UTC(2026, 6, 15);
const standardOffsets = new Map<string, number>();

/** Minutes east of UTC when the clocks are not put forward. */
function standardOffset(zone: string): number {
  let known = standardOffsets.get(zone);
  if (known === undefined) {
    const iana = IANAZone.create(zone);
    known = Math.min(iana.offset(JANUARY), iana.offset(JULY));
    standardOffsets.set(zone, known);
  }
  return known;
}

/** `-210` as `-03:30`. */
function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}
