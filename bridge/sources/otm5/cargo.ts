/** What is carried: the consignment (or container) that an action is about, by all its names. */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { type Linked, linked } from "./entity.ts";
import type { Cargo, Scope } from "./scope.ts";

/** The cargo of an action; nothing when it names neither consignment nor transport equipment. */
export function cargoOf(scope: Scope, action: JsonNode): Cargo | undefined {
  const consignment = linked(action.at("consignment"));
  if (consignment !== undefined) return cargoOfLinked(scope, consignment);
  const equipment = linked(action.at("transportEquipment"));
  return equipment === undefined ? scope.cargo : cargoOfLinked(scope, equipment);
}

export function cargoOfLinked(scope: Scope, { id, entity, attributes }: Linked): Cargo | undefined {
  const order = entity === undefined ? undefined : linked(entity.at("transportOrder"));
  return named(entity, [
    ...identifiers(["entity", id], ["entity", order?.id]),
    ...attributeIdentifiers(scope, attributes),
    ...attributeIdentifiers(scope, order?.attributes),
  ]);
}

/** The cargo that a consignment told at the message's root is. */
export function cargoOfConsignment(scope: Scope, consignment: JsonNode): Cargo | undefined {
  const id = consignment.at("id").text(100);
  return cargoOfLinked(scope, {
    ...(id !== undefined && { id }),
    entity: consignment,
    attributes: consignment.at("externalAttributes"),
    association: consignment,
  });
}

function named(entity: JsonNode | undefined, names: Identifier[]): Cargo | undefined {
  const [first] = names;
  if (first === undefined) return undefined;
  return { key: first.value, identifiers: names, ...(entity !== undefined && { entity }) };
}

/** External attributes that the settings declare to be names of the shipment. */
export function attributeIdentifiers(scope: Scope, attributes: JsonNode | undefined): Identifier[] {
  if (attributes === undefined) return [];
  return Object.entries(scope.settings.identifiers).flatMap(([name, type]) =>
    identifiers([type, attributes.at(name).text(128)]),
  );
}

/** The cargo's names, with the id of the action that only it has. */
export function namesOf(cargo: Cargo | undefined, ownId: string | undefined): Identifier[] {
  const own = identifiers(["entity", ownId]);
  const names = cargo?.identifiers ?? [];
  const known = (it: Identifier) => names.some((n) => n.type === it.type && n.value === it.value);
  return [...names, ...own.filter((it) => !known(it))].slice(0, 40);
}
