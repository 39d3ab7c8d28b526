/** Replies that reading called for, and those that are sent again. */
import type SqliteDatabase from "better-sqlite3";
import type { Reply } from "../../../canonical/reading.ts";
import type { Database } from "../database.ts";

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

/** Gives what sends a message's replies again that were given up, inside the caller's unit of work. */
export function replyResender({ sql }: Database): (messageId: string) => void {
  const resend = sql.prepare(`
    UPDATE reply SET state = 'waiting', attempts = 0, due_at = 0, settled_at = NULL
    WHERE message_id = ? AND state = 'dead'`);
  return (messageId) => void resend.run(messageId);
}
