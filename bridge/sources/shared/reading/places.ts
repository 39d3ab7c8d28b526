/** Partners' descriptions of a place as canonical places. */
import type { Place } from "../../../canonical/values.ts";
import { countryCode, isUnLocode } from "./countries.ts";
import { cleanText } from "./clean_text.ts";
import { isZone } from "./instants.ts";
import { type PlaceZone, zoneOfPlace } from "./place_zone.ts";

export interface PlaceParts {
  name?: string | undefined;
  street?: string | undefined;
  postalCode?: string | undefined;
  city?: string | undefined;
  /** State or province: the canonical place has no member for it, so it is kept in the name. */
  state?: string | undefined;
  /** Alpha-2, alpha-3 or English name. */
  country?: string | undefined;
  unlocode?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
  zone?: string | undefined;
}

/** The place, or nothing when no part of it is known. A country that is no country stays in the name. */
export function makePlace(parts: PlaceParts): Place | undefined {
  const country = countryCode(parts.country);
  const unknownCountry = country === undefined ? parts.country : undefined;
  const area = [parts.city, parts.state, unknownCountry].filter((part) => part !== undefined);
  const name = parts.name ?? ((parts.state ?? unknownCountry) ? area.join(", ") : undefined);
  const point = coordinates(parts.latitude, parts.longitude);
  const unlocode = parts.unlocode?.trim().toUpperCase();
  const place: Place = {
    ...text("name", name, 256),
    ...text("street", parts.street, 256),
    ...text("postal_code", parts.postalCode, 32),
    ...text("city", parts.city, 128),
    ...(country && { country }),
    ...(unlocode !== undefined && isUnLocode(unlocode) && { unlocode }),
    ...point,
    ...text("zone", parts.zone, 64),
  };
  return Object.keys(place).length === 0 ? undefined : place;
}

/** A place, and its zone: the one that the sender named, else the one that the place's names tell. */
export interface ZonedPlace {
  place: Place | undefined;
  zone: PlaceZone | undefined;
}

/** The place and its zone. A state of a country that is not known tells none. */
export function zonedPlace(parts: PlaceParts): ZonedPlace {
  const place = makePlace(parts);
  if (place === undefined) return { place, zone: undefined };
  if (place.zone !== undefined && isZone(place.zone)) {
    return { place, zone: { zone: place.zone, certain: true } };
  }
  const { country, unlocode } = place;
  const isForeign = parts.country !== undefined && country === undefined;
  const state = isForeign ? undefined : parts.state;
  return { place, zone: zoneOfPlace({ country, state, unlocode }) };
}

/** Both or neither, inside the globe; 0/0 is how senders without a fix fill the fields. */
function coordinates(latitude?: number, longitude?: number): Partial<Place> {
  if (latitude === undefined || longitude === undefined) return {};
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return {};
  return latitude === 0 && longitude === 0 ? {} : { latitude, longitude };
}

function text(key: keyof Place, value: string | undefined, max: number): Partial<Place> {
  const clean = value === undefined ? undefined : cleanText(value, max);
  return clean === undefined ? {} : { [key]: clean };
}
