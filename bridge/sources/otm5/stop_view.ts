/** A stop as the message tells it, with its work. */
import type { StopKind } from "../../canonical/codes.ts";
import type { Instant, Place } from "../../canonical/values.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { cargoOf } from "./cargo.ts";
import { type Linked, linked, typeOf } from "./entity.ts";
import { atLocation, placeOf } from "./location.ts";
import { type Cargo, type Scope, timeAt } from "./scope.ts";

/** A stop as told, which can be several times in one message: once planned, once realized. */
export interface StopView {
  key: string;
  id: string | undefined;
  sequence: number | undefined;
  versions: JsonNode[];
  place: Place | undefined;
  /** By lifecycle, on the stop's own clock. */
  times: ReadonlyMap<string, Times>;
  isTerminal: boolean;
  /** Loads, unloads and hand-overs told inline, with their cargo. */
  work: Work[];
  /** Actions that are only referred to. */
  references: Linked[];
}

export interface Times {
  start: Instant | undefined;
  end: Instant | undefined;
}

export interface Work {
  node: JsonNode;
  type: string;
  id: string | undefined;
  cargo: Cargo | undefined;
}

/** What a stop is for one cargo. */
export type RoleOf = (stop: StopView, cargoKey: string) => StopKind | undefined;

export function stopView(scope: Scope, versions: JsonNode[], index: number): StopView {
  const [first] = versions as [JsonNode];
  const id = first.at("id").text(100);
  const children = versions.flatMap((it) =>
    it
      .at("actions")
      .items()
      .flatMap((child) => linked(child) ?? []),
  );
  const location = versions
    .map((it) => linked(it.at("location"))?.entity)
    .find((it) => it !== undefined);
  return {
    key: id ?? `${first.path}#${index}`,
    id,
    sequence: versions.map((it) => it.at("sequenceNr").number()).find((it) => it !== undefined),
    versions,
    place: versions.map((it) => placeOf(scope, it.at("location"))).find((it) => it !== undefined),
    times: timesOf(scope, versions),
    isTerminal: scope.settings.terminals.includes(location?.at("type").text(64) ?? ""),
    work: children.flatMap(({ entity }) => (entity === undefined ? [] : [workOf(scope, entity)])),
    references: children.filter((it) => it.entity === undefined),
  };
}

function timesOf(scope: Scope, versions: readonly JsonNode[]): Map<string, Times> {
  return new Map(
    versions.map((node) => {
      const inner = atLocation(scope, node.at("location"));
      const [start, end] = [timeAt(inner, node, "startTime"), timeAt(inner, node, "endTime")];
      return [node.at("lifecycle").text(32) ?? "planned", { start, end }] as const;
    }),
  );
}

/** What is done with the cargo itself. */
export const CARGO_WORK: ReadonlySet<string> = new Set(["load", "unload", "handOver"]);

export function workOf(scope: Scope, node: JsonNode): Work {
  const type = typeOf(node) ?? "unknown";
  // A trailer that is attached or left behind is the vehicle's, not what is carried.
  const cargo = CARGO_WORK.has(type) ? cargoOf(scope, node) : scope.cargo;
  return { node, type, id: node.at("id").text(100), cargo };
}
