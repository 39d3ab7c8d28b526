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
import type { Instant } from "../../canonical/values.ts";
import { readInstant } from "../shared/reading/instants.ts";
import type { PlaceZone } from "../shared/reading/place_zone.ts";
import {
  dayAfter,
  type Midnight,
  offsetName,
  readClock,
  readDay,
  standardOffset,
} from "../shared/reading/wall_clock.ts";

export interface TimeRules {
  /** Zone of the event's place, if its names tell. */
  place?: PlaceZone | undefined;
  /** IANA zone of the connection, when nothing else tells. */
  zone: string;
  standardTime: "wall_clock" | "as_coded";
  midnight: Midnight;
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
