/** Messages with many entities are read in parts, so that other work gets its turn in between. */
import type { Reading } from "../../../canonical/reading.ts";

/** Entities that are read at once: some milliseconds. */
export const PART_ENTITIES = 25;

/** The parts of a message as one reading. */
export function wholeOf(parts: Iterable<Reading>): Reading {
  const whole: Reading = { facts: [], findings: [] };
  for (const { facts, findings, links = [] } of parts) {
    whole.facts.push(...facts);
    whole.findings.push(...findings);
    if (links.length > 0) (whole.links ??= []).push(...links);
  }
  return whole;
}
