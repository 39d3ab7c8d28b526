/** Finding dead letters by what a filter says. */
import type SqliteDatabase from "better-sqlite3";
import type { DeadLetter, DeadLetterFilter, Stage } from "../../dead_letters.ts";
import type { Vault } from "../../vault.ts";
import { placeOfReason } from "./insert.ts";

export interface DeadLetterRow {
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

/** Newest first; a thousand unless the filter says how many. */
export function findDeadLetters(
  sql: SqliteDatabase.Database,
  filter: DeadLetterFilter,
): DeadLetterRow[] {
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
    .prepare<unknown[], DeadLetterRow>(
      `SELECT * FROM dead_letter ${condition} ORDER BY id DESC LIMIT ?`,
    )
    .all(...values, filter.limit ?? 1000);
}

export function toDeadLetter(row: DeadLetterRow, vault: Vault): DeadLetter {
  const place = placeOfReason(row.connection, row.created_at);
  return {
    id: row.id,
    connection: row.connection,
    stage: row.stage,
    messageId: row.message_id,
    factKey: row.fact_key,
    orderId: row.order_id,
    problem: {
      code: row.code,
      reason: vault.shownText(place, row.reason),
      ...(row.path === null ? {} : { path: row.path }),
      ...(row.hint === null ? {} : { hint: row.hint }),
    },
    attempts: row.attempts,
    createdAt: row.created_at,
    state: row.replayed_at === null ? "open" : "replayed",
  };
}
