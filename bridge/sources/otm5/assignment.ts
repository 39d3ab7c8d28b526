/** Who and what drives a trip. */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { actorName, type Linked, linked, withRole } from "./entity.ts";
import { saidAt, type Scope } from "./scope.ts";
import { addMilestone } from "./add_milestone.ts";

const DRIVER = new Set(["driver"]);

export interface Crew {
  vehicle?: string | undefined;
  trailer?: string | undefined;
  driver?: string | undefined;
}

/** The vehicle and driver that a trip itself names. */
export function readAssignment(scope: Scope, trip: JsonNode, names: Identifier[]): void {
  const vehicle = linked(trip.at("vehicle"));
  const driver = withRole(trip.at("actors"), DRIVER);
  addAssignment(scope, trip, names, `${trip.at("id").text(80) ?? "-"}/assigned`, {
    vehicle: plateOf(vehicle),
    driver: driver === undefined ? undefined : (actorName(driver.entity) ?? driver.id),
  });
}

/** Says who drives, if anybody is named. */
export function addAssignment(
  scope: Scope,
  node: JsonNode,
  names: Identifier[],
  event: string,
  crew: Crew,
): void {
  if (crew.vehicle === undefined && crew.trailer === undefined && crew.driver === undefined) return;
  addMilestone(scope, {
    node,
    identifiers: names,
    appliesTo: "every",
    lane: names[0]?.value ?? "-",
    event,
    code: "assigned",
    classifier: "actual",
    occurred: saidAt(scope),
    rawCode: "assigned",
    ...crew,
  });
}

/** The plate, else the name, else the bare id of a vehicle or trailer. */
export function plateOf(vehicle: Linked | undefined): string | undefined {
  return vehicle?.entity?.firstText(["licensePlate", "name"], 128) ?? vehicle?.id;
}
