/** Events that an entity carries with it (contextEvents): they happened to it. */
import type { JsonNode } from "../shared/json/node.ts";
import { POSITION_EVENTS, TELEMETRY_EVENTS } from "./codes.ts";
import { readTelemetry } from "./telemetry.ts";
import { type Scope, within } from "./scope.ts";

/** Only measurements: associations and updates in here repeat what the entity itself shows. */
export function readEvents(scope: Scope, entity: JsonNode): void {
  for (const event of entity.at("contextEvents").items()) {
    const type = event.at("eventType").text(64) ?? "";
    if (!POSITION_EVENTS.has(type) && !TELEMETRY_EVENTS.has(type)) continue;
    readTelemetry(within({ ...scope, version: undefined }, event), event, type);
  }
}
