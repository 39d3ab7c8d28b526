/** Finds the events in a DCSA message, their version and their faults. */
import type { z } from "zod";
import { untracked } from "../shared/reading/field_tracking.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { pointer } from "../shared/json/json_pointer.ts";
import { JsonNode } from "../shared/json/node.ts";
import { retractionV3, v2, v3 } from "./schema.ts";

export interface Fault {
  path: string;
  text: string;
}

export interface Validated {
  node: JsonNode;
  version: "2" | "3" | "3-retraction";
  faults: Fault[];
}

/** DCSA's first standard is of 2019; an earlier creation is a clock that was never set. */
const EARLIEST = "2000-01-01T00:00:00Z";
/** A message cannot come from the future; two days allow for clocks and zones that are wrong. */
const CLOCK_TOLERANCE = 2 * 86_400_000;

/** Every event of a message with its faults, one after the other. */
export function* validate(nodes: Iterable<JsonNode>, receivedAt: Date): Generator<Validated> {
  const seen = new Map<string, string>();
  for (const node of nodes) {
    const validated = validateEvent(node);
    if (validated.faults.length === 0) {
      validated.faults.push(...clockFaults(node, receivedAt));
      if (validated.version === "2") validated.faults.push(...repeated(node, seen));
    }
    yield validated;
  }
}

/**
 * An array of events (2.x), `{events: […]}` (3.0; some carriers wrap 2.x so, too) or one event.
 * Throws when it is none.
 */
export function eventNodes(root: JsonNode): JsonNode[] {
  if (Array.isArray(root.value)) return root.items();
  if (Array.isArray(root.at("events").value)) return root.at("events").items();
  if (!root.at("eventType").isMissing || !root.at("eventClassification").isMissing) return [root];
  throw unreadable("dcsa", "not_dcsa", "", "neither an array of events nor an object with events");
}

function validateEvent(node: JsonNode): Validated {
  if (!node.isObject)
    return { node, version: "2", faults: [{ path: node.path, text: "must be an event" }] };
  if (node.at("isRetracted").isTrue()) {
    return { node, version: "3-retraction", faults: schemaFaults(retractionV3, node) };
  }
  if (!node.at("eventClassification").isMissing || !node.at("eventRouting").isMissing) {
    return { node, version: "3", faults: schemaFaults(v3, node) };
  }
  return { node, version: "2", faults: schemaFaults(v2, node) };
}

function schemaFaults(type: z.ZodType, node: JsonNode): Fault[] {
  const checked = type.safeParse(untracked(node.value));
  if (checked.success) return [];
  return checked.error.issues.map(({ path, message }) => ({
    path: pointer(path, node.path),
    text: message,
  }));
}

/** A creation or update that cannot be: it would win over every honest one for ever. */
function clockFaults(node: JsonNode, receivedAt: Date): Fault[] {
  const latest = receivedAt.getTime() + CLOCK_TOLERANCE;
  for (const key of ["eventCreatedDateTime", "eventUpdatedDateTime"]) {
    const text = node.at(key).text(40);
    if (text === undefined) continue;
    const time = Date.parse(text);
    const path = node.at(key).path;
    if (time < Date.parse(EARLIEST)) return [{ path, text: `before ${EARLIEST.slice(0, 4)}` }];
    if (time > latest) return [{ path, text: "later than its own arrival" }];
  }
  return [];
}

/** Within one message an eventID stands for one event (2.x has no versions). */
function repeated(node: JsonNode, seen: Map<string, string>): Fault[] {
  const id = node.at("eventID").text(64);
  if (id === undefined) return [];
  const first = seen.get(id);
  if (first === undefined) {
    seen.set(id, node.path);
    return [];
  }
  return [{ path: node.at("eventID").path, text: `the same eventID as ${first}` }];
}
