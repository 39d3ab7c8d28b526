/**
 * Where the latest messages differ from what is usual: by shares, and only by so much that chance
 * does not explain it.
 */
import type { Group, Profile } from "./profile.ts";

export interface Drift {
  kind: "field_new" | "field_vanished" | "code_share";
  /** `214`, `milestone`: of which messages. */
  of: string;
  /** The field's path, or the partner's code. */
  name: string;
  /** Shares of 0 to 1: of messages that have the field, of what was said that has the code. */
  before: number;
  now: number;
}

/** Fewer messages than that say nothing. */
const LEAST_BASE = 50;
export const LEAST_WINDOW = 20;
/** Standard errors of the difference of two shares; of a thousand fields none passes by chance. */
const CERTAIN = 4;
/** A code's share jumps when it changes by so much. */
const JUMP = 0.15;
/** Nobody reads more of one connection. */
const MAX_DRIFTS = 50;

/** The differences, the greatest first. */
export function drifts(base: Profile, window: Profile): Drift[] {
  const found = Object.entries(window).flatMap(([name, now]) => {
    const before = base[name];
    if (before === undefined || before.messages < LEAST_BASE) return [];
    return now.messages < LEAST_WINDOW ? [] : ofGroup(name, before, now);
  });
  return found
    .toSorted((a, b) => change(b) - change(a) || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_DRIFTS);
}

function ofGroup(group: string, base: Group, window: Group): Drift[] {
  const isField = group.startsWith("field ");
  const of = group.slice(group.indexOf(" ") + 1);
  const names = new Set([...Object.keys(base.items), ...Object.keys(window.items)]);
  return [...names].flatMap((name): Drift[] => {
    const before = (base.items[name] ?? 0) / base.messages;
    const now = (window.items[name] ?? 0) / window.messages;
    const kind = isField ? fieldKind(before, now) : codeKind(before, now);
    if (kind === undefined || !isCertain(before, base.messages, now, window.messages)) return [];
    return [{ kind, of, name, before: round(before), now: round(now) }];
  });
}

function fieldKind(before: number, now: number): Drift["kind"] | undefined {
  if (before === 0) return "field_new";
  return now === 0 ? "field_vanished" : undefined;
}

function codeKind(before: number, now: number): Drift["kind"] | undefined {
  return Math.abs(now - before) >= JUMP ? "code_share" : undefined;
}

/** The test of two proportions, with the pooled share. */
function isCertain(before: number, n: number, now: number, m: number): boolean {
  const pooled = (before * n + now * m) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return Math.abs(now - before) > CERTAIN * error;
}

function change({ before, now }: Drift): number {
  return Math.abs(now - before);
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
