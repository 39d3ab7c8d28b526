/** Stops of a trip: who arrives and leaves, for each consignment that is loaded or unloaded there. */
import { exceptionReason, type MilestoneCode, type StopKind } from "../../canonical/codes.ts";
import type { StopReference } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Place } from "../../canonical/values.ts";
import type { JsonNode } from "../json/node.ts";
import { defined, identifiers } from "../json/reading.ts";
import { type Cargo, cargoOf } from "./cargo.ts";
import { readCargoAction, readHandOver, type Surroundings } from "./cargo_action.ts";
import { type Linked, linked, typeOf } from "./entity.ts";
import { lifecycleOf, resultOf } from "./lifecycle.ts";
import { atLocation, placeOf } from "./location.ts";
import { type Scope, timeAt, within } from "./scope.ts";
import { type Said, say } from "./says.ts";
import { windowOf } from "./window.ts";
import { readOtherAction } from "./other_action.ts";

/** A stop as told, which can be several times in one message: once planned, once realized. */
export interface StopView {
  key: string;
  id: string | undefined;
  sequence: number | undefined;
  versions: JsonNode[];
  place: Place | undefined;
  isTerminal: boolean;
  /** Loads, unloads and hand-overs told inline, with their cargo. */
  work: Work[];
  /** Actions that are only referred to. */
  references: Linked[];
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
    isTerminal: scope.settings.terminals.includes(location?.at("type").text(64) ?? ""),
    work: children.flatMap(({ entity }) => (entity === undefined ? [] : [workOf(scope, entity)])),
    references: children.filter((it) => it.entity === undefined),
  };
}

export function workOf(scope: Scope, node: JsonNode): Work {
  const type = typeOf(node) ?? "unknown";
  return { node, type, id: node.at("id").text(100), cargo: cargoOf(scope, node) };
}

/** What a stop that stands alone is for a cargo: where it is loaded, else where it is unloaded. */
export const roleAtStop: RoleOf = (stop, cargoKey) => {
  const types = stop.work
    .filter((it) => (it.cargo?.key ?? it.id) === cargoKey)
    .map((it) => it.type);
  if (stop.isTerminal) return "terminal";
  if (types.includes("load")) return "pickup";
  return types.includes("unload") || types.includes("handOver") ? "delivery" : undefined;
};

/** Reads everything that a stop says, for every cargo that has work there. */
export function readStop(scope: Scope, stop: StopView, roleOf: RoleOf): void {
  const cargos = new Map<string, Cargo>();
  for (const { cargo, id, type } of stop.work) {
    if (type !== "load" && type !== "unload" && type !== "handOver") continue;
    const names = cargo ?? { key: id ?? stop.key, identifiers: identifiers(["entity", id]) };
    const known = cargos.get(names.key);
    if (known === undefined || known.entity === undefined) cargos.set(names.key, names);
  }
  for (const cargo of cargos.values()) {
    const role = roleOf(stop, cargo.key);
    if (role !== undefined) readVisits(scope, stop, role, cargo.identifiers, cargo.key, "one");
  }
  for (const work of stop.work) readWork(scope, stop, work, roleOf);
  readReferred(scope, stop, cargos.size > 0);
}

function readWork(scope: Scope, stop: StopView, work: Work, roleOf: RoleOf): void {
  const { node, type, cargo, id } = work;
  const inner = atLocation(atStop(scope, stop, node), node.at("location"));
  const role = roleOf(stop, cargo?.key ?? id ?? stop.key);
  const around = surroundings(stop, role, id);
  if (type === "load" || type === "unload") {
    readCargoAction(
      inner,
      node,
      type,
      role ?? (type === "load" ? "pickup" : "delivery"),
      cargo,
      around,
    );
  } else if (type === "handOver") {
    readHandOver(inner, node, role, cargo, around);
  } else {
    readOtherAction(inner, node, type);
  }
}

/** The scope of work at a stop: without an offset its times are told by the stop's clock. */
function atStop(scope: Scope, stop: StopView, work: JsonNode): Scope {
  const location = stop.versions.map((it) => it.at("location")).find((it) => it.isObject);
  const inner = location === undefined ? scope : atLocation(scope, location);
  return within(inner, work);
}

/** Actions that are only named still tell what the stop is for. */
function readReferred(scope: Scope, stop: StopView, isKnown: boolean): void {
  let told = isKnown;
  for (const [type, role] of [
    ["load", "pickup"],
    ["unload", "delivery"],
  ] as const) {
    const ids = stop.references.filter((it) => it.type === type).map((it) => it.id);
    const names = identifiers(...ids.map((id) => ["entity", id] as const));
    if (names.length === 0) continue;
    told = true;
    readVisits(
      scope,
      stop,
      stop.isTerminal ? "terminal" : role,
      names,
      names[0]?.value ?? stop.key,
      "every",
    );
  }
  if (told || stop.work.length > 0) return;
  // Neither cargo nor work: whether the vehicle came to load or to unload is not known.
  readVisits(
    scope,
    stop,
    undefined,
    identifiers(["entity", stop.id]),
    stop.id ?? stop.key,
    "every",
  );
}

export function surroundings(
  stop: StopView | undefined,
  role: StopKind | undefined,
  actionId: string | undefined,
): Surroundings {
  const told = (lifecycles: readonly string[]) =>
    stop?.versions.some(
      (it) =>
        lifecycles.includes(it.at("lifecycle").text(32) ?? "") && !it.at("startTime").isMissing,
    ) === true;
  return {
    stop: referenceOf(stop?.id ?? actionId, role),
    place: stop?.place,
    tellsEta: told(["projected"]),
    tellsArrival: told(["actual", "realized"]),
  };
}

