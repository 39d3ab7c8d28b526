/** The status of a trip, consignment or transport order. */
import type { MilestoneCode } from "../../canonical/codes.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { saidAt, type Scope } from "./scope.ts";
import { addMilestone } from "./add_milestone.ts";

/** A status is known since the entity last changed; OTM tells no better time. */
export function readStatus(
  scope: Scope,
  node: JsonNode,
  type: string,
  meanings: Readonly<Record<string, readonly MilestoneCode[]>>,
  names: Identifier[],
  appliesTo: "one" | "every",
): void {
  const status = node.at("status").text(32);
  if (status === undefined) return;
  const known = Object.hasOwn(meanings, status) ? meanings[status] : undefined;
  if (known === undefined) {
    scope.builder.finding(
      "warning",
      "unmapped_code",
      node.at("status").path,
      `no meaning is known: ${type}/${status}`,
    );
  }
  const isShown =
    type === "trip" && status === "cancelled" && !scope.settings.cancelled_trip_cancels;
  const isDelivered =
    type === "consignment" && status === "completed" && scope.settings.completed_is_delivered;
  const codes = isDelivered
    ? (["delivered"] as const)
    : isShown
      ? [undefined]
      : (known ?? [undefined]);
  for (const code of codes) {
    addMilestone(scope, {
      node,
      identifiers: names,
      appliesTo,
      lane: names[0]?.value ?? "-",
      event: `${node.at("id").text(80) ?? names[0]?.value ?? "-"}/status/${status}/${code ?? ""}`,
      code,
      classifier: "actual",
      occurred: saidAt(scope),
      rawCode: `${type}/${status}`,
    });
  }
}
