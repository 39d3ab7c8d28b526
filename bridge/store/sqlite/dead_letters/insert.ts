/** Writing a dead letter. */
import type { DeadLetter } from "../../dead_letters.ts";
import type { Database } from "../database.ts";
import type { SealedTable } from "../resealing.ts";

/** Its reason quotes what came. It is sealed before the row has a number. */
export function placeOfReason(connection: unknown, createdAt: unknown): string {
  return `dead_letter.reason/${String(connection)}/${String(createdAt)}`;
}

export const sealedDeadLetters: SealedTable = {
  table: "dead_letter",
  key: ["id"],
  columns: ["reason"],
  place: (row) => placeOfReason(row["connection"], row["created_at"]),
};

/** Inserts one, inside the caller's unit of work. */
export function insertDeadLetter(
  { sql, vault }: Database,
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
      vault.sealText(placeOfReason(letter.connection, letter.createdAt), problem.reason),
      problem.path ?? null,
      problem.hint ?? null,
      letter.attempts,
      letter.createdAt,
    );
}
