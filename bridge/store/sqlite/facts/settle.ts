/** What became of claimed facts. */
import type { Settlement } from "../../facts.ts";
import type { Database } from "../database.ts";
import { insertDeadLetter } from "../dead_letters/insert.ts";
import { placeOfReason } from "./sealed.ts";

/** Gives what settles a fact, inside the caller's unit of work; only one in flight is settled. */
export function factSettler(database: Database): (settlement: Settlement) => void {
  const { vault } = database;
  const settle = statements(database);
  const sealed = (seq: number, reason: string) => vault.sealText(placeOfReason(seq), reason);
  return (it) => {
    if (it.to === "delivered") settle.delivered.run(JSON.stringify(it.shipments), it.at, it.seq);
    else if (it.to === "released") settle.released.run(it.seq);
    else if (it.to === "unmatched") {
      settle.unmatched.run(it.problem.code, sealed(it.seq, it.problem.reason), it.at, it.seq);
    } else if (it.to === "retry") {
      const { code, reason } = it.problem;
      const { laneHash = null } = it;
      const lane = laneHash === null ? null : laneHash % database.lanes;
      const text = sealed(it.seq, reason);
      settle.retry.run(it.dueAt, it.attempts, code, text, laneHash, lane, it.seq);
    } else {
      const { code, reason } = it.problem;
      const row = settle.dead.get(it.attempts, code, sealed(it.seq, reason), it.at, it.seq);
      if (row === undefined) return;
      insertDeadLetter(database, {
        connection: row.connection,
        stage: "deliver",
        messageId: row.message_id,
        factKey: row.key,
        orderId: null,
        problem: it.problem,
        attempts: it.attempts,
        createdAt: it.at,
      });
    }
  };
}

function statements({ sql }: Database) {
  return {
    delivered: sql.prepare(`
      UPDATE fact SET state = 'delivered', shipments = ?, settled_at = ?, lease_until = NULL,
                      code = NULL, reason = NULL WHERE seq = ? AND state = 'in_flight'`),
    unmatched: sql.prepare(`
      UPDATE fact SET state = 'unmatched', code = ?, reason = ?, settled_at = ?, lease_until = NULL
      WHERE seq = ? AND state = 'in_flight'`),
    released: sql.prepare(`
      UPDATE fact SET state = 'ready', lease_until = NULL WHERE seq = ? AND state = 'in_flight'`),
    retry: sql.prepare(`
      UPDATE fact SET state = 'waiting', due_at = ?, attempts = ?, code = ?, reason = ?,
                      lane_hash = coalesce(?, lane_hash), lane = coalesce(?, lane),
                      lease_until = NULL WHERE seq = ? AND state = 'in_flight'`),
    dead: sql.prepare<unknown[], { connection: string; message_id: string; key: string }>(`
      UPDATE fact SET state = 'dead', attempts = ?, code = ?, reason = ?, settled_at = ?,
                      lease_until = NULL WHERE seq = ? AND state = 'in_flight'
      RETURNING connection, message_id, key`),
  };
}
