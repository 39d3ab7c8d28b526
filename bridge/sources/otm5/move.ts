/** Moves between the stops of a trip, as each cargo on the vehicle sees them. */
import type { MilestoneCode } from "../../canonical/codes.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { typeOf } from "./entity.ts";
import { lifecycleOf } from "./lifecycle.ts";
import { placeOf } from "./location.ts";
import { type Scope, timeAt, within } from "./scope.ts";
import { addMilestone } from "./add_milestone.ts";
import type { RoleOf, StopView } from "./stop_view.ts";

/**
 * The move that follows the load is the pickup's departure, unless the stop told it; the move
 * before the unload takes the goods out for delivery; any other only says that they are on the way.
 */
export function readMoves(
  scope: Scope,
  actions: readonly JsonNode[],
  stops: readonly StopView[],
  roleOf: RoleOf,
): void {
  let before = -1;
  for (const action of actions) {
    if (typeOf(action) === "stop") {
      const id = action.at("id").text(100) ?? action.path;
      before = Math.max(
        before,
        stops.findIndex((it) => it.key === id || it.versions.includes(action)),
      );
    } else if (typeOf(action) === "move") {
      readMove(within(scope, action), action, stops, before, roleOf);
    }
  }
}

function readMove(
  scope: Scope,
  move: JsonNode,
  stops: readonly StopView[],
  before: number,
  roleOf: RoleOf,
): void {
  const lifecycle = lifecycleOf(scope, move);
  const occurred = timeAt(scope, move, "startTime");
  if ((lifecycle !== "actual" && lifecycle !== "realized") || occurred === undefined) return;
  const keys = new Map(
    stops.flatMap((stop) =>
      stop.work.flatMap(({ cargo }) => (cargo === undefined ? [] : [[cargo.key, cargo] as const])),
    ),
  );
  const [left, next] = [stops[before], stops[before + 1]];
  for (const cargo of keys.values()) {
    if (!isAboard(stops, before, cargo.key)) continue;
    for (const code of codesOf(left, next, cargo.key, roleOf)) {
      addMilestone(scope, {
        node: move,
        identifiers: cargo.identifiers,
        appliesTo: "one",
        lane: cargo.key,
        event: `${move.at("id").text(80) ?? move.path}/${code}`,
        code,
        classifier: "actual",
        occurred,
        place: placeOf(scope, move.at("from")) ?? left?.place,
        rawCode: `move/${lifecycle}`,
        ...(code === "picked_up" &&
          left?.id !== undefined && { stop: { id: left.id, kind: "pickup" as const } }),
        ...(code === "out_for_delivery" &&
          next?.id !== undefined && { stop: { id: next.id, kind: "delivery" as const } }),
      });
    }
  }
}

/** Loaded at or before the stop that was left, and not unloaded until then. */
function isAboard(stops: readonly StopView[], before: number, key: string): boolean {
  const work = (from: number, to: number, type: string) =>
    stops
      .slice(from, to)
      .some((stop) => stop.work.some((it) => it.type === type && it.cargo?.key === key));
  return work(0, before + 1, "load") && work(before + 1, stops.length, "unload");
}

function codesOf(
  left: StopView | undefined,
  next: StopView | undefined,
  key: string,
  roleOf: RoleOf,
): MilestoneCode[] {
  const codes: MilestoneCode[] = [];
  const role = left === undefined ? undefined : roleOf(left, key);
  const hasLeft = left?.versions.some(
    (it) => it.at("lifecycle").text(32) === "realized" && it.at("endTime").text(64) !== undefined,
  );
  if (role === "pickup" && hasLeft !== true) codes.push("picked_up");
  if (role === "terminal" && hasLeft !== true) codes.push("departed_terminal");
  if (next !== undefined && roleOf(next, key) === "delivery") codes.push("out_for_delivery");
  return codes.length > 0 ? codes : ["in_transit"];
}
