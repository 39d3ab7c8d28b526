/**
 * A list that is asked again and again for what changed since, and changes while it is paged.
 *
 * A round asks page after page from `since` on, less an overlap for what the partner writes late.
 * Behind it `since` is the latest time that was seen, but never later than the round's own start:
 * what changed while the round went on may stand on a page that was read before.
 *
 * Nobody says whether a partner's page number or cursor is a place in the list or a mere position.
 * When an item leaves its position, the one after the page slips into the page that was read. So a
 * list of several pages is read until two passes in a row show the same: only then is `since`
 * moved. What is read twice is known by its bytes and stored once.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { PageWarning, PeerResponse } from "../../source.ts";
import { utcOf } from "../reading/instants.ts";

/** Clocks of partners may differ so much from ours, seconds. */
const CLOCK_TOLERANCE = 300;
/** Setting: how long before its cursor a poll asks again, for what the partner writes late. */
export const overlapSetting = z.int().min(0).max(86_400).default(60);
/** A list that looks different each time is left as it is until the next poll. */
const MAX_PASSES = 10;

export const roundType = z.strictObject({
  /** All that changed before was taken. UTC text, as all times here. */
  since: z.string().optional(),
  /** When the round began, by the partner's clock. */
  started: z.string().optional(),
  /** The latest time of an item that was seen in this round. */
  seen: z.string().optional(),
  /** What this pass showed so far, and what the pass before showed. */
  sum: z.string().optional(),
  before: z.string().optional(),
  passes: z.int().min(1).optional(),
});
export type Round = z.infer<typeof roundType>;

export interface RoundItem {
  /** What makes it this version of this item. */
  said: string | Buffer;
  /** When it changed, UTC; missing when it says nothing, or nothing that can be trusted. */
  at: string | undefined;
}

/** From when on the list is asked; nothing for all of it. */
export function askedFrom({ since }: Round, overlapSeconds: number, now: Date): string | undefined {
  if (since === undefined) return undefined;
  // A time ahead of the clock, from an older cursor or a clock that was set back, would be silence.
  const from = Math.min(Date.parse(since), now.getTime() + CLOCK_TOLERANCE * 1000);
  return utcOf(new Date(from - overlapSeconds * 1000));
}

/** The round with one more page. */
export function withPage(
  round: Round,
  items: readonly RoundItem[],
  response: PeerResponse,
  now: Date,
): Round {
  const started = round.started ?? partnerTime(response, now);
  let sum = BigInt(round.sum ?? 0);
  let seen = round.seen;
  for (const { said, at } of items) {
    if (at !== undefined && (seen === undefined || at > seen)) seen = at;
    // What changed since the start is of the next round: it must not keep this one from its end.
    if (at === undefined || at <= started) sum += hashOf(said);
  }
  return { ...round, started, ...(seen && { seen }), sum: String(BigInt.asUintN(64, sum)) };
}

/** The round behind its last page; `again` when the list is to be paged once more. */
export function endOfPass(
  { since, started = "", seen, sum = "0", before, passes = 1 }: Round,
  wasPaged: boolean,
): { round: Round; again: boolean; warnings: PageWarning[] } {
  if (!wasPaged || sum === before) {
    // What was there at the start is taken, whatever time a later item bears.
    const [held, reached] = [earlier(since, started), earlier(seen, started)];
    const next = reached === undefined || (held !== undefined && held > reached) ? held : reached;
    return { round: next === undefined ? {} : { since: next }, again: false, warnings: [] };
  }
  const kept = since === undefined ? {} : { since };
  if (passes >= MAX_PASSES) return { round: kept, again: false, warnings: [restless()] };
  const round = { ...kept, started, ...(seen && { seen }), before: sum, passes: passes + 1 };
  return { round, again: true, warnings: [] };
}

/** The round from its beginning, for a partner that does not know its own next page any more. */
export function startedOver({ since }: Round): Round {
  return since === undefined ? {} : { since };
}

/** What the poll says of items that are dated ahead of the clock. */
export function warningsOf(items: readonly RoundItem[], now: Date): PageWarning[] {
  const latest = utcOf(new Date(now.getTime() + CLOCK_TOLERANCE * 1000));
  const ahead = items.flatMap(({ at }) => (at !== undefined && at > latest ? [at] : []));
  const [first] = ahead;
  if (first === undefined) return [];
  const text = `${ahead.length} items are dated ahead of the clock (${first}): the poll goes on from now`;
  return [{ code: "poll_ahead", text, hint: "ask the partner to look at its clock" }];
}

/** The partner's clock, as HTTP says it; ours where it does not, or where it runs far ahead. */
function partnerTime({ headers }: PeerResponse, now: Date): string {
  const said = Date.parse(headers["date"] ?? "");
  const limit = now.getTime() + CLOCK_TOLERANCE * 1000;
  return utcOf(Number.isNaN(said) ? now : new Date(Math.min(said, limit)));
}

function earlier(a: string | undefined, b: string): string | undefined {
  return a === undefined || a < b ? a : b;
}

function hashOf(said: string | Buffer): bigint {
  return createHash("sha256").update(said).digest().readBigUInt64BE();
}

function restless(): PageWarning {
  return {
    code: "poll_restless",
    text: `the list differed in ${MAX_PASSES} passes: the next poll reads it again from the same time`,
    hint: "poll where the partner is quieter, or have it push",
  };
}
