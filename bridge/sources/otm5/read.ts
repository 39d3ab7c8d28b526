/** Any entity or event of OTM5 into facts. */
import type { JsonNode } from "../shared/json/node.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { readAssociation } from "./association.ts";
import { attributeIdentifiers, cargoOfConsignment } from "./cargo.ts";
import { readCargoAction, readHandOver } from "./cargo_action.ts";
import { CONSIGNMENT_STATUSES, POSITION_EVENTS, TELEMETRY_EVENTS } from "./codes.ts";
import { readEvents } from "./context_events.ts";
import { inlineEntities, isAction, linked, typeOf, unwrapped } from "./entity.ts";
import { declareNames } from "./names.ts";
import { readOtherAction } from "./other_action.ts";
import { addDocument, readDocument } from "./pod.ts";
import { saidAt, type Scope, within } from "./scope.ts";
import { addMilestone } from "./add_milestone.ts";
import { readStatus } from "./status.ts";
import { readStop, roleAtStop, surroundings } from "./stop.ts";
import { stopView, workOf } from "./stop_view.ts";
import { readTelemetry } from "./telemetry.ts";
import { readTrip } from "./trip.ts";

/** Types that describe the world of transport without saying anything of a shipment. */
const DESCRIPTIONS = new Set([
  "actor",
  "location",
  "vehicle",
  "sensor",
  "route",
  "constraint",
  "goods",
  "items",
  "transportEquipment",
]);

/** Reads one entity or event, also one that stands inside an event. */
export function readEntity(outer: Scope, node: JsonNode): void {
  const entity = unwrapped(node);
  const type = typeOf(entity) ?? outer.hint;
  // What the list holds is not what an entity inside one of its own holds.
  const scope = { ...within(outer, entity), hint: undefined };
  if (!entity.at("eventType").isMissing) return readEvent(scope, entity, type ?? "");
  if (type === "trip") return readTrip({ ...outer, hint: undefined }, entity);
  if (type === "consignment") return readConsignment(scope, entity);
  if (type === "transportOrder") return readOrder(scope, entity);
  if (type === "document") return readDocument(scope, entity);
  if (isAction(entity)) return readAction(scope, entity, type ?? "unknown");
  if (type !== undefined && DESCRIPTIONS.has(type)) {
    scope.builder.finding("warning", "no_step", entity.path, `nothing of a shipment: ${type}`);
    return;
  }
  readUnknown(scope, entity, type ?? "unknown");
}

function readEvent(scope: Scope, event: JsonNode, type: string): void {
  if (type === "updateEvent") {
    const entity = linked(event.at("entity"))?.entity ?? event.at("entity");
    return readEntity({ ...scope, isPartial: true }, entity);
  }
  if (type === "associationCreatedEvent" || type === "associationRemovedEvent") {
    return readAssociation(scope, event, type === "associationRemovedEvent", readEntity);
  }
  if (POSITION_EVENTS.has(type) || TELEMETRY_EVENTS.has(type))
    return readTelemetry(scope, event, type);
  readUnknown(scope, event, type);
}

/** An action that comes without its trip. */
function readAction(scope: Scope, action: JsonNode, type: string): void {
  if (type === "stop") {
    const trip = linked(action.at("trip"))?.id ?? scope.trip;
    readStop({ ...scope, trip }, stopView(scope, [action], 0), roleAtStop);
    return;
  }
  if (type !== "load" && type !== "unload" && type !== "handOver")
    return readOtherAction(scope, action, type);
  const own = linked(action.at("stop"));
  const work = workOf(scope, action);
  const around = own?.entity === undefined ? undefined : stopView(scope, [own.entity], 0);
  const stop = around === undefined ? undefined : { ...around, work: [work] };
  const key = work.cargo?.key ?? work.id ?? "-";
  const role = stop === undefined ? undefined : roleAtStop(stop, key);
  if (stop !== undefined) readStop(scope, { ...stop }, roleAtStop);
  if (stop !== undefined) return;
  const known = surroundings(undefined, undefined, own?.id ?? work.id);
  if (type === "handOver") return readHandOver(scope, action, role, work.cargo, known);
  const kind = type === "load" ? "pickup" : "delivery";
  readCargoAction(scope, action, type, kind, work.cargo, {
    ...known,
    stop: { ...known.stop, kind },
  });
}

function readConsignment(scope: Scope, consignment: JsonNode): void {
  const cargo = cargoOfConsignment(scope, consignment);
  const names = cargo?.identifiers ?? [];
  readStatus(scope, consignment, "consignment", CONSIGNMENT_STATUSES, names, "one");
  for (const document of inlineEntities(consignment.at("documents"))) {
    addDocument(within(scope, document), document, names, undefined);
  }
  const papers = consignment
    .at("documents")
    .items()
    .map((it) => linked(it)?.id);
  for (const action of inlineEntities(consignment.at("actions")))
    readEntity({ ...scope, cargo }, action);
  declareNames(
    scope,
    consignment,
    names,
    identifiers(...papers.map((id) => ["entity", id] as const)),
  );
  readEvents(scope, consignment);
}

function readOrder(scope: Scope, order: JsonNode): void {
  const names = [
    ...identifiers(["entity", order.at("id").text(100)]),
    ...attributeIdentifiers(scope, order.at("externalAttributes")),
  ];
  readStatus(scope, order, "transportOrder", CONSIGNMENT_STATUSES, names, "every");
  const consignments = order
    .at("consignments")
    .items()
    .flatMap((it) => linked(it) ?? []);
  for (const { entity, id } of consignments) {
    if (entity !== undefined) readConsignment(within(scope, entity), entity);
    // Only a single consignment is the order; of several, each may be a shipment of its own.
    if (consignments.length === 1) declareNames(scope, order, names, identifiers(["entity", id]));
  }
}

/** Kept and shown as it came: a version of OTM that this mapping does not know yet. */
function readUnknown(scope: Scope, node: JsonNode, type: string): void {
  scope.builder.finding("warning", "unmapped_code", node.path, `no meaning is known: ${type}`);
  const linkedIds = ["trip", "consignment"].map((key) => linked(node.at(key))?.id);
  const names = identifiers(...linkedIds.map((id) => ["entity", id] as const), [
    "entity",
    node.at("id").text(100),
  ]);
  addMilestone(scope, {
    node,
    identifiers: names,
    appliesTo: "every",
    lane: names[0]?.value ?? "-",
    event: `${node.at("id").text(100) ?? type}/unknown`,
    classifier: "actual",
    occurred: saidAt(scope),
    rawCode: type,
    text: node.firstText(["description", "remark", "name"], 512),
  });
}
