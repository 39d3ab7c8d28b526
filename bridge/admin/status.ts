/** How the bridge fares, out of the store: the same for the admin port and the command line. */
import { adviceOf } from "./advice.ts";
import type { Status } from "./status_type.ts";
import { driftText } from "../drift/drift_text.ts";
import { readResults } from "../comparing/comparison_state.ts";
import { type Found, readFound } from "../drift/drift_state.ts";
import type { Pause } from "../store/pauses.ts";
import { UNANSWERED, type Store } from "../store/store.ts";

/** Properties of the store that the status tells. */
export const BACKUP_AT = "backup_at";
export const RESTORED = "restored";

/**
 * Reads the status; `now` is the wall clock. The running bridge knows its pauses better than the
 * store, which may be what cannot be written.
 */
export async function readStatus(
  store: Store,
  now: Date,
  known?: readonly Pause[],
): Promise<Status> {
  const [environment, backupAt, restored, unread, unanswered, found, differing] = await Promise.all(
    [
      store.properties.get("environment"),
      store.properties.get(BACKUP_AT),
      store.properties.get(RESTORED),
      store.inbox.countUnread(),
      store.properties.get(UNANSWERED),
      readFound(store.properties),
      readResults(store.properties),
    ],
  );
  const [pauses, depth, replies, deadLetters, quarantine, links] = await Promise.all([
    known ?? store.pauses.list(),
    store.facts.depth(),
    store.replies.count(),
    store.deadLetters.count(),
    store.quarantine.count(),
    store.proofLinks.count(),
  ]);
  const age = (oldest: number) => Math.max(0, Math.round((now.getTime() - oldest) / 1000));
  const withSince = <T extends { oldest: number }>({ oldest, ...it }: T) => ({
    ...it,
    since: new Date(oldest).toISOString(),
  });
  const status = {
    environment,
    pauses: pauses.map((it) => ({ ...it, since: new Date(it.since).toISOString() })),
    queue: depth.map(({ state, priority, count, oldest }) => ({
      state,
      priority,
      count,
      oldest_seconds: age(oldest),
    })),
    replies: replies.map(({ oldest, ...it }) => ({ ...it, oldest_seconds: age(oldest) })),
    dead_letters: deadLetters.map(withSince),
    quarantine: quarantine.map(withSince),
    unanswered: !unanswered ? [] : (JSON.parse(unanswered) as Status["unanswered"]),
    drift: Object.entries(found).flatMap(driftOf),
    proofs: links
      .filter(({ state }) => state === "refused")
      .map(({ state: _state, ...it }) => withSince(it)),
    differences: Object.entries(differing).flatMap(([connection, { found: orders }]) => {
      const [first] = orders.map((it) => it.since).toSorted();
      return first === undefined ? [] : [{ connection, count: orders.length, since: first }];
    }),
    unread,
    backup: backupAt === null ? null : { at: backupAt },
    restored: !restored ? null : (JSON.parse(restored) as Status["restored"]),
  };
  return { ...status, advice: adviceOf(status, now) };
}

function driftOf([connection, found]: [string, Found[]]): Status["drift"] {
  const [first] = found;
  if (first === undefined) return [];
  const since = found.map((it) => it.since).toSorted()[0] ?? first.since;
  return [{ connection, count: found.length, since, first: driftText(first) }];
}
