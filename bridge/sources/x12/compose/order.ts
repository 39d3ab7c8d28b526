/** A transport order as a 204 load tender. */
import { DateTime } from "luxon";
import { Decimal } from "decimal.js";
import type { TransportOrder } from "../../../canonical/transport_order.ts";
import { MilepostError } from "../../../errors.ts";
import { type PlaceZone, zoneOfPlace } from "../../shared/reading/place_zone.ts";
import { readTime } from "../times.ts";
import { free, type OutSegment, type OutSet } from "../writer.ts";

/** B2A01: what the tender is to an earlier one of the same number. */
export type Purpose = "original" | "cancellation" | "change" | "replace";
const PURPOSES: Readonly<Record<Purpose, string>> = {
  original: "00",
  cancellation: "01",
  change: "04",
  replace: "05",
};

type Stop = TransportOrder["stops"][number];

/** Element 127 takes 30 characters up to version 4010. */
const MAX_REFERENCE = 30;
const MAX_NOTE = 80;
const MAX_NOTES = 99;
const MAX_STOP_NUMBER = 999;

/** Qualifiers and time qualifiers of a stop's window: not before, not later than. */
const WINDOWS = {
  pickup: { start: ["37", "I"], end: ["38", "K"], party: "SF", whole: "CL", part: "PL" },
  delivery: { start: ["53", "G"], end: ["54", "L"], party: "ST", whole: "CU", part: "PU" },
} as const;

/**
 * The transaction set. Throws MilepostError `x12_order` (never) for an order that a 204 cannot
 * carry: a number or stop numbers beyond the standard's size.
 */
export function composeOrder(
  order: TransportOrder,
  purpose: Purpose,
  scac: string | undefined,
): OutSet {
  if (order.shipment.length > MAX_REFERENCE) {
    throw refused(`the shipment number has more than ${MAX_REFERENCE} characters`, "/shipment");
  }
  checkStopNumbers(order.stops);
  const { short, long } = references(order);
  const packages = (order.packages ?? []).map(packageNote);
  const notes = notesOf([...(order.note === undefined ? [] : [order.note]), ...long, ...packages]);
  return {
    type: "204",
    segments: [
      ["B2", undefined, scac, undefined, order.shipment, undefined, "PP"],
      ["B2A", PURPOSES[purpose], "LT"],
      ["L11", order.shipment, "SI"],
      ...short,
      ...(order.service === undefined
        ? []
        : [["NTE", "SPH", free(order.service, MAX_NOTE)] as const]),
      ...notes,
      ["N1", "SH", free(order.shipper.name, 60)],
      ["N1", "CN", free(order.consignee.name, 60)],
      ...order.stops.flatMap((stop, index) => stopSegments(order, stop, index)),
      ...totals(order),
    ],
  };
}

function refused(what: string, path: string): MilepostError {
  return new MilepostError(`x12: the order cannot be written as a 204: ${what}`, {
    code: "x12_order",
    retry: "never",
    culprit: "x12",
    path,
  });
}

/** The carrier's events name stops by S501, so that it must be Odoo's own number. */
function checkStopNumbers(stops: readonly Stop[]): void {
  const numbers = stops.map(({ sequence }) => sequence);
  if (new Set(numbers).size < numbers.length) throw refused("two stops have one number", "/stops");
  if (numbers.some((number) => number > MAX_STOP_NUMBER)) {
    throw refused(`a stop's number is above ${MAX_STOP_NUMBER}`, "/stops");
  }
}

/** Our numbers by their qualifiers; those too long for L11 are told as notes, not cut. */
function references(order: TransportOrder): { short: OutSegment[]; long: string[] } {
  const short: OutSegment[] = [];
  const long: string[] = [];
  const add = (values: readonly string[], qualifier: string) => {
    for (const value of values) {
      if (value.length <= MAX_REFERENCE) short.push(["L11", value, qualifier]);
      else long.push(`REF ${qualifier} ${value}`);
    }
  };
  add(order.sales_orders, "SO");
  add(order.transfers, "DO");
  add(order.customer_references, "CR");
  return { short, long };
}

function notesOf(texts: readonly string[]): OutSegment[] {
  const pieces = texts.flatMap((text) => text.match(/[^]{1,80}/g) ?? []);
  return pieces.slice(0, MAX_NOTES).map((piece) => ["NTE", "GEN", free(piece, MAX_NOTE)]);
}

