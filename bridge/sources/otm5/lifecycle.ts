/** How far an action is, and how it went. */
import type { JsonNode } from "../shared/json/node.ts";
import { LIFECYCLES, RESULT_STATUSES, type ResultStatus } from "./codes.ts";
import type { Scope } from "./scope.ts";

/**
 * The lifecycle. An action without one, or with one that OTM does not know, claims nothing to have
 * happened. Of an update that leaves it out nothing can be said: nothing is given.
 */
export function lifecycleOf(scope: Scope, node: JsonNode): string | undefined {
  const told = node.at("lifecycle").text(32);
  if (told !== undefined && Object.hasOwn(LIFECYCLES, told)) return told;
  if (told !== undefined) {
    const text = `"${told}" is no lifecycle; taken as planned`;
    scope.builder.finding("warning", "unknown_lifecycle", node.at("lifecycle").path, text);
  } else if (scope.isPartial) {
    const text = "an update without lifecycle: what it means shows with the whole entity";
    scope.builder.finding("warning", "partial_update", node.path, text);
    return undefined;
  }
  return "planned";
}

/** Results came with OTM 5.3: an action that is over and has none went well. */
export function resultOf(scope: Scope, node: JsonNode): ResultStatus {
  const told = node.at("result", "status").text(32);
  const known = RESULT_STATUSES.find((it) => it === told);
  if (told === undefined) return "succeeded";
  if (known === undefined) {
    const path = node.at("result", "status").path;
    scope.builder.finding("warning", "unknown_result", path, `"${told}" is no result`);
  }
  return known ?? "unknown";
}

/**
 * The result of a load, unload or hand-over. An update that leaves it out may correct a time of a
 * delivery that had failed: it must not turn that into a success.
 */
export function workResultOf(scope: Scope, node: JsonNode): ResultStatus {
  if (!scope.isPartial || !node.at("result").isMissing) return resultOf(scope, node);
  const text = "an update without result: how it went shows with the whole entity";
  scope.builder.finding("warning", "partial_update", node.path, text);
  return "unknown";
}
