/** A trip: its plan for every consignment on it, who drives it, how far it is. */
import type { StopKind } from "../../canonical/codes.ts";
import type { Itinerary } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined, identifiers } from "../shared/reading/reading.ts";
import { readAssignment } from "./assignment.ts";
import { attributeIdentifiers } from "./cargo.ts";
import { type Cargo, type Scope, timeAt, within } from "./scope.ts";
import { TRIP_STATUSES } from "./codes.ts";
import { actorName, inlineEntities, linked, typeOf, withRole } from "./entity.ts";
import { readEvents } from "./context_events.ts";
import { atLocation } from "./location.ts";
import { readMoves } from "./move.ts";
import { readOtherAction } from "./other_action.ts";
import { sourceEvent } from "./add_milestone.ts";
import { readStatus } from "./status.ts";
import { readStop } from "./stop.ts";
import { type RoleOf, type StopView, stopView, type Work } from "./stop_view.ts";
import { windowOf } from "./window.ts";

export function readTrip(outer: Scope, trip: JsonNode): void {
  const id = trip.at("id").text(100);
  const scope: Scope = { ...within(outer, trip), trip: id };
  const names = [
    ...identifiers(["entity", id]),
    ...attributeIdentifiers(scope, trip.at("externalAttributes")),
  ];
  readAssignment(scope, trip, names);
  const actions = inOrder(inlineEntities(trip.at("actions")));
  const stops = stopsOf(scope, actions);
  const roleOf = rolesIn(stops);
  const cargos = cargosOf(stops);
  readTripStatus(scope, trip, names, cargos.length > 0);
  for (const cargo of cargos) addItinerary(scope, trip, names, stops, roleOf, cargo);
  for (const stop of stops) readStop(scope, stop, roleOf);
  readMoves(scope, actions, stops, roleOf);
  for (const action of actions) {
    const type = typeOf(action) ?? "unknown";
    if (type !== "stop" && type !== "move") readTripAction(scope, action, type);
  }
  readEvents(scope, trip);
}

/**
 * A trip under way carries only what is loaded already: where its stops tell of each consignment,
 * its own status would put those on the road that are yet to be picked up.
 */
function readTripStatus(scope: Scope, trip: JsonNode, names: Identifier[], isTold: boolean): void {
  if (isTold && trip.at("status").text(32) === "inTransit") return;
  readStatus(scope, trip, "trip", TRIP_STATUSES, names, "every");
}

/** Work that hangs on the trip itself, without a stop. */
function readTripAction(scope: Scope, action: JsonNode, type: string): void {
  if (type === "load" || type === "unload" || type === "handOver") return;
  readOtherAction(within(scope, action), action, type);
}

/** By sequence number where every action has one, else as told. */
function inOrder(actions: JsonNode[]): JsonNode[] {
  const numbered = actions.map((node) => ({ node, at: node.at("sequenceNr").number() }));
  if (numbered.some((it) => it.at === undefined)) return actions;
  return numbered.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).map((it) => it.node);
}

/** The stops, each once: OTM tells one stop again for each lifecycle. Loose work makes its own stop. */
function stopsOf(scope: Scope, actions: readonly JsonNode[]): StopView[] {
  const versions = new Map<string, JsonNode[]>();
  for (const action of actions) {
    if (typeOf(action) !== "stop") continue;
    const key = action.at("id").text(100) ?? action.path;
    versions.set(key, [...(versions.get(key) ?? []), action]);
  }
  return [...versions.values()].map((nodes, index) => stopView(scope, nodes, index));
}

interface Cargoed extends Cargo {
  work: Array<{ stop: StopView; work: Work }>;
}

function cargosOf(stops: readonly StopView[]): Cargoed[] {
  const cargos = new Map<string, Cargoed>();
  for (const stop of stops) {
    for (const work of stop.work) {
      if (work.cargo === undefined) continue;
      const known = cargos.get(work.cargo.key) ?? { ...work.cargo, work: [] };
      known.work.push({ stop, work });
      if (known.entity === undefined && work.cargo.entity !== undefined) {
        known.entity = work.cargo.entity;
        known.identifiers = work.cargo.identifiers;
      }
      cargos.set(work.cargo.key, known);
    }
  }
  return [...cargos.values()];
}

/**
 * What each stop is for each cargo: an unload that a later load follows, and that load, are a
 * change of vehicle; otherwise goods are picked up where they are loaded and delivered where
 * they are unloaded.
 */
function rolesIn(stops: readonly StopView[]): RoleOf {
  const roles = new Map<string, StopKind>();
  const key = (stop: StopView, cargo: string) => `${stop.key} ${cargo}`;
  const seen = new Map<string, Array<{ stop: StopView; type: string }>>();
  for (const stop of stops) {
    for (const { type, cargo, id } of stop.work) {
      const name = cargo?.key ?? id ?? stop.key;
      seen.set(name, [...(seen.get(name) ?? []), { stop, type }]);
    }
  }
  for (const [cargo, visits] of seen) {
    const firstUnload = visits.findIndex((it) => it.type === "unload");
    const lastLoad = visits.findLastIndex((it) => it.type === "load");
    visits.forEach(({ stop, type }, index) => {
      const isTransfer =
        (type === "load" && firstUnload !== -1 && index > firstUnload) ||
        (type === "unload" && index < lastLoad);
      const role =
        stop.isTerminal || isTransfer ? "terminal" : type === "load" ? "pickup" : "delivery";
      const known = roles.get(key(stop, cargo));
      if (known === undefined || role === "terminal") roles.set(key(stop, cargo), role);
    });
  }
  return (stop, cargo) => roles.get(key(stop, cargo));
}

