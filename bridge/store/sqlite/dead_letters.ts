/** Dead letters: what could not go on, why, and putting it back. */
import type SqliteDatabase from "better-sqlite3";
import type { DeadLetter, DeadLetterFilter, DeadLetters, Stage } from "../store.ts";
import type { Database } from "./database.ts";

interface Row {
  id: number;
  connection: string;
  stage: Stage;
  message_id: string | null;
  fact_key: string | null;
  order_id: number | null;
  code: string;
  reason: string;
  path: string | null;
  hint: string | null;
  attempts: number;
  created_at: number;
  replayed_at: number | null;
}

/** Inserts one, inside the caller's unit of work. */
export function insertDeadLetter(
  sql: SqliteDatabase.Database,
  letter: Omit<DeadLetter, "id" | "state">,
): void {
  const { problem } = letter;
  sql
    .prepare(
      `INSERT INTO dead_letter (connection, stage, message_id, fact_key, order_id, code, reason,
                                path, hint, attempts, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      letter.connection,
      letter.stage,
      letter.messageId,
      letter.factKey,
      letter.orderId,
      problem.code,
      problem.reason,
      problem.path ?? null,
      problem.hint ?? null,
      letter.attempts,
      letter.createdAt,
    );
}

export function sqliteDeadLetters(database: Database): DeadLetters {
  const { sql } = database;
  const selectOne = sql.prepare<[number], Row>("SELECT * FROM dead_letter WHERE id = ?");
  const countOpen = sql.prepare<[], { connection: string; stage: Stage; count: number }>(`
    SELECT connection, stage, count(*) AS count FROM dead_letter
    WHERE replayed_at IS NULL GROUP BY connection, stage`);
  const markReplayed = sql.prepare("UPDATE dead_letter SET replayed_at = ? WHERE id = ?");
  const reread = sql.prepare("UPDATE message SET state = 'received' WHERE id = ?");
  const redeliver = sql.prepare(`
    UPDATE fact SET state = 'ready', attempts = 0, due_at = NULL, code = NULL, reason = NULL
    WHERE connection = ? AND key = ? AND state = 'dead'`);
  const resend = sql.prepare(`
    UPDATE reply SET state = 'waiting', attempts = 0, due_at = 0, settled_at = NULL
    WHERE message_id = ? AND state = 'dead'`);

  function find(filter: DeadLetterFilter): Row[] {
    const parts: string[] = [];
    const values: Array<string | number> = [];
    const where = (part: string, ...given: Array<string | number>) => {
      parts.push(part);
      values.push(...given);
    };
    if (filter.ids !== undefined) {
      where("id IN (SELECT value FROM json_each(?))", JSON.stringify(filter.ids));
    }
    if (filter.connection !== undefined) where("connection = ?", filter.connection);
    if (filter.stage !== undefined) where("stage = ?", filter.stage);
    if (filter.code !== undefined) where("code = ?", filter.code);
    if (filter.state === "open") where("replayed_at IS NULL");
    if (filter.state === "replayed") where("replayed_at IS NOT NULL");
    const condition = parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`;
    return sql
      .prepare<unknown[], Row>(`SELECT * FROM dead_letter ${condition} ORDER BY id DESC LIMIT ?`)
      .all(...values, filter.limit ?? 1000);
  }

  function putBack(row: Row): void {
    if (row.stage === "normalize") reread.run(row.message_id);
    if (row.stage === "outbound") resend.run(row.message_id);
    if (row.stage === "deliver") redeliver.run(row.connection, row.fact_key);
  }

  return {
    list: (filter) => database.read(() => find(filter).map(toDeadLetter)),
    get: (id) =>
      database.read(() => {
        const row = selectOne.get(id);
        return row === undefined ? null : toDeadLetter(row);
      }),
    count: () => database.read(() => countOpen.all()),
    replay: (filter, at) =>
      database.write(() => {
        // An order is sent again from Odoo; a reply from here.
        const rows = find({ ...filter, state: "open" }).filter(
          (row) => row.stage !== "outbound" || row.message_id !== null,
        );
        for (const row of rows) {
          putBack(row);
          markReplayed.run(at, row.id);
        }
        return rows.map((row) => row.id);
      }),
    write: (letter) => database.write(() => insertDeadLetter(sql, letter)),
  };
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    id: row.id,
    connection: row.connection,
    stage: row.stage,
    messageId: row.message_id,
    factKey: row.fact_key,
    orderId: row.order_id,
    problem: {
      code: row.code,
      reason: row.reason,
      ...(row.path === null ? {} : { path: row.path }),
      ...(row.hint === null ? {} : { hint: row.hint }),
    },
    attempts: row.attempts,
    createdAt: row.created_at,
    state: row.replayed_at === null ? "open" : "replayed",
  };
}
