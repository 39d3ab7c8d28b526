/** How the bridge itself withdraws a fact, or takes an earlier withdrawal back. */
import type { UnkeyedFact } from "./fact_key.ts";

/**
 * The retraction of the last word about a fact: of the fact, or of the retraction that stood last.
 *
 * @param word key of that last word
 * @param at UTC text
 */
export function withdrawalOf(fact: UnkeyedFact, word: string, at: string): UnkeyedFact {
  return {
    kind: "retraction",
    identifiers: fact.identifiers,
    applies_to: fact.applies_to,
    recorded_at: at,
    ...(fact.message_path !== undefined && { message_path: fact.message_path }),
    target: { key: word },
  };
}
