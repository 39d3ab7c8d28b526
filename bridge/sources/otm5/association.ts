/** Associations made and removed after the fact: a driver for a trip, a document for a delivery. */
import type { JsonNode } from "../shared/json/node.ts";
import { type UnkeyedRetraction, defined, identifiers } from "../shared/reading/reading.ts";
import { addAssignment, plateOf } from "./assignment.ts";
import { cargoOfLinked } from "./cargo.ts";
import { actorName, isAction, type Linked, linked } from "./entity.ts";
import { declareNames } from "./names.ts";
import { addDocument } from "./pod.ts";
import { saidAt, type Scope, within } from "./scope.ts";
import { addMilestone, sourceEvent } from "./add_milestone.ts";

/** What is read of an action, by the last part of its source event; removing the action withdraws it. */
const STATEMENTS = [
  "arrival/planned",
  "arrival/actual",
  "departure",
  "eta",
  "delay",
  "appointment",
  "planned",
  "estimated",
  "actual",
  "unclear",
  "pod",
  "link",
  "picked_up",
  "departed_terminal",
  "out_for_delivery",
  "in_transit",
];
const CREW = new Set(["vehicle", "actor", "transportEquipment"]);
const WHOLES = new Set(["trip", "stop", "move"]);

/** `read` reads an entity that the association brings along. */
export function readAssociation(
  scope: Scope,
  event: JsonNode,
  isRemoved: boolean,
  read: (scope: Scope, entity: JsonNode) => void,
): void {
  const one = linked(event.at("entity1"));
  const two = linked(event.at("entity2"));
  if (one === undefined || two === undefined) {
    scope.builder.finding(
      "warning",
      "no_identifier",
      event.path,
      "an association of less than two entities",
    );
    return;
  }
  const [whole, part] = ordered(one, two);
  if (part.type !== undefined && CREW.has(part.type))
    return readCrew(scope, event, whole, part, isRemoved);
  if (part.type === "document") return readPaper(scope, event, whole, part, isRemoved);
  if (!isRemoved && part.type === "consignment" && whole.type !== "consignment") {
    return readBelonging(scope, event, whole, part);
  }
  if (isPartAction(part)) {
    if (isRemoved) return withdraw(scope, event, part);
    if (part.entity !== undefined) {
      const trip = whole.type === "trip" ? whole.id : scope.trip;
      return read({ ...scope, trip }, part.entity);
    }
  }
  show(scope, event, whole, part);
}

/** The greater first: the trip before its vehicle, the stop before its action. */
function ordered(one: Linked, two: Linked): [Linked, Linked] {
  const isWhole = (it: Linked) => it.type !== undefined && WHOLES.has(it.type);
  const isPart = (it: Linked) =>
    it.type === "document" || (it.type !== undefined && CREW.has(it.type));
  return isPart(one) || (isWhole(two) && !isWhole(one)) || two.type === "trip"
    ? [two, one]
    : [one, two];
}

function isPartAction(part: Linked): boolean {
  if (part.entity !== undefined && isAction(part.entity)) return true;
  return ["load", "unload", "stop", "move", "handOver", "genericAction"].includes(part.type ?? "");
}

/** One statement per trip and kind of crew, so that a change or a removal replaces the former. */
function readCrew(
  scope: Scope,
  event: JsonNode,
  whole: Linked,
  part: Linked,
  isRemoved: boolean,
): void {
  const roles = part.association
    .at("roles")
    .items()
    .flatMap((it) => it.text(32) ?? []);
  const kind =
    part.type === "actor"
      ? (roles[0] ?? "driver")
      : part.type === "vehicle"
        ? "vehicle"
        : "trailer";
  const names = identifiers(["entity", whole.id]);
  const key = `${whole.id ?? "-"}/assigned/${kind}`;
  if (isRemoved || (part.type === "actor" && !roles.includes("driver") && roles.length > 0)) {
    return show(scope, event, whole, part, isRemoved ? key : undefined);
  }
  const name = part.type === "actor" ? (actorName(part.entity) ?? part.id) : plateOf(part);
  const crew =
    kind === "vehicle"
      ? { vehicle: name }
      : kind === "trailer"
        ? { trailer: name }
        : { driver: name };
  addAssignment(scope, event, names, key, crew);
}

/** A consignment that is put on a trip or into an order is known by that, too. */
function readBelonging(scope: Scope, event: JsonNode, whole: Linked, part: Linked): void {
  const names = cargoOfLinked(scope, part)?.identifiers ?? [];
  declareNames(scope, event, names, identifiers(["entity", whole.id]));
}

function readPaper(
  scope: Scope,
  event: JsonNode,
  whole: Linked,
  part: Linked,
  isRemoved: boolean,
): void {
  const isDelivery = whole.type === "unload" || whole.type === "handOver";
  const cargo = cargoOfLinked(scope, whole);
  const names = cargo?.identifiers ?? [];
  if (isRemoved) {
    const ids = [`${part.id ?? "-"}/pod`, `${part.id ?? "-"}/link`];
    for (const id of ids) retract(scope, event, names, id);
    return;
  }
  const stop =
    isDelivery && whole.id !== undefined ? { id: whole.id, kind: "delivery" as const } : undefined;
  if (part.entity === undefined) return show(scope, event, whole, part);
  addDocument(within(scope, part.entity), part.entity, names, stop);
}

/** The action is not part of the transport any more: nothing that was said of it holds. */
function withdraw(scope: Scope, event: JsonNode, part: Linked): void {
  const cargo = part.entity === undefined ? undefined : linked(part.entity.at("consignment"));
  const names = identifiers(["entity", cargo?.id], ["entity", part.id]);
  for (const statement of STATEMENTS)
    retract(scope, event, names, `${part.id ?? "-"}/${statement}`);
}

function retract(
  scope: Scope,
  event: JsonNode,
  names: ReturnType<typeof identifiers>,
  target: string,
): void {
  if (names.length === 0) {
    scope.builder.finding("warning", "no_identifier", event.path, "what is removed has no id");
    return;
  }
  const retraction: UnkeyedRetraction = defined({
    kind: "retraction" as const,
    message_path: event.path,
    identifiers: names,
    applies_to: "every" as const,
    recorded_at: scope.recordedAt,
    target: { source_event: sourceEvent(target) },
  });
  scope.builder.add(retraction, "billing", names[0]?.value ?? "-");
}

/** An association without a meaning of its own for a shipment is shown as it came. */
function show(scope: Scope, event: JsonNode, whole: Linked, part: Linked, key?: string): void {
  const type = event.at("eventType").text(64) ?? "association";
  const names = identifiers(["entity", whole.id], ["entity", part.id]);
  scope.builder.finding(
    "warning",
    "no_step",
    event.path,
    `${type} of ${whole.type ?? "?"} and ${part.type ?? "?"}`,
  );
  addMilestone(scope, {
    node: event,
    identifiers: names,
    appliesTo: "every",
    lane: names[0]?.value ?? "-",
    event: key ?? `${event.at("id").text(100) ?? "-"}/association`,
    classifier: "actual",
    occurred: saidAt(scope),
    rawCode: `${type}/${part.type ?? "?"}`.slice(0, 64),
    isTelemetry: true,
  });
}
