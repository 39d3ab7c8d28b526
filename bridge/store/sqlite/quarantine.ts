/** Messages in an unknown version: kept aside, with the reason, until somebody releases them. */
import type SqliteDatabase from "better-sqlite3";
import type { Problem, Quarantine, QuarantineFilter, QuarantinedMessage } from "../store.ts";
import type { Database } from "./database.ts";

interface Row {
  message_id: string;
  connection: string;
  code: string;
  reason: string;
  path: string | null;
  hint: string | null;
  created_at: number;
  released_at: number | null;
}

/** Puts a message aside, inside the caller's unit of work. */
export function insertQuarantine(
  sql: SqliteDatabase.Database,
  messageId: string,
  { code, reason, path, hint }: Problem,
  at: number,
): void {
  sql
    .prepare(
      `INSERT INTO quarantine (message_id, connection, code, reason, path, hint, created_at)
       SELECT id, connection, ?, ?, ?, ?, ? FROM message WHERE id = ?
       ON CONFLICT (message_id) DO UPDATE SET code = excluded.code, reason = excluded.reason,
         path = excluded.path, hint = excluded.hint, released_at = NULL`,
    )
    .run(code, reason, path ?? null, hint ?? null, at, messageId);
}

export function sqliteQuarantine(database: Database): Quarantine {
  const { sql } = database;
  const countOpen = sql.prepare<[], { connection: string; count: number }>(`
    SELECT connection, count(*) AS count FROM quarantine
    WHERE released_at IS NULL GROUP BY connection`);
  const markReleased = sql.prepare("UPDATE quarantine SET released_at = ? WHERE message_id = ?");
  const reread = sql.prepare("UPDATE message SET state = 'received' WHERE id = ?");

  function find(filter: QuarantineFilter): Row[] {
    const { ids, connection, code, all, limit } = filter;
    return sql
      .prepare<object, Row>(
        `SELECT * FROM quarantine
         WHERE (:all OR released_at IS NULL)
           AND (:ids IS NULL OR message_id IN (SELECT value FROM json_each(:ids)))
           AND (:connection IS NULL OR connection = :connection)
           AND (:code IS NULL OR code = :code)
         ORDER BY created_at DESC, message_id DESC LIMIT :limit`,
      )
      .all({
        ids: ids === undefined ? null : JSON.stringify(ids),
        connection: connection ?? null,
        code: code ?? null,
        all: all === true ? 1 : 0,
        limit: limit ?? 1000,
      });
  }

  return {
    list: (filter) => database.read(() => find(filter).map(toQuarantined)),
    count: () => database.read(() => countOpen.all()),
    release: (filter, at) =>
      database.write(() => {
        const rows = find({ ...filter, all: false });
        for (const row of rows) {
          markReleased.run(at, row.message_id);
          reread.run(row.message_id);
        }
        return rows.map((row) => row.message_id);
      }),
  };
}

function toQuarantined(row: Row): QuarantinedMessage {
  return {
    messageId: row.message_id,
    connection: row.connection,
    problem: {
      code: row.code,
      reason: row.reason,
      ...(row.path === null ? {} : { path: row.path }),
      ...(row.hint === null ? {} : { hint: row.hint }),
    },
    createdAt: row.created_at,
    state: row.released_at === null ? "open" : "released",
  };
}
