/** What is counted in the store when somebody asks for the metrics. */
import { PRIORITIES } from "../canonical/reading.ts";
import type { Clock } from "../clock.ts";
import type { Metrics } from "../metrics.ts";
import type { PauseBoard } from "../pause_board.ts";
import type { DiskGuard } from "../store/disk_guard.ts";
import { WAITING_STATES } from "../store/facts.ts";
import type { Store } from "../store/store.ts";
import { BACKUP_AT } from "./status.ts";

export interface GaugeParts {
  store: Store;
  disk: DiskGuard;
  pauses: PauseBoard;
  connections: ReadonlyArray<{ readonly code: string }>;
  clock: Clock;
  metrics: Metrics;
}

export async function refreshGauges(parts: GaugeParts): Promise<void> {
  const { metrics, store, disk } = parts;
  await refreshQueue(parts);
  metrics.unreadMessages.set(await store.inbox.countUnread());
  const codes = parts.connections.map(({ code }) => code);
  sums(metrics.quarantineOpen, codes, await store.quarantine.count());
  sums(metrics.deadLettersOpen, codes, await store.deadLetters.count());
  const replies = (await store.replies.count()).filter(({ state }) => state === "waiting");
  sums(metrics.repliesWaiting, codes, replies);
  const links = await store.proofLinks.count();
  for (const connection of codes) {
    for (const state of ["waiting", "refused"] as const) {
      const row = links.find((it) => it.connection === connection && it.state === state);
      metrics.proofLinksOpen.set({ connection, state }, row?.count ?? 0);
    }
  }
  // The store may be what is paused: then nothing is taken for any connection.
  const paused = parts.pauses.list();
  for (const code of codes) {
    const isDown = paused.some(({ connection, scope }) => {
      return connection === code || scope === "odoo" || scope === "store";
    });
    metrics.connectionUp.set({ connection: code }, isDown ? 0 : 1);
  }
  const backupAt = await store.properties.get(BACKUP_AT);
  metrics.backupLast.set(backupAt === null ? 0 : Date.parse(backupAt) / 1000);
  await disk.look();
}

async function refreshQueue({ metrics, store, clock }: GaugeParts): Promise<void> {
  const now = clock.now().getTime();
  const depth = await store.facts.depth();
  for (const state of WAITING_STATES) {
    for (const priority of PRIORITIES) {
      const row = depth.find((it) => it.state === state && it.priority === priority);
      const age = row === undefined ? 0 : Math.max(0, now - row.oldest) / 1000;
      metrics.queueDepth.set({ state, priority }, row?.count ?? 0);
      metrics.queueOldest.set({ state, priority }, age);
    }
  }
}

/** A connection of which nothing is counted has 0: a series that vanishes looks like no answer. */
function sums(
  gauge: Metrics["deadLettersOpen"],
  codes: readonly string[],
  counts: ReadonlyArray<{ connection: string; count: number }>,
): void {
  gauge.reset();
  for (const connection of codes) gauge.set({ connection }, 0);
  for (const { connection, count } of counts) gauge.inc({ connection }, count);
}
