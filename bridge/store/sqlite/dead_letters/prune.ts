/** Forgetting dead letters. */
import type { Retention } from "../../store.ts";
import type { Database } from "../database.ts";

/** Gives what forgets dead letters: those replayed long ago, and those that nobody ever replayed. */
export function deadLetterPruner({ sql }: Database) {
  const replayed = sql.prepare<[number, number]>(`
    DELETE FROM dead_letter WHERE id IN (
      SELECT id FROM dead_letter WHERE replayed_at IS NOT NULL AND replayed_at < ? LIMIT ?)`);
  const old = sql.prepare<[number, number]>(`
    DELETE FROM dead_letter WHERE id IN (
      SELECT id FROM dead_letter WHERE created_at < ? LIMIT ?)`);
  return (before: Retention, limit: number) =>
    replayed.run(before.settled, limit).changes + old.run(before.unresolved, limit).changes;
}
