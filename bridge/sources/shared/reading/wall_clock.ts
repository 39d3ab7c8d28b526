/** Dates and times of EDI, digits without separators, under the same rules in every standard. */
import { IANAZone } from "luxon";

/** What `0000` means: a time that is not known, or midnight. */
export type Midnight = "unknown" | "midnight";

/** Two-digit years from 70 on are of the last century. */
const PIVOT = 70;

/** CCYYMMDD or YYMMDD as `2026-11-23`; nothing when it is no day. */
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

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export interface Clock {
  /** `14:15` or `14:15:30`. */
  text: string;
  nextDay: boolean;
}

/** HHMM, HHMMSS, HHMMSSD or HHMMSSDD (tenths and hundredths are dropped). */
export function readClock(
  time: string | undefined,
  midnight: Midnight,
): Clock | "unknown" | "unreadable" {
  if (time === undefined || time === "") return "unknown";
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

const JANUARY = Date.UTC(2026, 0, 15);
const JULY = Date.UTC(2026, 6, 15);
const standardOffsets = new Map<string, number>();

/** Minutes east of UTC when the clocks are not put forward. */
export function standardOffset(zone: string): number {
  let known = standardOffsets.get(zone);
  if (known === undefined) {
    const iana = IANAZone.create(zone);
    known = Math.min(iana.offset(JANUARY), iana.offset(JULY));
    standardOffsets.set(zone, known);
  }
  return known;
}

/** `-210` as `-03:30`. */
export function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}
