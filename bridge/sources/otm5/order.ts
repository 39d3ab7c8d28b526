/** A transport order of ours in OTM5's words, and what the partner answered. */
import type { Identifier } from "../../canonical/identifiers.ts";
import type {
  OrderPurpose,
  TransportOrder,
  OrderReceipt,
} from "../../canonical/transport_order.ts";
import type { Place } from "../../canonical/values.ts";
import { MilepostError } from "../../errors.ts";
import { parseDocument } from "../shared/json/document.ts";
import { JsonNode } from "../shared/json/node.ts";
import { defined, identifiers } from "../shared/reading/reading.ts";
import type { OutgoingOrder, Peer, PeerRequest, PeerResponse } from "../source.ts";
import { linked, unwrapped } from "./entity.ts";
import { eventId } from "./event_id.ts";
import { REFUSALS, refusal } from "./refusal.ts";
import type { Otm5Settings } from "./settings.ts";

/** Answers to a cancellation by a partner that has no such order: there is nothing left to cancel. */
const NOT_THERE = [404, 410];

/**
 * Sends the order under the UUID that Odoo made for it: by OTM's own rule a PUT of a known id
 * changes nothing, and the key says the same to partners that number anew (POST). That is why a
 * change goes as an event about the order.
 */
export async function sendOrder(
  peer: Peer,
  { purpose, order, key }: OutgoingOrder,
  settings: Otm5Settings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { key_header: header, ...orders } = settings.orders;
  const headers = { "content-type": "application/json", [header]: key };
  const request = { ...requestOf(purpose, order, key, orders), headers, expect: REFUSALS };
  const response = await peer.request(request, signal);
  if (purpose === "cancellation" && NOT_THERE.includes(response.status)) {
    return { result: "accepted", identifiers: [] };
  }
  if (REFUSALS.includes(response.status)) return refusal(response, `order ${order.shipment}`);
  if (purpose === "original") return acceptance(response, order);
  return { result: "accepted", identifiers: [] };
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
  const entity = otmOrder(order, isCancellation ? "cancelled" : "requested");
  if (purpose === "original" || (!isCancellation && change === "order")) {
    return { method, path, body: JSON.stringify(entity) };
  }
  const event = { eventType: "updateEvent", id: eventId(key), lifecycle: "actual", entity };
  return { method: "PUT", path: events_path, body: JSON.stringify(event) };
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
    }),
  });
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

/** The same entity comes back, perhaps under the partner's own ids; an empty answer is a yes, too. */
function acceptance(response: PeerResponse, order: TransportOrder): OrderReceipt {
  const own = ownNames(order);
  if (response.body.length === 0) return { result: "accepted", identifiers: own };
  const answer = unwrapped(readAnswer(response));
  const number =
    answer.at("externalAttributes", "orderNumber").text(128) ??
    answer.at("externalAttributes", "transportOrderId").text(128);
  const consignments = answer
    .at("consignments")
    .items()
    .flatMap((it) => linked(it) ?? []);
  const actions = consignments.flatMap(({ entity }) => entity?.at("actions").items() ?? []);
  const ids = [
    answer.at("id").text(100),
    ...consignments.map((it) => it.id),
    ...actions.map((it) => linked(it)?.id),
  ];
  return {
    result: "accepted",
    ...(number !== undefined && { externalNumber: number }),
    identifiers: unique([...own, ...identifiers(...ids.map((id) => ["entity", id] as const))]),
  };
}

function ownNames(order: TransportOrder): Identifier[] {
  const ids = [order.id, order.consignment_id, ...order.stops.map((it) => it.id)];
  return identifiers(...ids.map((id) => ["entity", id] as const));
}

function unique(names: readonly Identifier[]): Identifier[] {
  const seen = new Set<string>();
  return names
    .filter(({ type, value }) => !seen.has(`${type} ${value}`) && seen.add(`${type} ${value}`))
    .slice(0, 40);
}

/** An accepted order whose answer cannot be read would be lost to us: it is asked again. */
function readAnswer(response: PeerResponse): JsonNode {
  try {
    return new JsonNode(parseDocument("otm5", response.body));
  } catch (cause) {
    throw new MilepostError("otm5: the answer to a transport order is no JSON", {
      code: "bad_answer",
      retry: "later",
      culprit: "otm5",
      cause,
    });
  }
}
