/** Inserting a message's facts. */
import { PRIORITIES } from "../../../canonical/reading.ts";
import type { NewFact } from "../../facts.ts";
import type { Database } from "../database.ts";

/** Gives what inserts a message's facts, each once, inside the caller's unit of work. */
export function factInserter(database: Database) {
  const insert = database.sql.prepare(`
    INSERT INTO fact (key, connection, message_id, kind, priority, lane_hash, lane, body, bytes,
                      state, received_at)
    SELECT ?, connection, id, ?, ?, ?, ?, ?, ?, 'ready', received_at FROM message WHERE id = ?
    ON CONFLICT (connection, key) DO NOTHING`);

  function insertOne(messageId: string, { fact, priority, laneHash }: NewFact): boolean {
    const body = JSON.stringify(fact);
    const { changes } = insert.run(
      fact.key,
      fact.kind,
      PRIORITIES.indexOf(priority),
      laneHash,
      laneHash % database.lanes,
      body,
      Buffer.byteLength(body),
      messageId,
    );
    return changes === 1;
  }

  return (messageId: string, facts: readonly NewFact[]) => {
    const inserted = facts.filter((fact) => insertOne(messageId, fact)).length;
    return { inserted, duplicates: facts.length - inserted };
  };
}
