/**
 * INSDES, the instruction to despatch, of one order: what a warehouse of somebody else's is to pick,
 * pack and despatch. It answers with a DESADV. By GS1's EANCOM 1997 (D.96A) and 2002 (D.01B).
 */
import { DateTime } from "luxon";
import type { OrderPurpose, TransportOrder } from "../../canonical/transport_order.ts";
import { MilepostError } from "../../errors.ts";
import { zoneOfPlace } from "../shared/reading/place_zone.ts";
import type { OutgoingOrder } from "../source.ts";
import { packagesOf, totalWeight, writtenOrder } from "./order_parts.ts";
import type { EdifactSettings } from "./settings.ts";
import { chunks, segment, type Value } from "./writer.ts";

/** UNH, and BGM C002, in the edition of EANCOM that the directory belongs to. */
const EANCOM_1997 = {
  message: "INSDES:D:96A:EN:EAN001",
  document: ["80E", undefined, "9"],
} as const;
const EANCOM_2002 = { message: "INSDES:D:01B:UN:EAN003", document: "350" } as const;

/** 1225: original, cancel, replace; EANCOM knows no change of a part. */
const FUNCTIONS: Readonly<Record<OrderPurpose, string>> = {
  original: "9",
  cancellation: "1",
  change: "5",
};

/** 6411, UN/ECE Rec. 20, of the units that Odoo brings along, by their English names. */
const UNITS: Readonly<Record<string, string>> = {
  Units: "PCE",
  Dozens: "DZN",
  g: "GRM",
  kg: "KGM",
  lb: "LBR",
  oz: "ONZ",
  L: "LTR",
  m: "MTR",
};

const MAX_NUMBER = 35;
/** So many free texts, references, and numbers in a PIA or GIN. */
const MAX_GROUPS = 9;
const MAX_IN_ONE = 5;
const NOTE_SIZE = 70;

/**
 * The interchange. Throws `edifact_not_configured` (`pause`), and `edifact_order` (`never`) for an order
 * that no warehouse could carry out by it: several places of delivery, goods without a number, a unit
 * without a code.
 */
export function writeInsdes(
  { order, purpose, number }: Omit<OutgoingOrder, "key">,
  settings: EdifactSettings,
  now: Date,
): Buffer {
  const [to, ...others] = order.stops.filter(({ kind }) => kind === "delivery");
  if (to === undefined || others.length > 0) {
    throw refused("a warehouse ships to one place, and this order has several or none", "/stops");
  }
  if (order.shipment.length > MAX_NUMBER) {
    throw refused(`the shipment number has more than ${MAX_NUMBER} characters`, "/shipment");
  }
  const from = order.stops.find(({ kind }) => kind === "pickup");
  const isFirst = settings.interchange?.release === "96A";
  const { message, document } = isFirst ? EANCOM_1997 : EANCOM_2002;
  const body = [
    segment("BGM", document, order.shipment, FUNCTIONS[purpose]),
    segment("DTM", ["137", now.toISOString().replace(/\D/g, "").slice(0, 12), "203"]),
    ...dateOf("2", to.window_end ?? to.window_start, to, settings.zone),
    ...dateOf("10", from?.window_end ?? from?.window_start, from, settings.zone),
    ...textsOf(order),
    ...referencesOf(order, purpose),
    nad("OB", order.shipper, undefined),
    nad("DP", to.party ?? { name: to.place.name ?? order.consignee.name }, to.place),
    ...(from === undefined
      ? []
      : [nad("LSP", from.party ?? { name: from.place.name }, from.place)]),
    ...order.goods.flatMap((it, index) => lineOf(it, index, order, settings)),
    segment("UNS", "S"),
    ...totals(order),
  ];
  return writtenOrder(settings, number, now, () => message, body);
}

function refused(what: string, path: string, hint?: string): MilepostError {
  return new MilepostError(`edifact: the order cannot be written as an INSDES: ${what}`, {
    code: "edifact_order",
    retry: "never",
    culprit: "edifact",
    path,
    ...(hint !== undefined && { hint }),
  });
}

type Stop = TransportOrder["stops"][number];

/** By the clock of the place, else that of the connection, as what we read is understood. */
function dateOf(
  qualifier: string,
  at: string | undefined,
  stop: Stop | undefined,
  otherwise: string,
): string[] {
  if (at === undefined) return [];
  const zone = zoneOfPlace(stop?.place ?? {})?.zone ?? otherwise;
  const digits = DateTime.fromISO(at, { zone }).toFormat("yyyyLLddHHmm");
  return [segment("DTM", [qualifier, digits, "203"])];
}

