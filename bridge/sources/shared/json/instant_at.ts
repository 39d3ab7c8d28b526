/** A member of a message as an instant; trouble becomes a finding. */
import type { Instant } from "../../../canonical/values.ts";
import { type InstantRules, readInstant } from "../reading/instants.ts";
import type { PlaceZone } from "../reading/place_zone.ts";
import type { JsonNode } from "./node.ts";
import type { ReadingBuilder } from "../reading/reading.ts";

const TROUBLE = {
  skipped_time: "the clocks skipped this local time; the time an hour later was taken",
  repeated_time: "the clocks showed this local time twice; the first was taken",
};

/** The instant, or nothing when the member is empty or no date (then an error finding says so). */
export function instantAt(
  builder: ReadingBuilder,
  node: JsonNode,
  rules: InstantRules,
): Instant | undefined {
  const text = node.text(64);
  if (text === undefined) return undefined;
  const { instant, trouble } = readInstant(text, rules);
  if (trouble === "unreadable_time") {
    builder.finding("error", trouble, node.path, `"${text}" is no date and time`);
  } else if (trouble !== undefined) {
    builder.finding("warning", trouble, node.path, TROUBLE[trouble]);
  }
  return instant;
}

/**
 * The same for what happened at a place: a time without offset is the clock there. Where the place
 * does not tell its zone the rules' own is taken, and said once for the message; a day alone needs
 * no clock.
 */
export function instantAtPlace(
  builder: ReadingBuilder,
  node: JsonNode,
  place: PlaceZone | undefined,
  rules: InstantRules,
): Instant | undefined {
  const instant = instantAt(builder, node, { ...rules, zone: place?.zone ?? rules.zone });
  const isGuess = instant?.zone_inferred === true && instant.precision !== "date";
  if (isGuess && place === undefined) {
    const text = `local time at a place whose zone is not known; ${rules.zone} was taken`;
    builder.once("warning", "zone_unknown", node.path, text);
  }
  return instant;
}
