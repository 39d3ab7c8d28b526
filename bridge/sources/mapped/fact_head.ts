import type { Identifier } from "../../canonical/identifiers.ts";

/** What every kind of fact carries. */
export interface FactHead {
  identifiers: Identifier[];
  applies_to: "one" | "every";
  recorded_at: string;
  message_path?: string;
  source_event?: string;
  version?: string;
}
