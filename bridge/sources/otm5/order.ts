/** A transport order of ours in OTM5's words, and what the partner answered. */
import type {
  OrderPurpose,
  TransportOrder,
  OrderReceipt,
} from "../../canonical/transport_order.ts";
import type { Place } from "../../canonical/values.ts";
import { defined } from "../shared/reading/reading.ts";
import type { OutgoingOrder, Peer, PeerRequest } from "../source.ts";
import { acceptance, afterConflict } from "./answer.ts";
import { eventId } from "./event_id.ts";
import { isPage, isUnsure, REFUSALS, refusal, unsure } from "./refusal.ts";
import type { Otm5Settings } from "./settings.ts";

/** Answers to a cancellation by a partner that has no such order: there is nothing left to cancel. */
const NOT_THERE = [404, 410];
const CONFLICT = 409;
/** From this try on a refusal counts whoever gave it: half a minute and two lie behind. */
const SURE_ATTEMPT = 4;

/**
 * Sends the order under the UUID that Odoo made for it: by OTM's own rule a PUT of a known id
 * changes nothing, and the key says the same to partners that number anew (POST). That is why a
 * change goes as an event about the order.
 */
export async function sendOrder(
  peer: Peer,
  outgoing: OutgoingOrder,
  settings: Otm5Settings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { purpose, order, key, attempt } = outgoing;
  const { key_header: header, ...orders } = settings.orders;
  const headers = { "content-type": "application/json", [header]: key };
  const request = { ...requestOf(purpose, order, key, orders), headers, expect: REFUSALS };
  const response = await peer.request(request, signal);
  const what = `order ${order.shipment}`;
  if (isUnsure(response) && attempt < SURE_ATTEMPT) throw unsure(response, what);
  const isRefused = REFUSALS.includes(response.status);
  if (purpose === "cancellation" && NOT_THERE.includes(response.status) && !isPage(response)) {
    return { result: "accepted", identifiers: [] };
  }
  if (isRefused && response.status !== CONFLICT) return refusal(response, what);
  const asked = { peer, order, purpose, key, places: placesOf(purpose, order, key, orders) };
  return isRefused ? afterConflict(asked, response, signal) : acceptance(asked, response, signal);
}

/** Where the partner shows what we sent, when it shows it. */
function placesOf(
  purpose: OrderPurpose,
  order: TransportOrder,
  key: string,
  { path, change, cancellation, events_path }: Omit<Otm5Settings["orders"], "key_header">,
): string[] {
  if (purpose === "cancellation" && cancellation === "delete") return [];
  const isEntity = purpose === "original" || (purpose === "change" && change === "order");
  return [isEntity ? `${path}/${order.id}` : `${events_path}/${eventId(key)}`];
}

function requestOf(
  purpose: OrderPurpose,
  order: TransportOrder,
  key: string,
  { method, path, change, cancellation, events_path }: Omit<Otm5Settings["orders"], "key_header">,
): PeerRequest {
  const isCancellation = purpose === "cancellation";
  if (isCancellation && cancellation === "delete") {
    return { method: "DELETE", path: `${path}/${order.id}` };
  }
  const file = fileNameOf(isCancellation ? "cancellation" : purpose, order.shipment, key);
  const entity = otmOrder(order, isCancellation ? "cancelled" : "requested");
  if (purpose === "original" || (!isCancellation && change === "order")) {
    return { method, path, body: JSON.stringify(entity), file };
  }
  const event = { eventType: "updateEvent", id: eventId(key), lifecycle: "actual", entity };
  return { method: "PUT", path: events_path, body: JSON.stringify(event), file };
}

/** The file's name: one for each order, change, cancellation or outcome, the same for every try. */
export function fileNameOf(what: string, shipment: string, key: string): string {
  return `${what}_${shipment.replace(/[^A-Za-z0-9-]/g, "_").slice(0, 60)}_${eventId(key)}.json`;
}

