/** LOC and NAD as canonical places. */
import type { Place } from "../../canonical/values.ts";
import { countryCode, isUnLocode } from "../shared/reading/countries.ts";
import { type PlaceParts, zonedPlace } from "../shared/reading/places.ts";
import type { Segment } from "./segments.ts";

export interface Located {
  /** 3227 of a LOC, 3035 of a NAD. */
  qualifier: string;
  place: Place | undefined;
  /** Zone of the place, when its names tell. */
  zone: string | undefined;
}

/** Carriers write the state into the name: `WOODRIDGE, IL, US`. */
const STATE = /,\s*([A-Z]{2,3})\s*,\s*([A-Z]{2,3})$/;

/** 1131 (D.96A): countries (ISO 3166) and their sub-entities. */
const COUNTRIES = "162";
const AREAS = "163";
/** 3055 of codes that are UN/LOCODEs: UN/ECE, ISO, or nobody named. Others number their own depots. */
const LOCODE_AGENCIES = new Set(["", "5", "6"]);

/**
 * `LOC+175+USSYR:227::SYRACUSE+US:162`: C517 is the place, C519 and C553 are what it lies in. Each
 * has a code, the list of the code, and a name, and senders put a city, state or country in any.
 */
export function readLoc({ elements }: Segment): Located {
  const [code = "", , agency = "", name = ""] = elements[1] ?? [];
  const isCode = LOCODE_AGENCIES.has(agency) && isUnLocode(code);
  const [, stateInName, countryInName] = STATE.exec(name) ?? [];
  const around = areaOf(elements.slice(2, 4));
  const own = elements.length <= 2 ? countryAlone(code, name) : undefined;
  const country =
    around.country ?? countryCode(countryInName) ?? own ?? (isCode ? code.slice(0, 2) : undefined);
  return located(elements[0]?.[0] ?? "", {
    state: around.state ?? (countryCode(countryInName) && stateInName),
    name: own === undefined ? name || (isCode ? undefined : code || undefined) : undefined,
    country,
    unlocode: isCode ? code : undefined,
  });
}

/** A place that is a country: `LOC+35+DE:162`, `LOC+14+:::DE`. */
function countryAlone(code: string, name: string): string | undefined {
  if (code !== "" && name !== "") return undefined;
  const text = code || name;
  return text.length === 2 ? countryCode(text) : undefined;
}

/**
 * The country and its part among the related places: by the list of the code, else by what fits.
 * Codes of other lists (terminals, depots) are neither, whatever they look like.
 */
function areaOf(related: readonly string[][]): { country?: string; state?: string } {
  const area: { country?: string; state?: string } = {};
  for (const [code = "", list = "", , name = ""] of related) {
    for (const text of ["", COUNTRIES, AREAS].includes(list) ? [code, name] : []) {
      const country = list === AREAS ? undefined : countryCode(text);
      if (country !== undefined && area.country === undefined) area.country = country;
      else if (list !== COUNTRIES && /^[A-Z]{2,3}$/.test(text)) area.state ??= text;
    }
  }
  return area;
}

/** `NAD+CN+id++name+street+city+state+postcode+country`. */
export function readNad({ elements }: Segment): Located & { id: string; name: string } {
  const text = (element: number, separator = " ") =>
    (elements[element] ?? []).filter((it) => it !== "").join(separator);
  const name = text(3) || text(2);
  const found = located(elements[0]?.[0] ?? "", {
    name: name || undefined,
    street: text(4, ", ") || undefined,
    city: text(5) || undefined,
    state: text(6) || undefined,
    postalCode: text(7) || undefined,
    country: text(8) || undefined,
  });
  return { ...found, id: elements[1]?.[0] ?? "", name };
}

function located(qualifier: string, parts: PlaceParts): Located {
  const { place, zone } = zonedPlace(parts);
  // EDIFACT's times carry no zone: the place keeps the one that they were read in.
  return {
    qualifier,
    place: place && zone ? { ...place, zone: zone.zone } : place,
    zone: zone?.zone,
  };
}
