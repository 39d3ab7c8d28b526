/** The one check of a fact against the canonical model, where it is read. */
import type { z } from "zod";
import { type Fact, fact as factType } from "./fact.ts";
import type { UnkeyedFact } from "./fact_key.ts";

declare const checked: unique symbol;

/** A fact that satisfies the model but for its key and message, which the bridge adds. */
export type CheckedFact = UnkeyedFact & { readonly [checked]: true };

/** Stands in for what is added later. */
const ADDED = { key: "0".repeat(64), message: "unread" };

/** The fact as checked; the error when the model does not allow it. */
export function checkFact(fact: UnkeyedFact): { fact: CheckedFact } | { error: z.ZodError } {
  const result = factType.safeParse({ ...fact, ...ADDED });
  return result.success ? { fact: fact as CheckedFact } : { error: result.error };
}

/** The fact with its key (SHA-256, see `fact_key.ts`) and the id of its stored message. */
export function keyedFact(fact: CheckedFact, key: string, message: string): Fact {
  return { ...fact, key, message };
}
