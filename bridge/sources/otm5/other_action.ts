/** Actions that are neither stop nor cargo work: moves, trailers, breaks, and what OTM will add. */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { attributeIdentifiers, cargoOf } from "./cargo.ts";
import { lifecycleOf } from "./lifecycle.ts";
import { LIFECYCLES, OTHER_ACTIONS } from "./codes.ts";
import { linked } from "./entity.ts";
import { placeOf } from "./location.ts";
import { saidAt, type Scope, timeAt } from "./scope.ts";
import type { Times } from "./stop_view.ts";
import { reasonsOf, addMilestone } from "./add_milestone.ts";

/**
 * Reads an action of a trip; what has no meaning for a shipment is kept and shown as it came.
 * `times` are those of the stop around it, by lifecycle.
 */
export function readOtherAction(
  scope: Scope,
  node: JsonNode,
  type: string,
  times?: ReadonlyMap<string, Times>,
): void {
  const lifecycle = lifecycleOf(scope, node);
  if (lifecycle === undefined) return;
  const isActual = LIFECYCLES[lifecycle] === "actual";
  const isAttached = type === "attachTransportEquipment";
  const isKnown = OTHER_ACTIONS.has(type) || isAttached || type === "move";
  // A break that is planned is nobody's business; which trailer it will be is.
  if (isKnown && !isActual && !isAttached) return;
  const id = node.at("id").text(100);
  const trip = tripNames(scope, node);
  // A trailer that is attached or left behind is the vehicle's, not what is carried.
  const cargo = node.at("consignment").isObject ? cargoOf(scope, node) : scope.cargo;
  const names = cargo?.identifiers ?? (trip.length > 0 ? trip : identifiers(["entity", id]));
  const start =
    timeAt(scope, node, "startTime") ??
    timeAt(scope, node, "endTime") ??
    times?.get(lifecycle)?.start;
  const equipment = linked(node.at("transportEquipment"))?.entity;
  if (!isKnown) {
    scope.builder.finding("warning", "unmapped_code", node.path, `no meaning is known: ${type}`);
  }
  addMilestone(scope, {
    node,
    identifiers: names,
    appliesTo: cargo === undefined ? "every" : "one",
    lane: names[0]?.value ?? "-",
    event: `${id ?? node.path}/${LIFECYCLES[lifecycle] ?? "planned"}`,
    code: type === "move" ? "in_transit" : isAttached ? "assigned" : undefined,
    classifier: LIFECYCLES[lifecycle] ?? "planned",
    occurred: start ?? saidAt(scope),
    place: placeOf(scope, node.at("location")) ?? placeOf(scope, node.at("from")),
    reasons: reasonsOf(node.at("result")),
    rawCode: `${type}/${lifecycle}`,
    text: node.firstText(["description", "reason", "remark", "name"], 512),
    trailer: isAttached ? equipment?.firstText(["licensePlate", "name"], 128) : undefined,
    isTelemetry: isKnown && !isAttached,
  });
}

/** Names of the trip that an action or event belongs to. */
export function tripNames(scope: Scope, node: JsonNode): Identifier[] {
  const trip = linked(node.at("trip"));
  const move = linked(node.at("move"))?.entity;
  const ofMove = move === undefined ? undefined : linked(move.at("trip"));
  return [
    ...identifiers(["entity", trip?.id ?? ofMove?.id ?? scope.trip]),
    ...attributeIdentifiers(scope, trip?.attributes),
  ];
}
