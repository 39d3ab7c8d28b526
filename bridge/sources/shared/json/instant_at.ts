/** A member of a message as an instant; trouble becomes a finding. */
import type { Instant } from "../../../canonical/values.ts";
import { type InstantRules, readInstant } from "../reading/instants.ts";
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
