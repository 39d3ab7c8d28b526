/** Transport orders as they come in: checked, and made once however often they come. */
import { JsonNode } from "../../bridge/sources/shared/json/node.ts";
import { linked } from "../../bridge/sources/otm5/entity.ts";

export interface OrderStop {
  id: string;
  kind: "pickup" | "delivery";
  sequence: number;
  /** The location as the order told it (OTM), and what makes two stops one. */
  location: Record<string, unknown>;
  placeKey: string;
  /** The time window, as OTM constraint, when one was told. */
  constraint: Record<string, unknown> | undefined;
}

export interface OrderedGoods {
  id: string;
  description: string;
  quantity: string;
  unit: string;
  /** Where they are unloaded; everywhere when the order does not say. */
  stop: string | undefined;
}

export interface OrderedTransport {
  id: string;
  shipment: string;
  consignmentId: string;
  receiver: string;
  stops: OrderStop[];
  goods: OrderedGoods[];
}

/** OTM's clientError for one field. */
export interface OrderFault {
  type: "missingField" | "invalidField";
  field: string;
  message: string;
}

/** Reads an OTM5 transport order; gives what is wrong with it instead when it cannot be carried out. */
export function readOrder(body: unknown): OrderedTransport | { faults: OrderFault[] } {
  const root = new JsonNode(body);
  const faults: OrderFault[] = [];
  const missing = (field: string) =>
    faults.push({ type: "missingField", field, message: "is needed" });
  const id = root.at("id").text(100);
  if (id === undefined) missing("id");
  const consignments = root.at("consignments").items();
  const consignment = consignments[0] === undefined ? undefined : linked(consignments[0]);
  const entity = consignment?.entity;
  if (entity === undefined || consignment?.id === undefined) missing("consignments");
  if (consignments.length > 1) {
    const message = "one consignment per order";
    faults.push({ type: "invalidField", field: "consignments", message });
  }
  const stops = entity === undefined ? [] : entity.at("actions").items().flatMap(readStop);
  for (const kind of ["pickup", "delivery"] as const) {
    if (!stops.some((it) => it.kind === kind)) missing(`consignments.actions (${kind})`);
  }
  const goods = entity === undefined ? [] : entity.at("goods").items().flatMap(readGoods);
  if (faults.length > 0 || id === undefined || consignment?.id === undefined) return { faults };
  return {
    id,
    shipment: root.at("externalAttributes", "shipmentNumber").text(64) ?? id,
    consignmentId: consignment.id,
    receiver: receiverOf(root) ?? "Receiver",
    stops: stops.toSorted((a, b) => a.sequence - b.sequence),
    goods,
  };
}

/** The goods of an order that are unloaded at one of its stops. */
export function goodsAt(order: OrderedTransport, stop: OrderStop): OrderedGoods[] {
  return order.goods.filter((goods) => goods.stop === undefined || goods.stop === stop.id);
}

/** Reads an updateEvent about a transport order: the order as it is from now on. */
export function changedOrder(
  body: unknown,
): { id: string; order: OrderedTransport } | { faults: OrderFault[] } {
  const event = new JsonNode(body);
  const id = event.at("id").text(100);
  if (event.at("eventType").text(32) !== "updateEvent" || id === undefined) {
    const message = "only an updateEvent with an id is taken";
    return { faults: [{ type: "invalidField", field: "eventType", message }] };
  }
  const order = readOrder(event.at("entity").value);
  return "faults" in order ? order : { id, order };
}

function readStop(association: JsonNode, index: number): OrderStop[] {
  const action = linked(association)?.entity;
  const type = action?.at("actionType").text(32);
  const id = action?.at("id").text(100);
  const location = action === undefined ? undefined : linked(action.at("location"))?.entity;
  if (action === undefined || id === undefined || (type !== "load" && type !== "unload")) return [];
  const constraint = linked(action.at("constraint"))?.entity?.value;
  const { geoReference, administrativeReference } = (location?.value ?? {}) as Record<
    string,
    unknown
  >;
  return [
    {
      id,
      kind: type === "load" ? "pickup" : "delivery",
      sequence: action.at("sequenceNr").number() ?? index,
      location: (location?.value ?? {}) as Record<string, unknown>,
      placeKey: JSON.stringify([
        type,
        geoReference,
        administrativeReference,
        location?.at("name").text(),
      ]),
      constraint: constraint as Record<string, unknown> | undefined,
    },
  ];
}

function readGoods(association: JsonNode): OrderedGoods[] {
  const goods = linked(association)?.entity;
  const id = goods?.at("id").text(100);
  if (goods === undefined || id === undefined) return [];
  return [
    {
      id,
      description: goods.at("description").text(256) ?? "Goods",
      quantity:
        goods.at("externalAttributes", "quantity").text(32) ?? goods.at("quantity").text(32) ?? "1",
      unit: goods.at("externalAttributes", "unit").text(32) ?? "pcs",
      stop: goods.at("externalAttributes", "unloadAction").text(100),
    },
  ];
}

function receiverOf(order: JsonNode): string | undefined {
  for (const actor of order.at("actors").items()) {
    const roles = actor
      .at("roles")
      .items()
      .map((it) => it.text());
    if (roles.includes("receiver") || roles.includes("consignee"))
      return actor.at("entity", "name").text(64);
  }
  return undefined;
}
