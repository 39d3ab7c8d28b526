/** Entities and the associations between them: who is meant, whether or not it is told in full. */
import { type JsonNode } from "../shared/json/node.ts";
import { ACTION_TYPES } from "./codes.ts";

/** What an association points to. */
export interface Linked {
  /** UUID of the entity, when it is named by one. */
  id?: string;
  /** OTM's name of the entity's type, when it is told or can be seen. */
  type?: string;
  /** The entity itself, when it is told inline. */
  entity?: JsonNode;
  /** External attributes that name the entity (attributeRestriction, or the inline entity's own). */
  attributes: JsonNode;
  /** The association, which carries roles. */
  association: JsonNode;
}

/** Reads an association: inline, reference or attributeRestriction; nothing when it is none. */
export function linked(association: JsonNode): Linked | undefined {
  if (!association.isObject) return undefined;
  const entity = association.at("entity");
  if (entity.isObject) {
    const id = entity.at("id").text(100);
    const type = typeOf(entity);
    return {
      ...(id !== undefined && { id }),
      ...(type !== undefined && { type }),
      entity,
      attributes: entity.at("externalAttributes"),
      association,
    };
  }
  const id = association.at("uuid").text(100);
  const attributes = association.at("restriction", "externalAttributes");
  if (id === undefined && !attributes.isObject) return undefined;
  const type = association.at("entityType").text(64);
  return {
    ...(id !== undefined && { id }),
    ...(type !== undefined && { type }),
    attributes,
    association,
  };
}

/** The entity behind an association at the message's root; the node itself when it is none. */
export function unwrapped(node: JsonNode): JsonNode {
  const entity = node.at("entity");
  return node.at("associationType").text(32) === "inline" && entity.isObject ? entity : node;
}

/**
 * OTM's type of an entity or event, such as `trip`, `unload`, `updateEvent`. Answers of the
 * entity endpoints name no type, so it is seen from the members that only one type has.
 */
export function typeOf(node: JsonNode): string | undefined {
  const told =
    node.at("eventType").text(64) ??
    node.at("actionType").text(64) ??
    node.at("entityType").text(64);
  if (told !== undefined) return told;
  const has = (key: string) => !node.at(key).isMissing;
  const kind = node.at("type").text(64);
  if (kind === "items" || kind === "transportEquipment") return kind;
  if (has("consignments")) return "transportOrder";
  if (has("goods")) return "consignment";
  if (has("content")) return "document";
  if (has("value") && node.at("value").isObject) return "constraint";
  if (has("lifecycle") || has("startTime") || has("endTime")) return undefined;
  if (has("actions") || has("transportMode") || has("vehicle")) return "trip";
  if (has("licensePlate") || has("vehicleType") || has("loadCapacities")) return "vehicle";
  if (has("geoReference") || has("administrativeReference")) return "location";
  if (has("contactDetails")) return "actor";
  if (has("sensorType")) return "sensor";
  return undefined;
}

/** Whether the type is one of an action, also one that this version of OTM does not know. */
export function isAction(node: JsonNode): boolean {
  const type = typeOf(node);
  return !node.at("actionType").isMissing || (type !== undefined && ACTION_TYPES.has(type));
}

/** The entities of a list of associations that are told inline, in their order. */
export function inlineEntities(list: JsonNode): JsonNode[] {
  return list.items().flatMap((it) => linked(it)?.entity ?? []);
}

/** The first association of the list whose roles hold one of these. */
export function withRole(list: JsonNode, roles: ReadonlySet<string>): Linked | undefined {
  for (const item of list.items()) {
    const told = item
      .at("roles")
      .items()
      .flatMap((role) => role.text(32) ?? []);
    if (told.some((role) => roles.has(role))) return linked(item);
  }
  return undefined;
}

/** Name of an actor: its own, else that of the person in its contact details. */
export function actorName(actor: JsonNode | undefined): string | undefined {
  if (actor === undefined) return undefined;
  const details = actor.at("contactDetails").items();
  const detail = (type: string) =>
    details
      .find((it) => it.at("type").text(32) === type)
      ?.at("value")
      .text(100);
  const person = [
    actor.at("firstName").text(64) ?? detail("firstName"),
    actor.at("lastName").text(64) ?? detail("lastName"),
  ].filter((part) => part !== undefined);
  return actor.at("name").text(128) ?? (person.length > 0 ? person.join(" ") : detail("name"));
}

const LIST_TYPES: Readonly<Record<string, string>> = {
  trips: "trip",
  consignments: "consignment",
  transportOrders: "transportOrder",
  documents: "document",
};

/** What a polled list holds, by the last part of its path; nothing when that does not tell. */
export function listType(url: string | undefined): string | undefined {
  const name = url?.split("?")[0]?.split("/").at(-1) ?? "";
  return Object.hasOwn(LIST_TYPES, name) ? LIST_TYPES[name] : undefined;
}
