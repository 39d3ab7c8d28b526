/** Places as X12 writes them: N1 loops, MS1 positions. */
import type { PlaceZone } from "../shared/reading/place_zone.ts";
import { type PlaceParts, type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import type { SetContext } from "./set_context.ts";

/** A place that carries the zone of its names: X12 tells times by the clock there. */
export function clockPlace(parts: PlaceParts): ZonedPlace {
  const { place, zone } = zonedPlace(parts);
  return { place: place && zone ? { ...place, zone: zone.zone } : place, zone };
}

/** N1 with the N2, N3, N4 behind it. */
export interface Party {
  /** Index of its N1. */
  index: number;
  /** N101: SF, ST, SH, CN … */
  role: string;
  name: string | undefined;
  where: ZonedPlace;
}

/** Reads the party whose N1 stands at an index. */
export function readParty(context: SetContext, index: number): Party {
  const name = context.text(index, 2);
  const parts: PlaceParts = { name };
  const street: string[] = [];
  for (let at = index + 1; at < context.segments.length; at += 1) {
    const id = context.segments[at]?.id;
    if (id === "N2") parts.name ??= context.text(at, 1);
    else if (id === "N3") street.push(...texts(context, at, 1, 2));
    else if (id === "N4") {
      Object.assign(parts, {
        city: context.text(at, 1),
        state: context.text(at, 2, 32),
        postalCode: context.text(at, 3, 32),
        country: context.text(at, 4, 64),
      });
    } else if (id === "N1" || !PARTY_SEGMENTS.has(id ?? "")) break;
  }
  parts.street = street.length === 0 ? undefined : street.join(", ");
  return { index, role: context.text(index, 1, 8) ?? "", name, where: clockPlace(parts) };
}

/** The zone of the first party in one of these roles. */
export function zoneOfParty(
  context: SetContext,
  roles: ReadonlySet<string>,
): PlaceZone | undefined {
  const at = context.segments.findIndex(
    ({ id }, index) => id === "N1" && roles.has(context.text(index, 1, 4) ?? ""),
  );
  return at === -1 ? undefined : readParty(context, at).where.zone;
}

const PARTY_SEGMENTS = new Set(["N2", "N3", "N4", "G61", "G62", "L11", "N9", "PER", "REF"]);

function texts(context: SetContext, index: number, ...elements: number[]): string[] {
  return elements.map((n) => context.text(index, n)).filter((text) => text !== undefined);
}

/** MS1: city, state, country, longitude, latitude and their directions. */
export function readPosition(context: SetContext, index: number): ZonedPlace {
  const longitude = context.text(index, 4, 16);
  const latitude = context.text(index, 5, 16);
  const [east, north] = [context.text(index, 6, 2), context.text(index, 7, 2)];
  const parts: PlaceParts = {
    city: context.text(index, 1),
    state: context.text(index, 2, 32),
    country: context.text(index, 3, 64),
    longitude: readDegrees(longitude, east, "W"),
    latitude: readDegrees(latitude, north, "S"),
  };
  for (const [n, raw, value] of [
    [4, longitude, parts.longitude],
    [5, latitude, parts.latitude],
  ] as const) {
    if (raw !== undefined && value === undefined) {
      context.finding("warning", "unreadable_position", `"${raw}" is no angle`, index, {
        element: n,
        elementCode: "6",
      });
    }
  }
  return clockPlace(parts);
}

/**
 * DDDMMSS with its direction, or decimal degrees. Some send `-100.51` together with `W`: the sign
 * is applied once.
 */
export function readDegrees(
  text: string | undefined,
  direction: string | undefined,
  negative: "W" | "S",
): number | undefined {
  const match = text === undefined ? null : /^([+-]?)(\d{1,7})(\.\d{1,10})?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits, fraction] = match as unknown as [string, string, string, string?];
  const west = sign === "-" || direction === negative;
  let degrees: number;
  if (digits.length > 3 && fraction === undefined) {
    const padded = digits.padStart(7, "0");
    const [minutes, seconds] = [Number(padded.slice(3, 5)), Number(padded.slice(5))];
    if (minutes > 59 || seconds > 59) return undefined;
    degrees = Number(padded.slice(0, 3)) + minutes / 60 + seconds / 3600;
  } else if (digits.length <= 3) degrees = Number(`${digits}${fraction ?? ""}`);
  else return undefined;
  if (degrees > (negative === "W" ? 180 : 90)) return undefined;
  const rounded = Math.round(degrees * 1e6) / 1e6;
  return west && rounded !== 0 ? -rounded : rounded;
}