/** The plan of the transport as this cargo sees it; its names are the shipment's from now on. */
function addItinerary(
  scope: Scope,
  trip: JsonNode,
  tripNamed: Identifier[],
  stops: readonly StopView[],
  roleOf: RoleOf,
  cargo: Cargoed,
): void {
  const visited = stops.filter((stop) => cargo.work.some((it) => it.stop === stop));
  const superseded = failedVisits(visited, cargo);
  const planned = visited
    .filter((stop) => !superseded.has(stop))
    .map((stop) =>
      plannedStop(
        scope,
        stop,
        stops.indexOf(stop),
        roleOf(stop, cargo.key) ?? "terminal",
        cargo,
        superseded,
      ),
    );
  if (planned.length === 0) return;
  const carrier = withRole(trip.at("actors"), new Set(["carrier"]))?.entity;
  const scac = carrier?.at("externalAttributes", "scac").text(4);
  const id = trip.at("id").text(100);
  scope.builder.add(
    defined({
      kind: "itinerary" as const,
      message_path: trip.path,
      identifiers: cargo.identifiers,
      applies_to: "one" as const,
      source_event: sourceEvent(`${id ?? "-"}/${cargo.key}/plan`),
      version: scope.version,
      recorded_at: scope.recordedAt,
      declares: declared(scope, trip, tripNamed, cargo),
      stops: planned.slice(0, 100),
      carrier_name: actorName(carrier),
      carrier_scac: scac,
    }),
    "eta",
    cargo.key,
  );
}

function declared(
  scope: Scope,
  trip: JsonNode,
  tripNamed: Identifier[],
  cargo: Cargoed,
): Identifier[] {
  const papers = [
    ...cargo.work.flatMap(({ work }) => work.node.at("documents").items()),
    ...(cargo.entity?.at("documents").items() ?? []),
  ].map((it) => linked(it)?.id);
  const vehicle = scope.settings.vehicle_identifies ? linked(trip.at("vehicle"))?.id : undefined;
  const names = identifiers(["entity", vehicle], ...papers.map((id) => ["entity", id] as const));
  return [...cargo.identifiers, ...tripNamed, ...names];
}

/** Earlier visits to deliver that failed: the later stop stands for them, they stay its aliases. */
function failedVisits(visited: readonly StopView[], cargo: Cargoed): ReadonlySet<StopView> {
  const unloads = cargo.work.filter((it) => it.work.type === "unload");
  const last = unloads.at(-1)?.stop;
  const failed = unloads.filter(
    ({ stop, work }) => stop !== last && work.node.at("result", "status").text(32) === "failed",
  );
  return new Set(visited.filter((stop) => failed.some((it) => it.stop === stop)));
}

function plannedStop(
  scope: Scope,
  stop: StopView,
  position: number,
  kind: StopKind,
  cargo: Cargoed,
  superseded: ReadonlySet<StopView>,
): Itinerary["stops"][number] {
  const own = cargo.work.filter((it) => it.stop === stop);
  const isLastDelivery = kind === "delivery";
  const earlier = isLastDelivery ? cargo.work.filter((it) => superseded.has(it.stop)) : [];
  const ids = [
    ...own.map((it) => it.work.id),
    ...earlier.flatMap((it) => [it.stop.id, it.work.id]),
  ].filter((it): it is string => it !== undefined && it !== stop.id);
  const id = stop.id ?? ids[0] ?? stop.key.slice(0, 128);
  const aliases = [...new Set(ids)].filter((it) => it !== id).slice(0, 40);
  const plan = stop.versions.find((it) => isPlan(it));
  const told = (plan ?? stop.versions[0]) as JsonNode;
  const inner = atLocation(scope, told.at("location"));
  const window = windows(
    inner,
    stop,
    own.map((it) => it.work.node),
  );
  return defined({
    id,
    aliases: aliases.length > 0 ? aliases : undefined,
    sequence: Math.max(0, Math.min(9999, Math.trunc(stop.sequence ?? position))),
    kind,
    place: stop.place,
    planned_arrival: plan === undefined ? undefined : timeAt(inner, plan, "startTime"),
    planned_departure: plan === undefined ? undefined : timeAt(inner, plan, "endTime"),
    window_start: window?.start,
    window_end: window?.end,
  });
}

/** Planned beats requested; both say what is meant to happen. */
function isPlan(stop: JsonNode): boolean {
  const lifecycle = stop.at("lifecycle").text(32);
  return lifecycle === undefined || lifecycle === "planned" || lifecycle === "requested";
}

function windows(scope: Scope, stop: StopView, work: readonly JsonNode[]) {
  for (const node of [...stop.versions, ...work]) {
    const window = windowOf(scope, node.at("constraint"));
    if (window !== undefined) return window;
  }
  return undefined;
}
