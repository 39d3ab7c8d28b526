/** Locations and points as canonical places, and the zone that their clocks show. */
import type { Place } from "../../canonical/values.ts";
import { countryCode } from "../shared/reading/countries.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { isZone } from "../shared/reading/instants.ts";
import { type PlaceZone, zoneOfPlace } from "../shared/reading/place_zone.ts";
import { makePlace } from "../shared/reading/places.ts";
import { linked } from "./entity.ts";
import type { Scope } from "./scope.ts";

interface Point {
  latitude: number;
  longitude: number;
}

/** The place of a location told inline; nothing for a mere reference. */
export function placeOf(scope: Scope, association: JsonNode): Place | undefined {
  const location = linked(association)?.entity;
  return location === undefined ? undefined : locationPlace(scope, location);
}

function locationPlace(scope: Scope, location: JsonNode): Place | undefined {
  const reference = location.at("geoReference");
  const official = location.at("administrativeReference");
  const address = official.isObject ? official : reference;
  const street = [
    address.at("street").text(200),
    address.at("houseNumber").text(16),
    address.at("houseNumberAddition").text(16),
  ].filter((part) => part !== undefined);
  const country = address.at("country").text(64);
  const zone = zoneOf(location);
  return makePlace({
    name: location.at("name").text(256) ?? address.at("name").text(256),
    street: street.length > 0 ? street.join(" ") : undefined,
    postalCode: address.at("postalCode").text(32),
    city: address.at("city").text(128),
    country,
    unlocode: location.at("unCode").text(8)?.replace(/\s/g, ""),
    ...pointOf(scope, reference),
    zone: zone?.certain === true ? zone.zone : undefined,
  });
}

/** Place of a bare geoReference (where a vehicle is). */
export function pointPlace(scope: Scope, reference: JsonNode): Place | undefined {
  const address = reference.at("type").text(32) === "addressGeoReference" ? reference : undefined;
  return makePlace({
    name: address?.at("name").text(256),
    street: address?.at("street").text(200),
    postalCode: address?.at("postalCode").text(32),
    city: address?.at("city").text(128),
    country: address?.at("country").text(64),
    ...pointOf(scope, reference),
  });
}

/** Latitude and longitude of the reference: a point, the last point of a track, or a GeoJSON point. */
function pointOf(scope: Scope, reference: JsonNode): Point | undefined {
  const geometry = reference.at("geometry").isObject ? reference.at("geometry") : reference;
  if (geometry.at("type").text(32) === "Point") {
    const [longitude, latitude] = geometry.at("coordinates").items();
    return checked(scope, geometry, latitude?.number(), longitude?.number());
  }
  const point = reference.at("points").items().at(-1) ?? reference;
  return checked(scope, point, point.at("lat").number(), point.at("lon").number());
}

/**
 * Senders swap latitude and longitude (OTM's own example does). A latitude beyond the poles shows
 * it; a swap whose numbers are both possible cannot be seen and is taken as told.
 */
function checked(
  scope: Scope,
  node: JsonNode,
  latitude: number | undefined,
  longitude: number | undefined,
): Point | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude };
  const swappable = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180;
  scope.builder.finding(
    "warning",
    swappable ? "swapped_coordinates" : "impossible_coordinates",
    node.path,
    swappable
      ? "latitude and longitude are swapped; they were swapped back"
      : "no point on the globe; left out",
  );
  return swappable ? { latitude: longitude, longitude: latitude } : undefined;
}

/** The scope at a location: its clocks tell the times that carry no offset. */
export function atLocation(scope: Scope, association: JsonNode): Scope {
  const location = linked(association)?.entity;
  const clock = location === undefined ? undefined : zoneOf(location);
  return clock === undefined ? scope : { ...scope, clock };
}

/** The location's own zone (externalAttributes.timeZone), else the one that its address lies in. */
function zoneOf(location: JsonNode): PlaceZone | undefined {
  const told = location.at("externalAttributes", "timeZone").text(64);
  if (told !== undefined && isZone(told)) return { zone: told, certain: true };
  const official = location.at("administrativeReference");
  const country =
    official.at("country").text(64) ?? location.at("geoReference", "country").text(64);
  const unlocode = location.at("unCode").text(8)?.replace(/\s/g, "");
  return zoneOfPlace({ country: countryCode(country), unlocode });
}
