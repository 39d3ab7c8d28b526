/** RFF, CNI, EQD, SEL, GIN and NAD+CA as names of the shipment. */
import type { Identifier, IdentifierType } from "../../canonical/identifiers.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { referenceTypes } from "./codes.ts";
import type { Segment } from "./segments.ts";

type Named = readonly [IdentifierType, string | undefined];

/** UPS numbers its packages so. */
const TRACKING = /^1Z[0-9A-Z]{16}$/;

/** The names in some segments. */
export function namesIn(segments: readonly Segment[]): Named[] {
  return segments.flatMap(({ tag, elements }): Named[] => {
    const [first = "", second = ""] = elements[0] ?? [];
    if (tag === "RFF") return referenceTypes(first).map((type) => [type, second]);
    if (tag === "CNI") return consignmentNames(elements[1]?.[0] ?? "");
    if (tag === "EQD" && first === "CN") return [["container", elements[1]?.[0]]];
    if (tag === "SEL") return [["seal", first]];
    if (tag === "GIN" && first === "BJ") return elements.slice(1).map((it) => ["sscc", it[0]]);
    if (tag === "NAD" && first === "CA") return scac(elements[1]?.[0] ?? "");
    return [];
  });
}

function consignmentNames(number: string): Named[] {
  if (number === "") return [];
  if (TRACKING.test(number)) return [["tracking", number]];
  return [
    ["shipment", number],
    ["shipment_id", number],
    ["pro", number],
  ];
}

function scac(id: string): Named[] {
  return /^[A-Z]{2,4}$/.test(id) ? [["scac", id]] : [];
}

/**
 * Names from the nearest outwards: the event's own, its consignment's, the message's. An outer
 * name of a kind that an inner one has speaks of the whole message, not of this event.
 */
export function namesOf(...levels: ReadonlyArray<readonly Segment[]>): Identifier[] {
  const kept: Named[] = [];
  for (const level of levels) {
    const inner = new Set(kept.map(([type]) => type));
    kept.push(...namesIn(level).filter(([type, value]) => !inner.has(type) && value !== ""));
  }
  return identifiers(...kept);
}
