/** Time windows out of OTM's nested constraints. */
import type { Instant } from "../../canonical/values.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { linked } from "./entity.ts";
import { instantHere, type Scope } from "./scope.ts";

export interface Window {
  start?: Instant;
  end?: Instant;
}

/**
 * The window in which something may happen: all parts of an `and` narrow it, the first alternative
 * of an `or` counts, a `not` says nothing about when. Nothing when the constraint is only
 * referred to or is not about time.
 */
export function windowOf(scope: Scope, association: JsonNode): Window | undefined {
  const constraint = linked(association)?.entity;
  const window = constraint === undefined ? {} : valueWindow(scope, constraint.at("value"));
  return window.start === undefined && window.end === undefined ? undefined : window;
}

function valueWindow(scope: Scope, value: JsonNode): Window {
  const all = value.at("and").items();
  if (all.length > 0) return all.map((it) => valueWindow(scope, it)).reduce(narrower);
  const alternatives = value.at("or").items();
  if (alternatives.length > 0) {
    const windows = alternatives.map((it) => valueWindow(scope, it));
    return windows.find((it) => it.start !== undefined || it.end !== undefined) ?? {};
  }
  // The last two are of the constraints that OTM 5.2 deprecated.
  const start = firstTime(scope, value, ["startTime", "startDateTime"]);
  const end = firstTime(scope, value, ["endTime", "endDateTime"]);
  return { ...(start && { start }), ...(end && { end }) };
}

function firstTime(scope: Scope, value: JsonNode, keys: readonly string[]): Instant | undefined {
  for (const key of keys) {
    const instant = instantHere(scope, value.at(key));
    if (instant !== undefined) return instant;
  }
  return undefined;
}

function narrower(a: Window, b: Window): Window {
  const start = [a.start, b.start]
    .filter((it) => it !== undefined)
    .toSorted(byTime)
    .at(-1);
  const end = [a.end, b.end].filter((it) => it !== undefined).toSorted(byTime)[0];
  return { ...(start && { start }), ...(end && { end }) };
}

const byTime = (a: Instant, b: Instant) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
