/**
 * Zones that a DTM names itself (2379 205, 301 to 304, 404): an offset, Z, or an abbreviation.
 *
 * No list of the directory says which abbreviations ZZZ may be (D.96A to D.07B: "time zone"); these
 * are the ones in use (IANA tz database, 2026), those of the European road and sea trade first.
 */
import { offsetName, standardOffset } from "../shared/reading/wall_clock.ts";

/** Minutes east of UTC of a standard time, which many write all year for the wall clock. */
const STANDARD: Readonly<Record<string, readonly number[]>> = {
  WET: [0],
  CET: [60],
  MET: [60],
  MEZ: [60],
  EET: [120],
  OEZ: [120],
  MSK: [180],
  // India, Israel.
  IST: [330, 120],
  SGT: [480],
  HKT: [480],
  JST: [540],
  KST: [540],
  // Australia's east.
  AEST: [600],
  // Halifax, Arabia.
  AST: [-240, 180],
  EST: [-300],
  // Chicago, China.
  CST: [-360, 480],
  MST: [-420],
  PST: [-480],
};

/** Of times that are exact: UTC and daylight-saving times. */
const EXACT: Readonly<Record<string, number>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  ZUL: 0,
  BST: 60,
  WEST: 60,
  CES: 120,
  CEST: 120,
  MES: 120,
  MESZ: 120,
  MEST: 120,
  EEST: 180,
  ADT: -180,
  EDT: -240,
  CDT: -300,
  MDT: -360,
  PDT: -420,
};

export interface StatedZone {
  /** IANA name or offset, as `readInstant` takes it. */
  zone: string;
  /** The offset that the name stands for, where the place's own clock was taken for it. */
  standard?: string;
}

/**
 * The zone that a text names, at a place whose zone is known or not; nothing for an unknown name.
 * A standard time of the place's own family is the clock on its wall, in summer too.
 */
export function statedZone(text: string, place: string | undefined): StatedZone | undefined {
  const offset = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (offset !== null) {
    const [, sign, hours = "0", minutes = "0"] = offset;
    const size = Number(hours) * 60 + Number(minutes);
    if (size > 14 * 60 || Number(minutes) > 59) return undefined;
    return { zone: size === 0 ? "UTC" : offsetName(sign === "-" ? -size : size) };
  }
  const name = text.toUpperCase();
  const exact = Object.hasOwn(EXACT, name) ? EXACT[name] : undefined;
  if (exact !== undefined) return { zone: exact === 0 ? "UTC" : offsetName(exact) };
  const standards = (Object.hasOwn(STANDARD, name) ? STANDARD[name] : undefined) ?? [];
  const own =
    place === undefined ? undefined : standards.find((it) => it === standardOffset(place));
  if (place !== undefined && own !== undefined) return { zone: place, standard: offsetName(own) };
  // Two regions share the name and the place is in neither, or not known.
  return standards.length === 1 ? { zone: offsetName(standards[0] ?? 0) } : undefined;
}
