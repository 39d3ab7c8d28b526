/** LOC and NAD as canonical places. */
import type { Place } from "../../canonical/values.ts";
import { isUnLocode } from "../shared/reading/countries.ts";
import { zoneOfPlace } from "../shared/reading/place_zone.ts";
import { makePlace } from "../shared/reading/places.ts";
import { defined } from "../shared/reading/reading.ts";
import type { Segment } from "./segments.ts";

export interface Located {
  /** 3227 of a LOC, 3035 of a NAD. */
  qualifier: string;
  place: Place | undefined;
  /** Zone of the place, when its names tell. */
  zone: string | undefined;
}

/** Carriers write the state into the name: `WOODRIDGE, IL, US`. */
const STATE = /,\s*([A-Z]{2})\s*,\s*(?:US|USA|CA)$/;

/** `LOC+175+USSYR:227::SYRACUSE+US:162`: code and name, and the country as a related place. */
export function readLoc({ elements }: Segment): Located {
  const [qualifier = ""] = elements[0] ?? [];
  const [code = "", , , name = ""] = elements[1] ?? [];
  const related = elements[2]?.[0] ?? "";
  const unlocode = isUnLocode(code) ? code : undefined;
  const country = /^[A-Z]{2}$/.test(related) ? related : unlocode?.slice(0, 2);
  return located(qualifier, {
    state: STATE.exec(name)?.[1],
    name: name || (unlocode === undefined ? code || undefined : undefined),
    country,
    unlocode,
  });
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

function located(qualifier: string, parts: Parameters<typeof makePlace>[0]): Located {
  const place = makePlace(parts);
  const zone = zoneOfPlace({
    country: place?.country,
    state: parts.state,
    unlocode: place?.unlocode,
  })?.zone;
  return { qualifier, place: place && defined({ ...place, zone }), zone };
}
