/**
 * IFTMIN, the instruction to transport, of one order. Sending it again replaces the file,
 * under the same references: the partner knows the instruction by its number.
 */
import { Decimal } from "decimal.js";
import type { TransportOrder, OrderReceipt } from "../../canonical/transport_order.ts";
import { MilepostError } from "../../errors.ts";
import { orderName } from "../shared/reading/order_answer.ts";
import type { OutgoingOrder, Peer } from "../source.ts";
import { ORDERS } from "./our_order.ts";
import type { EdifactSettings } from "./settings.ts";
import { chunks, interchange, segment, type Value } from "./writer.ts";

type Stop = TransportOrder["stops"][number];

/** Puts the order into the partner's folder. Throws `edifact_not_configured` (`pause`). */
export async function sendIftmin(
  peer: Peer,
  outgoing: OutgoingOrder,
  settings: EdifactSettings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { order, number } = outgoing;
  const body = writeIftmin(outgoing, settings, new Date());
  const path = `/iftmin-${String(number).padStart(9, "0")}.edi`;
  const headers = { "content-type": "application/edifact" };
  await peer.request({ method: "PUT", path, headers, body }, signal);
  const name = orderName(ORDERS, String(number));
  return { result: "accepted", externalNumber: order.shipment, identifiers: [name] };
}

/** BGM 1225, message function: what the instruction is to an earlier one of its number. */
const FUNCTIONS = { original: "9", cancellation: "1", change: "4", replace: "5" } as const;

/** The interchange; `number` is its control reference and that of the transport. */
export function writeIftmin(
  { order, purpose, number }: Omit<OutgoingOrder, "key">,
  settings: EdifactSettings,
  now: Date,
): Buffer {
  const { interchange: us } = settings;
  if (us === undefined) {
    throw new MilepostError("settings.interchange is needed to send transport orders", {
      code: "edifact_not_configured",
      retry: "pause",
      culprit: "edifact",
      hint: "name sender and receiver of UNB in the connection's settings",
    });
  }
  const told = purpose === "change" ? settings.order_change : purpose;
  const references = [
    ["CU", order.shipment],
    ...order.sales_orders.map((it) => ["CO", it]),
    ...order.transfers.map((it) => ["DQ", it]),
    ...order.customer_references.map((it) => ["CR", it]),
  ];
  const body = [
    segment("BGM", "610", order.shipment.slice(0, 35), FUNCTIONS[told]),
    segment("DTM", ["137", digits(now), "203"]),
    ...(order.service === undefined ? [] : [segment("TSR", undefined, order.service.slice(0, 17))]),
    ...(order.note === undefined
      ? []
      : [segment("FTX", "AAI", undefined, undefined, chunks(order.note, 70, 5))]),
    segment("CNT", ["7", totalWeight(order), "KGM"]),
    ...references.map(([qualifier, value]) => segment("RFF", [qualifier, value?.slice(0, 35)])),
    segment("TDT", "20", String(number), "3"),
    ...order.stops.flatMap((stop) => stopSegments(stop)),
    ...partySegments(order),
    ...order.goods.flatMap((it, index) => goodsSegments(it, index + 1, order)),
  ];
  const party = (id: string, qualifier: string | undefined) =>
    qualifier === undefined ? [id] : [id, qualifier];
  return interchange(
    {
      sender: party(us.sender, us.sender_qualifier),
      receiver: party(us.receiver, us.receiver_qualifier),
      reference: String(number).padStart(9, "0"),
      prepared: now,
      test: us.test,
    },
    ORDERS,
    `D:${us.release}:UN`,
    body,
  );
}

function digits(at: Date): string {
  return at.toISOString().replace(/\D/g, "").slice(0, 12);
}

/** Where, and in which window (UTC); LOC 5 is the place of departure, 8 that of destination. */
function stopSegments({ kind, place, window_start: from, window_end: to }: Stop): string[] {
  const name = place.city ?? place.name ?? place.street;
  const code = place.unlocode;
  const located: Value =
    code === undefined ? [undefined, undefined, undefined, name] : [code, "139", "6", name];
  // 2005: collection earliest and latest, delivery earliest and latest.
  const [early, late] = kind === "pickup" ? ["234", "235"] : ["64", "63"];
  const time = (qualifier: string, at: string | undefined) =>
    at === undefined ? [] : [segment("DTM", [qualifier, digits(new Date(at)), "203"])];
  return [
    segment("LOC", kind === "pickup" ? "5" : "8", located),
    ...time(early, from),
    ...time(late, to),
  ];
}

function partySegments(order: TransportOrder): string[] {
  const first = order.stops.find((it) => it.kind === "pickup");
  const last = order.stops.findLast((it) => it.kind === "delivery");
  const nad = (
    qualifier: string,
    party: TransportOrder["shipper"],
    place: Stop["place"] | undefined,
  ) =>
    segment(
      "NAD",
      qualifier,
      party.reference === undefined ? undefined : [party.reference.slice(0, 35)],
      undefined,
      chunks(party.name, 35, 5),
      chunks(place?.street ?? "", 35, 3),
      place?.city?.slice(0, 35),
      undefined,
      place?.postal_code?.slice(0, 9),
      place?.country,
    );
  return [nad("CZ", order.shipper, first?.place), nad("CN", order.consignee, last?.place)];
}

function goodsSegments(
  goods: TransportOrder["goods"][number],
  number: number,
  order: TransportOrder,
): string[] {
  const { quantity, unit, description, product_code: code, weight_kg: kg, volume_m3: m3 } = goods;
  return [
    segment("GID", String(number), [quantity, undefined, undefined, undefined, unit.slice(0, 35)]),
    ...(code === undefined ? [] : [segment("PIA", "5", [code.slice(0, 35), "SA"])]),
    segment("FTX", "AAA", undefined, undefined, chunks(description, 70, 5)),
    ...(kg === undefined ? [] : [segment("MEA", "WT", "G", ["KGM", kg])]),
    ...(m3 === undefined ? [] : [segment("MEA", "VOL", undefined, ["MTQ", m3])]),
    ...codesOf(goods, order).flatMap((sscc) => [segment("PCI", "33E"), segment("GIN", "BJ", sscc)]),
  ];
}

/** SSCCs of the packages that hold some of these goods (PCI 4233 33E, GIN 7405 BJ). */
function codesOf(goods: TransportOrder["goods"][number], order: TransportOrder): string[] {
  return (order.packages ?? []).flatMap(({ sscc, contents }) =>
    sscc !== undefined && contents.some((it) => it.goods === goods.id) ? [sscc] : [],
  );
}

function totalWeight(order: TransportOrder): string {
  if (order.weight_kg !== undefined) return order.weight_kg;
  const weights = order.goods.flatMap((it) => it.weight_kg ?? []);
  const sum = weights.reduce((so_far, it) => so_far.plus(it), new Decimal(0));
  return sum.toFixed();
}
