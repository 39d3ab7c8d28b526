/** Writing a dead letter. */
import type SqliteDatabase from "better-sqlite3";
import type { DeadLetter } from "../../dead_letters.ts";

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
