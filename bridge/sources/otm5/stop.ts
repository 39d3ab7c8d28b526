/** Stops of a trip: who arrives and leaves, for each consignment that is loaded or unloaded there. */
import type { StopKind } from "../../canonical/codes.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { type Cargo, type Scope, within } from "./scope.ts";
import { readCargoAction, readHandOver, type Surroundings } from "./cargo_action.ts";
import { atLocation } from "./location.ts";
import { readOtherAction } from "./other_action.ts";
import { CARGO_WORK, type RoleOf, type StopView, type Times, type Work } from "./stop_view.ts";
import { readVisits, referenceOf } from "./visit.ts";

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
    if (!CARGO_WORK.has(type)) continue;
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
    readOtherAction(inner, node, type, stop.times);
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
    times: stop?.times ?? new Map<string, Times>(),
  };
}
