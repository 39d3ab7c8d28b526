/** IFTMIN, the instruction to transport, of one order: what a carrier is to move. */
import type { TransportOrder } from "../../canonical/transport_order.ts";
import type { OutgoingOrder } from "../source.ts";
import { packagesOf, totalWeight, writtenOrder } from "./order_parts.ts";
import type { EdifactSettings } from "./settings.ts";
import { chunks, segment, type Value } from "./writer.ts";

type Stop = TransportOrder["stops"][number];

/** BGM 1225, message function: what the instruction is to an earlier one of its number. */
const FUNCTIONS = { original: "9", cancellation: "1", change: "4", replace: "5" } as const;

/** The interchange; `number` is its control reference and that of the transport. */
export function writeIftmin(
  { order, purpose, number }: Omit<OutgoingOrder, "key">,
  settings: EdifactSettings,
  now: Date,
): Buffer {
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
    segment("CNT", ["7", totalWeight(order).toFixed(), "KGM"]),
    ...references.map(([qualifier, value]) => segment("RFF", [qualifier, value?.slice(0, 35)])),
    segment("TDT", "20", String(number), "3"),
    ...order.stops.flatMap((stop) => stopSegments(stop)),
    ...partySegments(order),
    ...order.goods.flatMap((it, index) => goodsSegments(it, index + 1, order)),
  ];
  return writtenOrder(settings, number, now, (release) => `IFTMIN:D:${release}:UN`, body);
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
    ...packagesOf(goods, order).flatMap(({ sscc }) =>
      sscc === undefined ? [] : [segment("PCI", "33E"), segment("GIN", "BJ", sscc)],
    ),
  ];
}