/** The transport order as an OTM5 entity. */
export function otmOrder(
  order: TransportOrder,
  status: "requested" | "cancelled" = "requested",
): object {
  const actions = order.stops.map((stop) => otmStop(stop, order));
  return {
    entityType: "transportOrder",
    id: order.id,
    name: order.shipment,
    ...defined({ description: order.note }),
    externalAttributes: defined({
      shipmentNumber: order.shipment,
      salesOrders: joined(order.sales_orders),
      transfers: joined(order.transfers),
      customerReferences: joined(order.customer_references),
      service: order.service,
      packages: joined((order.packages ?? []).map(packageText)),
      weightKg: order.weight_kg,
    }),
    consignments: [
      inline({
        entityType: "consignment",
        id: order.consignment_id,
        name: order.shipment,
        status,
        externalAttributes: { shipmentNumber: order.shipment },
        goods: order.goods.map((goods) => inline(otmGoods(goods))),
        actors: parties(order),
        actions,
      }),
    ],
    actors: parties(order),
  };
}

type Stop = TransportOrder["stops"][number];
type Goods = TransportOrder["goods"][number];
type Party = TransportOrder["shipper"];

const inline = (entity: object) => ({ associationType: "inline", entity });
const joined = (list: readonly string[]) => (list.length === 0 ? undefined : list.join(", "));

/** What is asked for at a stop: a requested load or unload with its place and window. */
function otmStop(stop: Stop, order: TransportOrder): object {
  const window = defined({ startTime: stop.window_start, endTime: stop.window_end });
  return inline({
    actionType: stop.kind === "pickup" ? "load" : "unload",
    id: stop.id,
    lifecycle: "requested",
    sequenceNr: stop.sequence,
    ...defined({ startTime: stop.window_start, endTime: stop.window_end }),
    consignment: {
      associationType: "reference",
      uuid: order.consignment_id,
      entityType: "consignment",
    },
    location: inline(otmLocation(stop)),
    ...(Object.keys(window).length > 0 && {
      constraint: inline({ value: { type: "timeWindowConstraint", ...window } }),
    }),
  });
}

function otmLocation({ place, party, kind }: Stop): object {
  return {
    ...defined({ name: place.name ?? party?.name }),
    type: kind === "pickup" ? "warehouse" : "customer",
    geoReference: geoReference(place),
    administrativeReference: address(place),
    ...defined({ unCode: place.unlocode }),
    ...(place.zone !== undefined && { externalAttributes: { timeZone: place.zone } }),
    ...(party !== undefined && { contactDetails: contacts(party) }),
  };
}

function geoReference(place: Place): object {
  if (place.latitude === undefined || place.longitude === undefined) {
    return { type: "addressGeoReference", ...address(place) };
  }
  return { type: "latLonPointGeoReference", lat: place.latitude, lon: place.longitude };
}

function address(place: Place): object {
  return defined({
    name: place.name,
    street: place.street,
    postalCode: place.postal_code,
    city: place.city,
    country: place.country,
  });
}

/** OTM counts whole pieces: the exact quantity and its unit travel as external attributes. */
function otmGoods(goods: Goods): object {
  const whole = /^\d{1,9}$/.test(goods.quantity) ? Number(goods.quantity) : undefined;
  return defined({
    type: "items",
    id: goods.id,
    description: goods.description,
    quantity: whole,
    productType: goods.product_code,
    weight:
      goods.weight_kg === undefined ? undefined : { value: Number(goods.weight_kg), unit: "kg" },
    externalAttributes: defined({
      quantity: goods.quantity,
      unit: goods.unit,
      productCode: goods.product_code,
      weightKg: goods.weight_kg,
      volumeM3: goods.volume_m3,
      lots: joined(goods.lots ?? []),
      /** Of several drops the one where it is unloaded: the id of our action. */
      unloadAction: goods.delivery_stop,
    }),
  });
}

function packageText(it: NonNullable<TransportOrder["packages"]>[number]): string {
  const weight = it.weight_kg === undefined ? "" : ` (${it.weight_kg} kg)`;
  return `${it.sscc ?? it.reference}${weight}`;
}

function parties(order: TransportOrder): object[] {
  return [
    { ...inline(actor(order.shipper)), roles: ["shipper"] },
    { ...inline(actor(order.consignee)), roles: ["consignee", "receiver"] },
  ];
}

function actor(party: Party): object {
  return {
    entityType: "actor",
    name: party.name,
    ...(party.reference !== undefined && { externalAttributes: { reference: party.reference } }),
    contactDetails: contacts(party),
  };
}

function contacts(party: Party): object[] {
  return [
    ...(party.email === undefined ? [] : [{ type: "email", value: party.email }]),
    ...(party.phone === undefined ? [] : [{ type: "phone", value: party.phone }]),
  ];
}
