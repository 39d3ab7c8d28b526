/** Putting a message aside, and ending that. */
import type SqliteDatabase from "better-sqlite3";
import type { Problem } from "../../../errors.ts";
import type { Database } from "../database.ts";
import type { SealedTable } from "../resealing.ts";

export function placeOfReason(messageId: unknown): string {
  return `quarantine.reason/${String(messageId)}`;
}

export const sealedQuarantine: SealedTable = {
  table: "quarantine",
  key: ["message_id"],
  columns: ["reason"],
  place: (row) => placeOfReason(row["message_id"]),
};

/** Puts a message aside, inside the caller's unit of work. */
export function insertQuarantine(
  { sql, vault }: Database,
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
    .run(
      code,
      vault.sealText(placeOfReason(messageId), reason),
      path ?? null,
      hint ?? null,
      at,
      messageId,
    );
}

/** The message is not aside any more, inside the caller's unit of work. */
export function endQuarantine(sql: SqliteDatabase.Database, messageId: string, at: number): void {
  sql
    .prepare("UPDATE quarantine SET released_at = ? WHERE message_id = ? AND released_at IS NULL")
    .run(at, messageId);
}
