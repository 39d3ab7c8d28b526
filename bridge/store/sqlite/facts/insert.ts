/** Inserting what a message gives, and withdrawing what it gives no longer. */
import { PRIORITIES } from "../../../canonical/reading.ts";
import type { NewFact } from "../../facts.ts";
import type { Database } from "../database.ts";
import { placeOfBody } from "./sealed.ts";
import { standingTurner } from "./standing.ts";

interface KnownRow {
  seq: number;
  message_id: string;
  pass: number;
  withdrawn: 0 | 1;
}

/**
 * Gives what inserts a message's facts, each once, inside the caller's unit of work. A fact that
 * is there gets its further message; one that was withdrawn is told again.
 */
export function factInserter(database: Database) {
  const { sql, vault } = database;
  const turn = standingTurner(database);
  const connectionOf = sql
    .prepare<[string], string>("SELECT connection FROM message WHERE id = ?")
    .pluck();
  const insert = sql.prepare(`
    INSERT INTO fact (key, connection, message_id, kind, priority, lane_hash, lane, body, bytes,
                      state, received_at, pass)
    SELECT ?, connection, id, ?, ?, ?, ?, ?, ?, 'ready', received_at, ? FROM message WHERE id = ?
    ON CONFLICT (connection, key) DO NOTHING`);
  const find = sql.prepare<[string, string], KnownRow>(`
    SELECT seq, message_id, pass, withdrawn FROM fact
    WHERE key = ? AND connection = (SELECT connection FROM message WHERE id = ?)`);
  const give = sql.prepare("UPDATE fact SET message_id = ?, pass = ? WHERE seq = ?");
  const giveAgain = sql.prepare(`
    INSERT INTO fact_again (fact_seq, message_seq, pass) SELECT ?, seq, ? FROM message WHERE id = ?
    ON CONFLICT (fact_seq, message_seq) DO UPDATE SET pass = excluded.pass`);

  /** How many facts are new on their way to Odoo by it. */
  function insertOne(messageId: string, pass: number, { fact, priority, laneHash }: NewFact) {
    const body = JSON.stringify(fact);
    const connection = connectionOf.get(messageId);
    if (connection === undefined) return 0;
    const { changes } = insert.run(
      fact.key,
      fact.kind,
      PRIORITIES.indexOf(priority),
      laneHash,
      laneHash % database.lanes,
      vault.sealText(placeOfBody(connection, fact.key), body),
      Buffer.byteLength(body),
      pass,
      messageId,
    );
    return changes === 1 ? 1 : confirm(messageId, pass, fact.key);
  }

  function confirm(messageId: string, pass: number, key: string): 0 | 1 {
    const known = find.get(key, messageId);
    if (known === undefined) return 0;
    const isOwn = known.message_id === messageId;
    if (known.withdrawn === 1) {
      give.run(messageId, pass, known.seq);
      turn(known.seq, messageId);
      return 1;
    }
    if (!isOwn) giveAgain.run(known.seq, pass, messageId);
    else if (known.pass < pass) give.run(messageId, pass, known.seq);
    return 0;
  }

  return (messageId: string, facts: readonly NewFact[], pass: number) => {
    const inserted = facts.filter((fact) => insertOne(messageId, pass, fact) === 1).length;
    return { inserted, duplicates: facts.length - inserted };
  };
}

/**
 * Gives what withdraws the facts that only earlier readings of a message gave, inside the caller's
 * unit of work; gives how many. What another message gives too stays, and is that one's from now on.
 */
export function factWithdrawer(database: Database): (messageId: string, pass: number) => number {
  const { sql } = database;
  const turn = standingTurner(database);
  const forget = sql.prepare(`
    DELETE FROM fact_again WHERE message_seq = (SELECT seq FROM message WHERE id = ?) AND pass < ?`);
  const gone = sql
    .prepare<[string, number], number>(
      `SELECT seq FROM fact
       WHERE message_id = ? AND pass < ? AND withdrawn = 0 AND about IS NULL ORDER BY seq`,
    )
    .pluck();
  const inherit = sql.prepare(INHERIT);

  return (messageId, pass) => {
    forget.run(messageId, pass);
    return gone.all(messageId, pass).filter((seq) => {
      if (inherit.run({ facts: JSON.stringify([seq]), except: "[]" }).changes > 0) return false;
      turn(seq, messageId);
      return true;
    }).length;
  };
}

/** Makes facts those of the first of their further messages that is not to be forgotten. */
export const INHERIT = `
  UPDATE fact SET (message_id, pass) = (
    SELECT m.id, a.pass FROM fact_again a JOIN message m ON m.seq = a.message_seq
    WHERE a.fact_seq = fact.seq AND m.seq NOT IN (SELECT value FROM json_each(:except))
    ORDER BY m.seq LIMIT 1)
  WHERE seq IN (SELECT value FROM json_each(:facts)) AND EXISTS (
    SELECT 1 FROM fact_again a WHERE a.fact_seq = fact.seq
      AND a.message_seq NOT IN (SELECT value FROM json_each(:except)))`;
