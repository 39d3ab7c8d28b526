/** Replies between the reading that called for them and the partner's folder or server. */
import type SqliteDatabase from "better-sqlite3";
import type { Reply } from "../../sources/source.ts";
import type { Replies, ReplyCount, ReplyRow } from "../store.ts";
import type { Database } from "./database.ts";
import { insertDeadLetter } from "./dead_letters.ts";

interface Row {
  id: number;
  connection: string;
  message_id: string;
  name: string;
  content_type: string;
  body: Buffer;
  attempts: number;
}

/**
 * Keeps a reading's replies, inside the caller's unit of work. A message that is read again calls
 * for the same replies: only one that says something else now is sent (again).
 */
export function insertReplies(
  sql: SqliteDatabase.Database,
  messageId: string,
  replies: readonly Reply[],
  at: number,
): void {
  if (replies.length === 0) return;
  const upsert = sql.prepare(`
    INSERT INTO reply (connection, message_id, name, content_type, body, state, created_at)
    SELECT connection, id, ?, ?, ?, 'waiting', ? FROM message WHERE id = ?
    ON CONFLICT (message_id, name) DO UPDATE SET
      body = excluded.body, content_type = excluded.content_type, state = 'waiting',
      attempts = 0, due_at = 0, settled_at = NULL
    WHERE body <> excluded.body`);
  for (const { name, contentType, body } of replies) {
    upsert.run(name, contentType, body, at, messageId);
  }
}

export function sqliteReplies(database: Database): Replies {
  const { sql } = database;
  const selectDue = sql.prepare<[string, number, number], Row>(`
    SELECT id, connection, message_id, name, content_type, body, attempts FROM reply
    WHERE connection = ? AND state = 'waiting' AND due_at <= ? ORDER BY id LIMIT ?`);
  const select = sql.prepare<[number], Row>("SELECT * FROM reply WHERE id = ?");
  const settle = sql.prepare(
    "UPDATE reply SET state = ?, attempts = attempts + 1, settled_at = ? WHERE id = ?",
  );
  const postpone = sql.prepare(
    "UPDATE reply SET attempts = attempts + ?, due_at = ? WHERE id = ? AND state = 'waiting'",
  );
  const count = sql.prepare<[], ReplyCount>(`
    SELECT connection, state, count(*) AS count, min(created_at) AS oldest FROM reply
    WHERE state IN ('waiting', 'dead') GROUP BY connection, state ORDER BY connection, state`);

  return {
    due: (connection, now, limit) =>
      database.read(() => selectDue.all(connection, now, limit).map(toReply)),
    recordSent: (id, at) => database.write(() => void settle.run("sent", at, id)),
    recordDelay: (id, dueAt, counts) =>
      database.write(() => void postpone.run(counts ? 1 : 0, dueAt, id)),
    recordDead: (id, problem, at) =>
      database.write(() => {
        const row = select.get(id);
        if (row === undefined) return;
        settle.run("dead", at, id);
        insertDeadLetter(sql, {
          connection: row.connection,
          stage: "outbound",
          messageId: row.message_id,
          factKey: null,
          orderId: null,
          problem,
          attempts: row.attempts + 1,
          createdAt: at,
        });
      }),
    count: () => database.read(() => count.all()),
  };
}

function toReply(row: Row): ReplyRow {
  return {
    id: row.id,
    connection: row.connection,
    messageId: row.message_id,
    name: row.name,
    contentType: row.content_type,
    body: row.body,
    attempts: row.attempts,
  };
}
