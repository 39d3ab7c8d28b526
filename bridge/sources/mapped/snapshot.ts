/**
 * Partners that show how things stand and not what happened: the difference to the last poll.
 *
 * A slot is one thing that a record may show (the arrival at stop 2). The poll's cursor remembers
 * what each slot showed and since when. A message is stored with what changed in it, so reading
 * stays pure: a slot that is new or different is a fact with the time of that poll as its version,
 * a slot that no longer shows anything withdraws the facts that it gave, each by its key. So a value
 * that comes back is a fact of its own, and Odoo may get all of them in any order.
 *
 * A record that is no longer listed withdraws nothing: partners list what is active.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { factKey, type UnkeyedFact } from "../../canonical/fact_key.ts";
import type { Built, BuiltFact } from "./facts.ts";

/** What the slots showed: hash of the fact, since when, keys of the facts that were told. */
const slot = z.tuple([z.string(), z.string(), z.array(z.string()).max(50)]);
export const snapshotState = z.record(z.string(), z.record(z.string(), slot));
export type SnapshotState = z.infer<typeof snapshotState>;

const difference = z.strictObject({
  /** Slots that are new or different, and since when. */
  changed: z.record(z.string(), z.string()),
  /** Keys of facts that their records show no longer. */
  gone: z.array(z.strictObject({ entity: z.string(), key: z.string() })),
});
export type Difference = z.infer<typeof difference>;

/** More things than this are not remembered: those not seen for the longest time are told again. */
const MAX_ENTITIES = 5000;
const MAX_KEYS = 50;

/** The name of the message attribute that carries the difference. */
export const DIFFERENCE = "snapshot";

/** Compares a page with what was shown before; gives the difference and what to remember. */
export function compareSnapshot(
  before: SnapshotState,
  built: Built,
): { difference: Difference; state: SnapshotState } {
  const found: Difference = { changed: {}, gone: [] };
  const state = { ...before };
  for (const [entity, { recorded_at }] of built.entities) {
    const known = before[entity] ?? {};
    const slots: SnapshotState[string] = {};
    for (const { fact } of factsOf(built, entity)) {
      const name = fact.source_event ?? "";
      const hash = hashOf(fact);
      const old = known[name];
      if (old !== undefined && old[0] === hash) {
        slots[name] = old;
        continue;
      }
      const key = factKey({ ...fact, version: recorded_at });
      found.changed[name] = recorded_at;
      slots[name] = [hash, recorded_at, [...(old?.[2] ?? []), key].slice(-MAX_KEYS)];
    }
    for (const [name, [, , keys]] of Object.entries(known)) {
      if (slots[name] === undefined) found.gone.push(...keys.map((key) => ({ entity, key })));
    }
    // Entered anew, so that the order of the entries is that of the last sight.
    delete state[entity];
    state[entity] = slots;
  }
  const kept = Object.entries(state).slice(-MAX_ENTITIES);
  return { difference: found, state: Object.fromEntries(kept) };
}

/** The facts of a message that a poll stored with its difference; without one, all of them. */
export function applyDifference(built: Built, text: string | undefined): void {
  const said = text === undefined ? undefined : difference.safeParse(parsed(text)).data;
  built.facts = built.facts.flatMap((it): BuiltFact[] => {
    if (!isShown(it)) return [it];
    const version =
      said === undefined ? it.fact.recorded_at : said.changed[it.fact.source_event ?? ""];
    return version === undefined ? [] : [{ ...it, fact: { ...it.fact, version } }];
  });
  for (const { entity, key } of said?.gone ?? []) {
    const head = built.entities.get(entity);
    if (head === undefined) {
      built.builder.finding("error", "no_entity", "", `"${entity}" is not in the message any more`);
      continue;
    }
    const { identifiers, recorded_at, lane } = head;
    const common = { identifiers, applies_to: "one" as const, recorded_at };
    const fact: UnkeyedFact = { kind: "retraction", ...common, target: { key } };
    built.facts.push({ fact, priority: "billing", lane, entity });
  }
}

/** Whether a page says anything that was not said before. */
export function saysAnything({ changed, gone }: Difference, built: Built): boolean {
  return (
    Object.keys(changed).length > 0 ||
    gone.length > 0 ||
    built.builder.hasErrors ||
    built.facts.some((it) => !isShown(it))
  );
}

function factsOf(built: Built, entity: string): BuiltFact[] {
  return built.facts.filter((it) => it.entity === entity && isShown(it));
}

function isShown({ fact, entity }: BuiltFact): boolean {
  return entity !== undefined && fact.kind !== "retraction";
}

/** What the fact says, whenever it was said. */
function hashOf(fact: UnkeyedFact): string {
  const { version: _version, ...says } = fact;
  return createHash("sha256").update(factKey(says)).digest("base64url").slice(0, 22);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