export function referenceOf(id: string | undefined, kind: StopKind | undefined): StopReference {
  return defined({ id, kind });
}

const ARRIVALS: Readonly<Record<StopKind, MilestoneCode>> = {
  pickup: "arrived_pickup",
  delivery: "arrived_delivery",
  terminal: "arrived_terminal",
  customs: "arrived_terminal",
};

/** Arrival, departure, forecast and appointment of each version of the stop. */
function readVisits(
  scope: Scope,
  stop: StopView,
  role: StopKind | undefined,
  names: Identifier[],
  lane: string,
  appliesTo: "one" | "every",
): void {
  for (const node of stop.versions) {
    const inner = atLocation(within(scope, node), node.at("location"));
    const visit: Visit = { scope: inner, node, stop, role, names, lane, appliesTo };
    const lifecycle = lifecycleOf(inner, node);
    if (lifecycle === "projected") readForecast(visit);
    else if (lifecycle === "actual" || lifecycle === "realized") readActual(visit, lifecycle);
    else if (lifecycle !== undefined) readPlan(visit, lifecycle);
  }
}

interface Visit {
  scope: Scope;
  node: JsonNode;
  stop: StopView;
  role: StopKind | undefined;
  names: Identifier[];
  lane: string;
  appliesTo: "one" | "every";
}

function readPlan(visit: Visit, lifecycle: string): void {
  const { scope, node, role } = visit;
  const start = timeAt(scope, node, "startTime");
  if (start !== undefined && role !== undefined) {
    add(visit, {
      event: "arrival/planned",
      code: ARRIVALS[role],
      classifier: "planned",
      occurred: start,
    });
  }
  // A window that is merely requested is our own wish, no appointment.
  const window = lifecycle === "planned" ? windowOf(scope, node.at("constraint")) : undefined;
  const appointed = window?.start ?? window?.end;
  if (appointed === undefined || role === undefined) return;
  add(visit, {
    event: "appointment",
    code: "appointment_set",
    classifier: "planned",
    occurred: appointed,
    rawCode: "timeWindowConstraint",
  });
}

function readForecast(visit: Visit): void {
  const { scope, node } = visit;
  const start = timeAt(scope, node, "startTime");
  if (start === undefined) return;
  add(visit, { event: "eta", code: "eta_updated", classifier: "estimated", occurred: start });
  readDelay(visit, start.at);
}

/** A forecast beyond the stop's own window, or one for which a reason is given, is a delay. */
function readDelay(visit: Visit, eta: string): void {
  const { scope, node } = visit;
  const raw = node.at("externalAttributes", "delayReason").text(128);
  const due = windowOf(scope, node.at("constraint"))?.end;
  const isLate = due !== undefined && eta > due.at;
  if (raw === undefined && !isLate) return;
  add(visit, {
    event: "delay",
    code: "delayed",
    classifier: "actual",
    occurred: { at: scope.recordedAt, zone: "UTC", precision: "second" },
    reasons: [delayReason(raw)],
    text: node.at("remark").text(512),
  });
}

function readActual(visit: Visit, lifecycle: "actual" | "realized"): void {
  const { scope, node, role } = visit;
  const status = resultOf(scope, node);
  const start = timeAt(scope, node, "startTime");
  const end = timeAt(scope, node, "endTime");
  if (start === undefined && end === undefined) {
    scope.builder.finding("warning", "no_time", node.path, `a ${lifecycle} stop without a time`);
    return;
  }
  if (status === "cancelled" || status === "unknown") {
    const occurred = end ?? start;
    if (occurred !== undefined)
      add(visit, { event: "arrival/actual", classifier: "actual", occurred });
    return;
  }
  if (start !== undefined) {
    const code = role === undefined ? undefined : ARRIVALS[role];
    add(visit, { event: "arrival/actual", code, classifier: "actual", occurred: start });
  }
  if (end !== undefined && lifecycle === "realized") readDeparture(visit, end);
}

function readDeparture(visit: Visit, occurred: Said["occurred"]): void {
  const { role, stop } = visit;
  const told = { event: "departure", classifier: "actual", occurred } as const;
  if (role === "delivery") add(visit, { ...told, conditions: ["departed_delivery"] });
  else if (role === "terminal" || role === "customs")
    add(visit, { ...told, code: "departed_terminal" });
  else if (role === undefined) add(visit, told);
  // The vehicle that leaves without the goods has not picked them up.
  else if (!stop.work.some((it) => isFailedLoad(visit, it)))
    add(visit, { ...told, code: "picked_up" });
}

function isFailedLoad({ lane, scope }: Visit, { type, cargo, node }: Work): boolean {
  if (type !== "load" || cargo?.key !== lane) return false;
  const status = resultOf(scope, node);
  return status === "failed" || status === "cancelled";
}

type Told = Pick<
  Said,
  "event" | "code" | "conditions" | "classifier" | "occurred" | "reasons" | "text"
> & { rawCode?: string };

function add({ scope, node, stop, role, names, lane, appliesTo }: Visit, told: Told): void {
  const lifecycle = node.at("lifecycle").text(32) ?? "planned";
  const part = told.event.startsWith("departure") ? "end" : "start";
  say(scope, {
    ...told,
    node,
    identifiers: names,
    appliesTo,
    lane,
    event: `${stop.key}/${told.event}`,
    stop: referenceOf(stop.id, role),
    place: stop.place,
    rawCode: told.rawCode ?? `stop/${lifecycle}/${part}`,
  });
}

function delayReason(raw: string | undefined): NonNullable<Said["reasons"]>[number] {
  const code = exceptionReason.safeParse(raw);
  return defined({ code: code.success ? code.data : ("other" as const), raw });
}