function stopSegments(order: TransportOrder, stop: Stop, index: number): OutSegment[] {
  const kind = WINDOWS[stop.kind];
  const alone = order.stops.filter((it) => it.kind === stop.kind).length === 1;
  const { place, party } = stop;
  const segments: OutSegment[] = [["S5", String(stop.sequence), alone ? kind.whole : kind.part]];
  const zone = placeZone(stop);
  for (const [at, [qualifier, timeQualifier]] of [
    [stop.window_start, kind.start],
    [stop.window_end, kind.end],
  ] as const) {
    if (at !== undefined) segments.push(["G62", qualifier, ...timeOf(at, zone, timeQualifier)]);
  }
  const code = party?.reference;
  const name = free(party?.name ?? place.name ?? place.city ?? "STOP", 60);
  segments.push(["N1", kind.party, name, ...(code === undefined ? [] : ["93", free(code, 80)])]);
  if (place.street !== undefined) {
    segments.push(["N3", free(place.street.slice(0, 55), 55), free(place.street.slice(55), 55)]);
  }
  const { city, postal_code: postal, country, unlocode } = place;
  if (city !== undefined || postal !== undefined || country !== undefined) {
    const located = unlocode === undefined ? [] : ["ZZ", unlocode];
    segments.push(["N4", free(city, 30), undefined, free(postal, 15), country, ...located]);
  }
  const reach = party?.phone ?? party?.email;
  if (party !== undefined && reach !== undefined) {
    const means = party.phone === undefined ? "EM" : "TE";
    segments.push(["G61", "IC", free(party.name, 60), means, free(reach, 80)]);
  }
  const isFirstPickup = index === order.stops.findIndex((it) => it.kind === "pickup");
  const here = order.goods.filter((it) => isFirstPickup || it.delivery_stop === stop.id);
  segments.push(...goods(here));
  return segments;
}

function placeZone({ place }: Stop): PlaceZone | undefined {
  if (place.zone !== undefined) return { zone: place.zone, certain: true };
  const known = zoneOfPlace({ country: place.country, unlocode: place.unlocode });
  return known?.certain ? known : undefined;
}

/** Local time at the stop, as carriers expect; UTC where the zone is not known or the clock is ambiguous. */
function timeOf(at: string, zone: PlaceZone | undefined, timeQualifier: string): string[] {
  const write = (name: string, code: string): string[] => {
    const local = DateTime.fromISO(at, { zone: name });
    return [local.toFormat("yyyyLLdd"), timeQualifier, local.toFormat("HHmm"), code];
  };
  if (zone === undefined) return write("UTC", "UT");
  const local = write(zone.zone, "LT");
  const rules = {
    place: zone,
    zone: "UTC",
    standardTime: "as_coded",
    midnight: "midnight",
  } as const;
  const back = readTime(local[0], local[2], "LT", rules).instant?.at;
  return back?.slice(0, 16) === at.slice(0, 16) ? local : write("UTC", "UT");
}

function packageNote(it: NonNullable<TransportOrder["packages"]>[number]): string {
  const weight = it.weight_kg === undefined ? "" : ` ${it.weight_kg} KG`;
  return `PACKAGE ${it.sscc ?? it.reference}${weight}`;
}

/** What is loaded or unloaded at a stop; of several drops each tells its own. */
function goods(loaded: TransportOrder["goods"]): OutSegment[] {
  return loaded.flatMap((it, index): OutSegment[] => {
    const line = String(index + 1);
    const text = `${it.quantity} ${it.unit} ${it.description}`;
    return [
      ["L5", line, free(text, 50)],
      ...(it.weight_kg === undefined
        ? []
        : [["AT8", "G", "K", it.weight_kg, wholePieces(it.quantity)] as const]),
    ];
  });
}

/** AT804 counts whole pieces. */
function wholePieces(quantity: string): string | undefined {
  return /^\d{1,7}$/.test(quantity) ? quantity : undefined;
}

function totals(order: TransportOrder): OutSegment[] {
  if (order.weight_kg !== undefined) return [["L3", order.weight_kg, "G"]];
  const weights = order.goods.map(({ weight_kg }) => weight_kg);
  if (weights.length === 0 || weights.includes(undefined)) return [];
  const sum = weights.reduce((total, weight) => total.plus(weight ?? 0), new Decimal(0));
  return [["L3", sum.toFixed(), "G"]];
}
