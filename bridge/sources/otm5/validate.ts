/** Finds the entities and events of a message and their faults. */
import type { z } from "zod";
import { untracked } from "../shared/reading/field_tracking.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { pointer } from "../shared/json/json_pointer.ts";
import { JsonNode } from "../shared/json/node.ts";
import { isAction, linked, typeOf, unwrapped } from "./entity.ts";
import {
  action,
  actor,
  anyEntity,
  associationEvent,
  consignment,
  document,
  event,
  goods,
  location,
  transportOrder,
  trip,
  updateEvent,
  vehicle,
} from "./schema.ts";

export interface Fault {
  path: string;
  text: string;
}

export interface Validated {
  node: JsonNode;
  faults: Fault[];
}

const MAX_ENTITIES = 10_000;
/** Members under which partners put the list of a page. */
const LISTS = ["entities", "items", "data", "results", "events"];

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  trip,
  consignment,
  transportOrder,
  document,
  location,
  actor,
  vehicle,
  items: goods,
  transportEquipment: goods,
  updateEvent,
  associationCreatedEvent: associationEvent,
  associationRemovedEvent: associationEvent,
};

/** Every entity and event of a message, one after the other. Throws when they are too many. */
export function* validate(
  nodes: Iterable<JsonNode>,
  count: number,
  hint?: string,
): Generator<Validated> {
  if (count > MAX_ENTITIES) {
    throw unreadable("otm5", "too_many", "", `more than ${MAX_ENTITIES} entities in one message`);
  }
  for (const node of nodes) yield { node, faults: faultsOf(node, hint) };
}

/** One entity or event, an array of them, or an object around such an array. Throws when it is none. */
export function entityNodes(root: JsonNode): JsonNode[] {
  if (Array.isArray(root.value)) return root.items();
  if (!root.isObject)
    throw unreadable("otm5", "not_otm5", "", "neither an entity nor a list of entities");
  if (typeOf(unwrapped(root)) === undefined && root.at("id").isMissing) {
    const list = LISTS.map((key) => root.at(key)).find((it) => Array.isArray(it.value));
    if (list !== undefined) return list.items();
    throw unreadable(
      "otm5",
      "not_otm5",
      "",
      "has neither a type nor an id, and no list of entities",
    );
  }
  return [root];
}

/** What is wrong with an entity or event; `hint` is the type of one that names none. */
export function faultsOf(node: JsonNode, hint?: string): Fault[] {
  if (!node.isObject) return [{ path: node.path, text: "must be an entity or an event" }];
  const entity = unwrapped(node);
  const type = typeOf(entity) ?? hint;
  const schema =
    type !== undefined && Object.hasOwn(SCHEMAS, type)
      ? SCHEMAS[type]
      : !entity.at("eventType").isMissing
        ? event
        : isAction(entity)
          ? action
          : anyEntity;
  const faults = schemaFaults(schema ?? anyEntity, entity);
  if (faults.length > 0) return faults;
  return insideFaults(entity, type);
}

/** The entities that an event brings along are checked against their own schema. */
function insideFaults(entity: JsonNode, type: string | undefined): Fault[] {
  if (type === "updateEvent") {
    return faultsOf(linked(entity.at("entity"))?.entity ?? entity.at("entity"));
  }
  if (type !== "associationCreatedEvent" && type !== "associationRemovedEvent") return [];
  return ["entity1", "entity2"].flatMap((key) => {
    const inside = linked(entity.at(key))?.entity;
    return inside === undefined ? [] : faultsOf(inside);
  });
}

function schemaFaults(type: z.ZodType, node: JsonNode): Fault[] {
  const checked = type.safeParse(untracked(node.value));
  if (checked.success) return [];
  return checked.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: pointer(path, node.path), text: message }));
}
