/** How the bridge fares, out of the store: the same for the admin port and the command line. */
import type { Pause } from "../store/pauses.ts";
import type { Store } from "../store/store.ts";

export interface Status {
  environment: string | null;
  /** What stands still, why, and what mends it. */
  pauses: Array<{
    scope: string;
    connection: string;
    code: string;
    reason: string;
    hint: string | null;
    since: string;
  }>;
  /** Facts that are not in Odoo yet. */
  queue: Array<{ state: string; priority: string; count: number; oldest_seconds: number }>;
  /** Replies to partners that are not sent. */
  replies: Array<{ connection: string; state: string; count: number; oldest_seconds: number }>;
  dead_letters: Array<{ connection: string; stage: string; count: number }>;
  /** Messages in a version that is not known. */
  quarantine: Array<{ connection: string; count: number }>;
}

/**
 * Reads the status; `now` is the wall clock. The running bridge knows its pauses better than the
 * store, which may be what cannot be written.
 */
export async function readStatus(
  store: Store,
  now: Date,
  known?: readonly Pause[],
): Promise<Status> {
  const [environment, pauses, depth, replies, deadLetters, quarantine] = await Promise.all([
    store.properties.get("environment"),
    known ?? store.pauses.list(),
    store.facts.depth(),
    store.replies.count(),
    store.deadLetters.count(),
    store.quarantine.count(),
  ]);
  const age = (oldest: number) => Math.max(0, Math.round((now.getTime() - oldest) / 1000));
  return {
    environment,
    pauses: pauses.map((it) => ({ ...it, since: new Date(it.since).toISOString() })),
    queue: depth.map(({ state, priority, count, oldest }) => ({
      state,
      priority,
      count,
      oldest_seconds: age(oldest),
    })),
    replies: replies.map(({ oldest, ...it }) => ({ ...it, oldest_seconds: age(oldest) })),
    dead_letters: deadLetters,
    quarantine,
  };
}
