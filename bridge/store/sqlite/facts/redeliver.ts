/** Putting settled facts back into their lanes. */
import type { Database } from "../database.ts";

/** Gives what puts facts back, inside the caller's unit of work. */
export function factRedeliverer({ sql }: Database) {
  // By the bridge's own number of lanes, which a tool does not know.
  const ofMessage = sql.prepare(`
    UPDATE fact SET state = 'ready', attempts = 0, due_at = NULL, code = NULL, reason = NULL,
      lane = lane_hash % (SELECT CAST(value AS INTEGER) FROM property WHERE name = 'lanes')
    WHERE message_id = ? AND state IN ('delivered', 'unmatched', 'dead')`);
  const dead = sql.prepare(`
    UPDATE fact SET state = 'ready', attempts = 0, due_at = NULL, code = NULL, reason = NULL
    WHERE connection = ? AND key = ? AND state = 'dead'`);
  return {
    /** All settled facts of a message. */
    ofMessage: (messageId: string) => void ofMessage.run(messageId),
    /** One fact that was given up. */
    dead: (connection: string, key: string | null) => void dead.run(connection, key),
  };
}
