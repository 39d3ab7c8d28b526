/** How the bridge fares, out of the store: the same for the admin port and the command line. */
import type { FactQueue } from "../queue/queue.ts";
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
  dead_letters: Array<{ connection: string; stage: string; count: number }>;
}

/** Reads the status; `now` is the wall clock. */
export async function readStatus(store: Store, queue: FactQueue, now: Date): Promise<Status> {
  const [environment, pauses, depth, deadLetters] = await Promise.all([
    store.properties.get("environment"),
    store.pauses.list(),
    queue.depth(),
    store.deadLetters.count(),
  ]);
  return {
    environment,
    pauses: pauses.map((it) => ({ ...it, since: new Date(it.since).toISOString() })),
    queue: depth.map(({ state, priority, count, oldest }) => ({
      state,
      priority,
      count,
      oldest_seconds: Math.max(0, Math.round((now.getTime() - oldest) / 1000)),
    })),
    dead_letters: deadLetters,
  };
}
