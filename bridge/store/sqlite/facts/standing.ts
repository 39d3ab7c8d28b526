/** Withdrawing facts that no message gives any more, and taking a withdrawal back. */
import { factKey } from "../../../canonical/fact_key.ts";
import type { Fact } from "../../../canonical/fact.ts";
import { withdrawalOf } from "../../../canonical/withdrawal.ts";
import { toUtcText } from "../../../clock.ts";
import type { Database } from "../database.ts";
import { placeOfBody } from "./sealed.ts";

interface StandingRow {
  key: string;
  connection: string;
  body: string;
  last_word: string | null;
  withdrawn: 0 | 1;
}

/**
 * Gives what turns the standing of a fact, inside the caller's unit of work: from told to
 * withdrawn, or back.
 *
 * Each turn is a retraction of the last word about the fact: of the fact itself, then of that
 * retraction, and so on. So a turn is never mistaken for an earlier one, and Odoo may get them in
 * any order. It travels in the fact's lane, to where the fact went.
 */
export function standingTurner(database: Database) {
  const { sql, vault } = database;
  const load = sql.prepare<[number], StandingRow>(
    "SELECT key, connection, body, last_word, withdrawn FROM fact WHERE seq = ?",
  );
  const insert = sql.prepare(`
    INSERT INTO fact (key, connection, message_id, kind, priority, lane_hash, lane, body, bytes,
                      state, received_at, about)
    SELECT ?, connection, ?, 'retraction', 0, lane_hash, lane_hash % ?, ?, ?, 'ready', ?, key
    FROM fact WHERE seq = ?
    ON CONFLICT (connection, key) DO NOTHING`);
  const mark = sql.prepare("UPDATE fact SET withdrawn = ?, last_word = ? WHERE seq = ?");

  return (seq: number, messageId: string): void => {
    const row = load.get(seq);
    if (row === undefined) return;
    const { connection } = row;
    const told = vault.openText(placeOfBody(connection, row.key), row.body);
    const fact = JSON.parse(told) as Fact;
    const now = Date.now();
    const turn = withdrawalOf(fact, row.last_word ?? row.key, toUtcText(new Date(now)));
    const key = factKey(turn);
    const body = JSON.stringify({ ...turn, key, message: messageId });
    const sealed = vault.sealText(placeOfBody(connection, key), body);
    insert.run(key, messageId, database.lanes, sealed, Buffer.byteLength(body), now, seq);
    mark.run(row.withdrawn === 1 ? 0 : 1, key, seq);
  };
}
