/** The idempotency key of a fact. */
import { createHash } from "node:crypto";
import type { Fact } from "./fact.ts";

/** A fact before it has its key and the message that it was read from. */
export type UnkeyedFact = Fact extends infer F
  ? F extends Fact
    ? Omit<F, "key" | "message">
    : never
  : never;

/** JSON with sorted keys: the same content gives the same text, whatever order it was built in. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/**
 * SHA-256 over what the fact says.
 *
 * Left out: the message it came in, the position there and the message's own time, because
 * carriers replay whole histories under a new message time and each replay would be a new fact.
 * A `version` that the sender gives to the event is part of what it says, so that a correction
 * back to an earlier content is a fact of its own.
 */
export function factKey(fact: UnkeyedFact): string {
  const { message_path: _path, recorded_at: _recordedAt, ...says } = fact;
  return createHash("sha256").update(canonicalJson(says)).digest("hex");
}
