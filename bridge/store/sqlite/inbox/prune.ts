/** Forgetting messages, and with them their facts, replies and quarantine. */
import type { Retention } from "../../store.ts";
import type { Database } from "../database.ts";
import { INHERIT } from "../facts/insert.ts";

/**
 * Gives what forgets messages inside the caller's unit of work: those whose facts are all in Odoo,
 * and later those that somebody should have decided about. What is under way is never forgotten.
 */
export function messagePruner({ sql }: Database) {
  const old = sql
    .prepare<[number, string, string, number], number>(
      `SELECT seq FROM message m WHERE received_at < ?
         AND state IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
         SELECT 1 FROM fact f WHERE f.message_id = m.id
         AND f.state NOT IN (SELECT value FROM json_each(?)))
       AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.message_id = m.id AND r.state = 'waiting')
       LIMIT ?`,
    )
    .pluck();
  const factsOf = sql
    .prepare<[string], number>(
      `SELECT f.seq FROM fact f JOIN message m ON m.id = f.message_id
       WHERE m.seq IN (SELECT value FROM json_each(?))`,
    )
    .pluck();
  // What another message gives too must be known, should that one be read again.
  const inherit = sql.prepare(INHERIT);
  const remove = sql.prepare("DELETE FROM message WHERE seq IN (SELECT value FROM json_each(?))");
  const prune = (before: number, states: string, ends: string, limit: number): number => {
    const messages = old.all(before, states, ends, limit);
    if (messages.length === 0) return 0;
    const list = JSON.stringify(messages);
    inherit.run({ facts: JSON.stringify(factsOf.all(list)), except: list });
    return remove.run(list).changes;
  };
  const settled = [JSON.stringify(["read"]), JSON.stringify(["delivered", "unmatched"])] as const;
  const ended = [
    JSON.stringify(["read", "dead"]),
    JSON.stringify(["delivered", "unmatched", "dead"]),
  ] as const;
  return (before: Retention, limit: number) => ({
    messages: prune(before.settled, ...settled, limit),
    unresolved: prune(before.unresolved, ...ended, limit),
  });
}
