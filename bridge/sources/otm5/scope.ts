/** What a reader knows of the entity it reads from the entities around it. */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Instant } from "../../canonical/values.ts";
import { instantAtPlace } from "../shared/json/instant_at.ts";
import { readUtc, utcOf } from "../shared/reading/instants.ts";
import type { PlaceZone } from "../shared/reading/place_zone.ts";
import type { JsonNode } from "../shared/json/node.ts";
import type { ReadingBuilder } from "../shared/reading/reading.ts";
import type { RawMessage } from "../source.ts";
import { listType } from "./entity.ts";
import type { Otm5Settings } from "./settings.ts";

/** The consignment (or container) that something is about, by all its names. */
export interface Cargo {
  /** The same for all that is said of one consignment; also the lane of its facts. */
  key: string;
  identifiers: Identifier[];
  /** The consignment, when it is told inline. */
  entity?: JsonNode;
}

export interface Scope {
  builder: ReadingBuilder;
  settings: Otm5Settings;
  /** The nearest lastModified: its own, else that of the entity or event around it. */
  version: string | undefined;
  /** When the sender said it. */
  recordedAt: string;
  /** Zone for times without offset at a place whose zone is not known. */
  zone: string;
  /** The zone of the place that this is at. */
  clock: PlaceZone | undefined;
  /** The trip that this is part of. */
  trip: string | undefined;
  /** The consignment that this is part of: the cargo of actions that name none. */
  cargo: Cargo | undefined;
  /** Inside an update, which tells only what changed: what it leaves out is not known here. */
  isPartial: boolean;
  /** Type of entities that tell none themselves: that of the list that they were polled from. */
  hint: string | undefined;
}

export function rootScope(
  builder: ReadingBuilder,
  message: RawMessage,
  settings: Otm5Settings,
): Scope {
  return {
    builder,
    settings,
    version: undefined,
    recordedAt: utcOf(message.receivedAt),
    zone: settings.zone,
    clock: undefined,
    trip: undefined,
    cargo: undefined,
    isPartial: false,
    hint: listType(message.attributes["url"]),
  };
}

/** The scope of an entity or event inside this one. */
export function within(scope: Scope, node: JsonNode): Scope {
  const version = readUtc(node.at("lastModified").text(64), scope.zone);
  if (version !== undefined) return { ...scope, version, recordedAt: version };
  if (scope.version !== undefined) return scope;
  // An event does not change: what it says was said when it was created.
  const created = node.at("eventType").isMissing ? undefined : node.at("creationDate").text(64);
  const recordedAt = readUtc(created, scope.zone) ?? scope.recordedAt;
  return { ...scope, recordedAt };
}

/** The moment at which something was said, as an instant: the best there is for changes of status. */
export function saidAt(scope: Scope): Instant {
  return { at: scope.recordedAt, zone: "UTC", precision: "second" };
}

/** A time on the clock of the place; without an offset the zone is inferred. */
export function instantHere({ builder, clock, zone }: Scope, node: JsonNode): Instant | undefined {
  return instantAtPlace(builder, node, clock, { zone });
}

/** A time of an action; recurring times and durations are no instants. */
export function timeAt(
  scope: Scope,
  action: JsonNode,
  key: "startTime" | "endTime",
): Instant | undefined {
  const format = action.at("timeFormat").text(32);
  if (format !== undefined && format !== "dateTime") return undefined;
  return instantHere(scope, action.at(key));
}