function textsOf({ note = "", service }: TransportOrder): string[] {
  const size = NOTE_SIZE * MAX_IN_ONE;
  const free = (subject: string, text: string) =>
    segment("FTX", subject, undefined, undefined, chunks(text, NOTE_SIZE, MAX_IN_ONE));
  const notes = Array.from({ length: Math.ceil(note.length / size) }, (_, at) =>
    free("DEL", note.slice(at * size, (at + 1) * size)),
  );
  return [...(service === undefined ? [] : [free("TRA", service)]), ...notes].slice(0, MAX_GROUPS);
}

/** 1153: our number, the instruction that is meant, the customer's orders, our transfers. */
function referencesOf(order: TransportOrder, purpose: OrderPurpose): string[] {
  const named = [
    ["CU", order.shipment],
    ...(purpose === "original" ? [] : [["IDR", order.shipment]]),
    ...order.customer_references.map((it) => ["ON", it]),
    ...order.transfers.map((it) => ["AAU", it]),
  ];
  // A number that is cut is another one.
  return named
    .filter(([, value = ""]) => value.length <= MAX_NUMBER)
    .slice(0, MAX_GROUPS)
    .map((it) => segment("RFF", it));
}

/** A code of thirteen digits is a GLN (3055 9), another is ours (91). */
function nad(
  qualifier: string,
  { name, reference }: { name?: string | undefined; reference?: string | undefined },
  place: Stop["place"] | undefined,
): string {
  const agency = /^\d{13}$/.test(reference ?? "") ? "9" : "91";
  return segment(
    "NAD",
    qualifier,
    reference === undefined ? undefined : [reference.slice(0, 35), undefined, agency],
    undefined,
    chunks(name ?? "", 35, MAX_IN_ONE),
    chunks(place?.street ?? "", 35, 3),
    place?.city?.slice(0, 35),
    undefined,
    place?.postal_code?.slice(0, 9),
    place?.country,
  );
}

function lineOf(
  goods: TransportOrder["goods"][number],
  index: number,
  order: TransportOrder,
  { units }: EdifactSettings,
): string[] {
  const path = `/goods/${index}`;
  if (goods.product_code === undefined) {
    const hint = "give the product an internal reference";
    throw refused(`${goods.description} has no number`, `${path}/product_code`, hint);
  }
  const known = { ...UNITS, ...units };
  const unit = Object.hasOwn(known, goods.unit) ? known[goods.unit] : undefined;
  if (unit === undefined) {
    const hint = "name its code of UN/ECE Rec. 20 in settings.units";
    throw refused(`the unit ${goods.unit} has no code`, `${path}/unit`, hint);
  }
  const lots = (goods.lots ?? []).filter((it) => it.length <= MAX_NUMBER);
  const codes = packagesOf(goods, order).flatMap(({ sscc }) => sscc ?? []);
  const pia = (lot: string): Value => [lot, "NB", undefined, "91"];
  return [
    segment("LIN", String(index + 1)),
    segment("PIA", "5", [goods.product_code.slice(0, MAX_NUMBER), "SA", undefined, "91"]),
    ...fives(lots).map((some) => segment("PIA", "1", ...some.map(pia))),
    segment("IMD", "F", undefined, [
      undefined,
      undefined,
      undefined,
      ...chunks(goods.description, 35, 2),
    ]),
    segment("QTY", ["113", goods.quantity, unit]),
    ...fives(codes).map((some) => segment("GIN", "BJ", ...some)),
  ];
}

function fives(texts: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(texts.length / MAX_IN_ONE) }, (_, at) =>
    texts.slice(at * MAX_IN_ONE, (at + 1) * MAX_IN_ONE),
  );
}

/** 6069: lines, packages where it is packed already, gross weight where it is known. */
function totals(order: TransportOrder): string[] {
  const { goods, packages = [] } = order;
  const weight = totalWeight(order);
  return [
    segment("CNT", ["2", String(goods.length)]),
    ...(packages.length === 0 ? [] : [segment("CNT", ["11", String(packages.length)])]),
    ...(weight.isZero() ? [] : [segment("CNT", ["7", weight.toFixed(), "KGM"])]),
  ];
}
