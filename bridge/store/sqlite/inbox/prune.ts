/** Forgetting messages, and with them their facts, replies and quarantine. */
import type { Retention } from "../../store.ts";
import type { Database } from "../database.ts";

/**
 * Gives what forgets messages inside the caller's unit of work: those whose facts are all in Odoo,
 * and later those that somebody should have decided about. What is under way is never forgotten.
 */
export function messagePruner({ sql }: Database) {
  const prune = sql.prepare<[number, string, string, number]>(`
    DELETE FROM message WHERE seq IN (
      SELECT seq FROM message m WHERE received_at < ?
        AND state IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
        SELECT 1 FROM fact f WHERE f.message_id = m.id
        AND f.state NOT IN (SELECT value FROM json_each(?)))
      AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.message_id = m.id AND r.state = 'waiting')
      LIMIT ?)`);
  const settled = [JSON.stringify(["read"]), JSON.stringify(["delivered", "unmatched"])] as const;
  const ended = [
    JSON.stringify(["read", "dead"]),
    JSON.stringify(["delivered", "unmatched", "dead"]),
  ] as const;
  return (before: Retention, limit: number) => ({
    messages: prune.run(before.settled, ...settled, limit).changes,
    unresolved: prune.run(before.unresolved, ...ended, limit).changes,
  });
}
