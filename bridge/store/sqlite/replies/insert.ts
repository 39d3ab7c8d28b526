/** Replies that reading called for, and those that are sent again. */
import type { Reply } from "../../../canonical/reading.ts";
import type { Database } from "../database.ts";
import type { SealedTable } from "../resealing.ts";

export function placeOfReply(messageId: unknown, name: unknown): string {
  return `reply.body/${String(messageId)}/${String(name)}`;
}

export const sealedReplies: SealedTable = {
  table: "reply",
  key: ["id"],
  columns: ["body"],
  place: (row) => placeOfReply(row["message_id"], row["name"]),
};

/**
 * Keeps a reading's replies, inside the caller's unit of work. A message that is read again calls
 * for the same replies: only one that says something else now is sent (again).
 */
export function insertReplies(
  { sql, vault }: Database,
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
      attempts = 0, due_at = 0, settled_at = NULL`);
  const select = sql
    .prepare<[string, string], Buffer>("SELECT body FROM reply WHERE message_id = ? AND name = ?")
    .pluck();
  for (const { name, contentType, body } of replies) {
    const place = placeOfReply(messageId, name);
    const before = select.get(messageId, name);
    if (before !== undefined && vault.open(place, before).equals(body)) continue;
    upsert.run(name, contentType, vault.seal(place, body), at, messageId);
  }
}

/** Gives what sends a message's replies again that were given up, inside the caller's unit of work. */
export function replyResender({ sql }: Database): (messageId: string) => void {
  const resend = sql.prepare(`
    UPDATE reply SET state = 'waiting', attempts = 0, due_at = 0, settled_at = NULL
    WHERE message_id = ? AND state = 'dead'`);
  return (messageId) => void resend.run(messageId);
}
