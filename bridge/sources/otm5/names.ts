/** Further names of a shipment, by which later messages may speak of it. */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined } from "../shared/reading/reading.ts";
import type { Scope } from "./scope.ts";
import { sourceEvent } from "./add_milestone.ts";

/**
 * Adds a plan without stops: nothing but names. It carries no version, because names are only ever
 * added, and each change of the entity would make a new fact of the same names.
 */
export function declareNames(
  scope: Scope,
  node: JsonNode,
  names: Identifier[],
  further: Identifier[],
): void {
  const declares = [...names, ...further];
  const [first] = names;
  if (first === undefined || declares.length < 2) return;
  scope.builder.add(
    defined({
      kind: "itinerary" as const,
      message_path: node.path,
      identifiers: names,
      applies_to: "one" as const,
      source_event: sourceEvent(`${first.value}/names`),
      recorded_at: scope.recordedAt,
      declares: declares.slice(0, 200),
      stops: [],
    }),
    "eta",
    first.value,
  );
}
