/**
 * A transport order as a 940 warehouse shipping order: what a warehouse of somebody else's is to pick,
 * pack and ship. It answers with a 945.
 */
import { DateTime } from "luxon";
import { Decimal } from "decimal.js";
import type { OrderPurpose, TransportOrder } from "../../../canonical/transport_order.ts";
import { MilepostError } from "../../../errors.ts";
import { free, type OutSegment, type OutSet } from "../writer.ts";

/** W0501, element 473: original, cancel, change; a change tells the whole order. */
const STATUS: Readonly<Record<OrderPurpose, string>> = {
  original: "N",
  cancellation: "F",
  change: "R",
};

/** Element 355 (004010) of the units that Odoo brings along, by their English names. */
const UNITS: Readonly<Record<string, string>> = {
  Units: "EA",
  Dozens: "DZ",
  g: "GR",
  kg: "KG",
  lb: "LB",
  oz: "OZ",
  L: "LT",
  m: "MR",
};

/** Elements 285 and 324 take 22 characters, 127 takes 30. */
const MAX_ORDER = 22;
const MAX_REFERENCE = 30;
const MAX_NOTES = 99;

export interface WarehouseWords {
  /** Our units by their names: element 355. */
  units: Readonly<Record<string, string>>;
  scac: string | undefined;
}

/**
 * The transaction set. Throws MilepostError `x12_order` (never) for an order that no warehouse could
 * carry out by it: several places of delivery, goods without a number, a unit without a code.
 */
export function composeWarehouseOrder(
  order: TransportOrder,
  purpose: OrderPurpose,
  words: WarehouseWords,
): OutSet {
  if (order.shipment.length > MAX_ORDER) {
    throw refused(`the shipment number has more than ${MAX_ORDER} characters`, "/shipment");
  }
  const [to, ...others] = order.stops.filter(({ kind }) => kind === "delivery");
  if (to === undefined || others.length > 0) {
    throw refused("a warehouse ships to one place, and this order has several or none", "/stops");
  }
  const from = order.stops.find(({ kind }) => kind === "pickup");
  const po = order.customer_references.find((it) => it.length <= MAX_ORDER);
  return {
    type: "940",
    segments: [
      ["W05", STATUS[purpose], order.shipment, po],
      ["N1", "DE", free(order.shipper.name, 60)],
      ...(from === undefined ? [] : partySegments("WH", from)),
      ...partySegments("ST", to),
      ...references(order),
      ...dates("10", from?.window_end ?? from?.window_start),
      ...dates("02", to.window_end ?? to.window_start),
      ...notes(order.note),
      ...carrier(order, words),
      ...order.goods.flatMap((it, index) => goods(it, index, words)),
      ["W76", totalOf(order), ...weightOf(order)],
    ],
  };
}

function refused(what: string, path: string, hint?: string): MilepostError {
  return new MilepostError(`x12: the order cannot be written as a 940: ${what}`, {
    code: "x12_order",
    retry: "never",
    culprit: "x12",
    path,
    ...(hint !== undefined && { hint }),
  });
}

type Stop = TransportOrder["stops"][number];

function partySegments(role: string, { place, party }: Stop): OutSegment[] {
  const code = party?.reference;
  const name = free(party?.name ?? place.name ?? place.city ?? role, 60);
  const { street, city, postal_code: postal, country } = place;
  const segments: OutSegment[] = [
    ["N1", role, name, ...(code === undefined ? [] : ["93", free(code, 80)])],
  ];
  if (street !== undefined) {
    segments.push(["N3", free(street.slice(0, 55), 55), free(street.slice(55), 55)]);
  }
  if (city !== undefined || postal !== undefined || country !== undefined) {
    segments.push(["N4", free(city, 30), undefined, free(postal, 15), country]);
  }
  return segments;
}

/** What is too long for N9 is left out: a cut number is another one. */
function references(order: TransportOrder): OutSegment[] {
  const named = [
    ...order.transfers.map((it) => ["DO", it] as const),
    ...order.customer_references.map((it) => ["CR", it] as const),
  ];
  return named
    .filter(([, value]) => value.length <= MAX_REFERENCE)
    .map(([qualifier, value]) => ["N9", qualifier, value]);
}

/** Days of the order's instants, in UTC: a warehouse works by days. */
function dates(qualifier: string, at: string | undefined): OutSegment[] {
  if (at === undefined) return [];
  return [["G62", qualifier, DateTime.fromISO(at, { zone: "UTC" }).toFormat("yyyyLLdd")]];
}

function notes(note: string | undefined): OutSegment[] {
  const pieces = note?.match(/[^]{1,80}/g) ?? [];
  return pieces.slice(0, MAX_NOTES).map((piece) => ["NTE", "WHI", free(piece, 80)]);
}

/** W66: prepaid, by motor; the service as routing, the carrier by his SCAC. */
function carrier({ service }: TransportOrder, { scac }: WarehouseWords): OutSegment[] {
  if (service === undefined && scac === undefined) return [];
  const between = [undefined, undefined, undefined, undefined];
  return [["W66", "PP", "M", undefined, undefined, free(service, 35), ...between, scac]];
}

function goods(
  it: TransportOrder["goods"][number],
  index: number,
  { units }: WarehouseWords,
): OutSegment[] {
  const path = `/goods/${index}`;
  if (it.product_code === undefined) {
    const hint = "give the product an internal reference";
    throw refused(`${it.description} has no number`, `${path}/product_code`, hint);
  }
  const known = { ...UNITS, ...units };
  const unit = Object.hasOwn(known, it.unit) ? known[it.unit] : undefined;
  if (unit === undefined) {
    const hint = "name its code of element 355 in settings.units";
    throw refused(`the unit ${it.unit} has no code`, `${path}/unit`, hint);
  }
  const lots = (it.lots ?? []).filter((lot) => lot.length <= MAX_REFERENCE);
  return [
    ["LX", String(index + 1)],
    ["W01", it.quantity, unit, undefined, "VN", it.product_code],
    ["G69", free(it.description, 45)],
    ...lots.map((lot) => ["N9", "LT", lot] as const),
  ];
}

function totalOf({ goods: all }: TransportOrder): string {
  return all.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0)).toFixed();
}

/** Weight and its unit, where it is known of everything. */
function weightOf(order: TransportOrder): string[] {
  if (order.weight_kg !== undefined) return [order.weight_kg, "KG"];
  const weights = order.goods.map(({ weight_kg }) => weight_kg);
  if (weights.length === 0 || weights.includes(undefined)) return [];
  const sum = weights.reduce((total, weight) => total.plus(weight ?? 0), new Decimal(0));
  return [sum.toFixed(), "KG"];
}
