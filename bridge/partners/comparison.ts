/** Two versions of a mapping over the same messages: facts that came, went, or say something else. */
import type { UnkeyedFact } from "../canonical/fact_key.ts";
import type { Partner } from "../sources/mapped/partner_file.ts";
import type { RawMessage } from "../sources/source.ts";
import { type Trial, type TrialFact, tryMessage } from "./trial.ts";

export interface Change {
  kind: "added" | "removed" | "changed";
  message: string;
  path: string;
  before?: UnkeyedFact;
  after?: UnkeyedFact;
  /** Members that differ. */
  members?: string[];
}

export interface Comparison {
  messages: number;
  facts: { before: number; after: number; same: number };
  /** Messages that only one of them can read. */
  unreadable: Array<{ message: string; before: string | null; after: string | null }>;
  changes: Change[];
}

/** What the messages gave by either of them, each fact once. */
export interface GivenFacts {
  before: Map<string, UnkeyedFact>;
  after: Map<string, UnkeyedFact>;
}

/**
 * Reads each message by both. The facts of one message that stand at one place are one fact.
 * `given` collects what they gave.
 */
export async function compareMappings(
  before: Partner,
  after: Partner,
  messages:
    | AsyncIterable<{ name: string; message: RawMessage }>
    | Iterable<{ name: string; message: RawMessage }>,
  given: GivenFacts = { before: new Map(), after: new Map() },
): Promise<Comparison> {
  const result: Comparison = {
    messages: 0,
    facts: { before: 0, after: 0, same: 0 },
    unreadable: [],
    changes: [],
  };
  for await (const { name, message } of messages) {
    const [old, fresh] = [
      await tryMessage(name, message, before),
      await tryMessage(name, message, after),
    ];
    result.messages += 1;
    result.facts.before += old.facts.length;
    result.facts.after += fresh.facts.length;
    if (old.refused?.code !== fresh.refused?.code) {
      const [was, is] = [old.refused?.text ?? null, fresh.refused?.text ?? null];
      result.unreadable.push({ message: name, before: was, after: is });
    }
    for (const { key, fact } of old.facts) given.before.set(key, fact);
    for (const { key, fact } of fresh.facts) given.after.set(key, fact);
    const known = new Set(old.facts.map((it) => it.key));
    result.facts.same += new Set(
      fresh.facts.flatMap((it) => (known.has(it.key) ? [it.key] : [])),
    ).size;
    result.changes.push(...changesOf(old, fresh));
  }
  return result;
}

/** What the one reading of a message says otherwise than the other. */
export function changesOf(old: Trial, fresh: Trial): Change[] {
  const [before, after] = [old, fresh].map(({ facts }) => new Set(facts.map((it) => it.key)));
  const come = fresh.facts.filter((it) => before?.has(it.key) !== true);
  const changes: Change[] = [];
  for (const { fact } of old.facts.filter((it) => after?.has(it.key) !== true)) {
    const at = come.findIndex((it) => slotOf(it.fact) === slotOf(fact));
    const [found] = at < 0 ? [] : (come.splice(at, 1) as [TrialFact]);
    changes.push(changeOf(old.name, fact, found?.fact));
  }
  return [...changes, ...come.map(({ fact }) => changeOf(old.name, undefined, fact))];
}

function changeOf(message: string, before?: UnkeyedFact, after?: UnkeyedFact): Change {
  const path = (after ?? before)?.message_path ?? "";
  if (before === undefined) return { kind: "added", message, path, ...(after && { after }) };
  if (after === undefined) return { kind: "removed", message, path, before };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const members = [...names].filter((name) => memberText(before, name) !== memberText(after, name));
  return { kind: "changed", message, path, before, after, members };
}

function slotOf(fact: UnkeyedFact): string {
  return `${fact.kind}\0${fact.message_path ?? ""}\0${"raw_code" in fact ? fact.raw_code : ""}`;
}

function memberText(fact: UnkeyedFact, name: string): string {
  return JSON.stringify((fact as unknown as Record<string, unknown>)[name]) ?? "";
}
