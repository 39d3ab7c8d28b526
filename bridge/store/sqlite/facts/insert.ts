/** Inserting a message's facts. */
import { PRIORITIES } from "../../../canonical/reading.ts";
import type { NewFact } from "../../facts.ts";
import type { Database } from "../database.ts";
import { placeOfBody } from "./sealed.ts";

/** Gives what inserts a message's facts, each once, inside the caller's unit of work. */
export function factInserter(database: Database) {
  const { sql, vault } = database;
  const connectionOf = sql
    .prepare<[string], string>("SELECT connection FROM message WHERE id = ?")
    .pluck();
  const insert = sql.prepare(`
    INSERT INTO fact (key, connection, message_id, kind, priority, lane_hash, lane, body, bytes,
                      state, received_at)
    SELECT ?, connection, id, ?, ?, ?, ?, ?, ?, 'ready', received_at FROM message WHERE id = ?
    ON CONFLICT (connection, key) DO NOTHING`);

  function insertOne(messageId: string, { fact, priority, laneHash }: NewFact): boolean {
    const body = JSON.stringify(fact);
    const connection = connectionOf.get(messageId);
    if (connection === undefined) return false;
    const { changes } = insert.run(
      fact.key,
      fact.kind,
      PRIORITIES.indexOf(priority),
      laneHash,
      laneHash % database.lanes,
      vault.sealText(placeOfBody(connection, fact.key), body),
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
