/** What vehicles and sensors report: positions, engine, temperature, consumption. */
import type { Identifier } from "../../canonical/identifiers.ts";
import { readInstant } from "../shared/reading/instants.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { attributeIdentifiers, cargoOf } from "./cargo.ts";
import { LIFECYCLES, POSITION_EVENTS } from "./codes.ts";
import { linked } from "./entity.ts";
import { pointPlace } from "./location.ts";
import { tripNames } from "./other_action.ts";
import { saidAt, type Scope } from "./scope.ts";
import { addMilestone } from "./add_milestone.ts";

/** An event has no time of its own: it happened when it was created. */
export function readTelemetry(scope: Scope, event: JsonNode, type: string): void {
  const created = event.at("creationDate").text(64);
  const told =
    created === undefined ? undefined : readInstant(created, { zone: scope.zone }).instant;
  if (told === undefined) {
    scope.builder.finding(
      "warning",
      "no_time",
      event.path,
      `${type} without creationDate; its arrival counts`,
    );
  }
  const cargo = cargoOf(scope, event);
  const names = cargo?.identifiers ?? namesOf(scope, event);
  if (names.length === 0) {
    scope.builder.finding(
      "warning",
      "no_identifier",
      event.path,
      `${type} names a vehicle, not the trip it is on`,
    );
    return;
  }
  const isPosition = POSITION_EVENTS.has(type);
  const lifecycle = event.at("lifecycle").text(32) ?? "actual";
  const id = event.at("id").text(100);
  addMilestone(scope, {
    node: event,
    identifiers: names,
    appliesTo: cargo === undefined ? "every" : "one",
    lane: names[0]?.value ?? "-",
    event: id ?? `${names[0]?.value ?? "-"}/${type}/${told?.at ?? scope.recordedAt}`,
    code: isPosition ? "in_transit" : undefined,
    classifier: LIFECYCLES[lifecycle] ?? "actual",
    occurred: told ?? saidAt(scope),
    place: pointPlace(scope, event.at("geoReference")),
    rawCode: type,
    text: measured(event),
    vehicle: linked(event.at("vehicle"))?.entity?.firstText(["licensePlate", "name"], 128),
    isTelemetry: true,
  });
}

/** The trip; the vehicle only where the settings say that it names the shipment. */
function namesOf(scope: Scope, event: JsonNode): Identifier[] {
  const trip = [
    ...tripNames(scope, event),
    ...attributeIdentifiers(scope, event.at("externalAttributes")),
  ];
  if (trip.length > 0 || !scope.settings.vehicle_identifies) return trip;
  return identifiers(["entity", linked(event.at("vehicle"))?.id]);
}

/** `-20 °C`, `12.4 l` */
function measured(event: JsonNode): string | undefined {
  for (const key of ["value", "amount"]) {
    const value = event.at(key, "value").text(32);
    if (value !== undefined) return `${value} ${event.at(key, "unit").text(32) ?? ""}`.trim();
  }
  return undefined;
}
