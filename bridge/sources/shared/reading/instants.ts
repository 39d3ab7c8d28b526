/**
 * Partners' date texts as canonical instants.
 *
 * Rules: an offset in the text wins. Without one the text is wall-clock time in the zone that the
 * caller names (the event's own place, else the connection's), and the instant says that the zone
 * was inferred. A time that the clocks skipped or showed twice is read, and said so.
 */
import { FixedOffsetZone, IANAZone, type Zone } from "luxon";
import { z } from "zod";
import type { Instant } from "../../../canonical/values.ts";

/** Whether this is the IANA name of a zone that the platform knows. */
export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** IANA name of a zone that the platform knows. */
export const zoneName = z
  .string()
  .refine(isZone, "must be an IANA time zone, such as America/Chicago");

export interface InstantRules {
  /** IANA name or fixed offset for texts without offset. */
  zone: string;
  /** The sender named that zone itself (in another field), so it is not inferred. */
  zoneStated?: boolean;
  /** Midnight to the second stands for "that day" (estimates and promised dates). */
  midnightIsDate?: boolean;
  /** The text's own offset is known to be meaningless: take the wall clock (Karrio). */
  ignoreOffset?: boolean;
}

export type InstantTrouble = "unreadable_time" | "skipped_time" | "repeated_time";

export interface ReadInstant {
  instant?: Instant;
  /** `unreadable_time` comes without instant; the others are read all the same. */
  trouble?: InstantTrouble;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const LATEST = Date.parse("9000-01-01T00:00:00Z");

const TEXT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Reads `2026-11-23T08:00:00+01:00`, also without offset, seconds or time. */
export function readInstant(text: string, rules: InstantRules): ReadInstant {
  const match = TEXT.exec(text.trim());
  if (match === null) return { trouble: "unreadable_time" };
  const [, day, minute, second, offset] = match as unknown as [
    string,
    string,
    string?,
    string?,
    string?,
  ];
  const stated = offset === undefined || rules.ignoreOffset ? undefined : zoneOfOffset(offset);
  const zone = stated ?? rules.zone;
  const time = minute === undefined ? "00:00:00" : `${minute}:${second ?? "00"}`;
  const wall = Date.parse(`${day}T${time}Z`);
  // Date.parse rolls 30 February over into March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(`${day}T${time}`)) {
    return { trouble: "unreadable_time" };
  }
  const { at, trouble } = resolve(wall, zone);
  if (at < 0 || at > LATEST) return { trouble: "unreadable_time" };
  const dateOnly = minute === undefined || (rules.midnightIsDate === true && time === "00:00:00");
  const instant: Instant = {
    at: utcOf(new Date(at)),
    zone,
    precision: dateOnly ? "date" : second === undefined ? "minute" : "second",
    ...(stated === undefined && rules.zoneStated !== true && { zone_inferred: true }),
  };
  return { instant, ...(trouble && !dateOnly && { trouble }) };
}

/**
 * Wall-clock time (as if it were UTC, milliseconds) in a zone. Luxon would do it, but its choice
 * among repeated times depends on the day on which it is asked; reading must not.
 */
function resolve(wall: number, name: string): { at: number; trouble?: InstantTrouble } {
  const zone = zoneOf(name);
  const before = wall - offsetAt(zone, wall - DAY) * MINUTE;
  const after = wall - offsetAt(zone, wall + DAY) * MINUTE;
  const fitting = [...new Set([before, after])].filter(
    (at) => at + offsetAt(zone, at) * MINUTE === wall,
  );
  if (fitting.length === 0) return { at: before, trouble: "skipped_time" };
  return { at: Math.min(...fitting), ...(fitting.length > 1 && { trouble: "repeated_time" }) };
}

/** Clocks are changed on the quarter of an hour (IANA tz database, since 1972). */
const QUARTER = 15 * MINUTE;
const MAX_KNOWN = 20_000;
const knownOffsets = new Map<string, number>();

/**
 * Minutes east of UTC. The platform formats a date to find it, which took half of the time of
 * reading a message; messages come in their order, so that the same quarters are asked for again.
 */
function offsetAt(zone: Zone, at: number): number {
  if (zone.isUniversal) return zone.offset(at);
  const key = `${zone.name} ${Math.floor(at / QUARTER)}`;
  const known = knownOffsets.get(key);
  if (known !== undefined) return known;
  if (knownOffsets.size >= MAX_KNOWN) knownOffsets.clear();
  const offset = zone.offset(at);
  knownOffsets.set(key, offset);
  return offset;
}

/** The instant of a message's own clock (its head, an update time): UTC to the second. */
export function readUtc(text: string | undefined, zone = "UTC"): string | undefined {
  return text === undefined ? undefined : readInstant(text, { zone }).instant?.at;
}

/** A moment of the bridge's clock in canonical form. */
export function utcOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** `Z` is UTC; others as `+01:00`, whatever way the sender wrote them. */
function zoneOfOffset(offset: string): string {
  if (offset.toUpperCase() === "Z") return "UTC";
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The zone of an IANA name or of an offset such as `+01:00`. */
function zoneOf(name: string): Zone {
  if (!/^[+-]\d{2}:\d{2}$/.test(name)) return IANAZone.create(name);
  const minutes = Number(name.slice(1, 3)) * 60 + Number(name.slice(4));
  return FixedOffsetZone.instance(name.startsWith("-") ? -minutes : minutes);
}
