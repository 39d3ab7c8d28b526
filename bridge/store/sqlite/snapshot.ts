/** Copies of the store: made while the bridge writes, looked at wherever they lie. */
import SqliteDatabase from "better-sqlite3";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { MilepostError } from "../../errors.ts";
import type { CopyFacts } from "../copy_facts.ts";
import { FILE_NAME, storeUnavailable } from "./database.ts";
import { getProperty } from "./property_rows.ts";

/** All pages in one step: in WAL mode it holds up no writer, and no write starts it over. */
const ALL_PAGES = 0x7fff_ffff;

/**
 * Copies the directory's store as it is now into a file of its own; a running bridge goes on.
 * Throws `store_unavailable` when there is none.
 */
export async function copyStore(directory: string, target: string): Promise<void> {
  const file = join(directory, FILE_NAME);
  let source: SqliteDatabase.Database;
  try {
    source = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw storeUnavailable(file, error);
  }
  try {
    await source.backup(target, { progress: () => ALL_PAGES });
  } finally {
    source.close();
  }
  chmodSync(target, 0o600);
}

/**
 * Reads a copy through and says what is in it. Throws `backup_damaged` when it is not whole. The
 * copy becomes one file without a log beside it.
 */
export function inspectCopy(file: string): CopyFacts {
  let sql: SqliteDatabase.Database | undefined;
  try {
    sql = new SqliteDatabase(file, { fileMustExist: true });
    sql.pragma("journal_mode = DELETE");
    const verdict = sql.pragma("integrity_check", { simple: true });
    const orphans = sql.pragma("foreign_key_check") as unknown[];
    if (verdict !== "ok") throw damaged(file, String(verdict));
    if (orphans.length > 0)
      throw damaged(file, `${orphans.length} rows without what they belong to`);
    return factsOf(sql);
  } catch (error) {
    throw error instanceof SqliteDatabase.SqliteError ? damaged(file, error.message) : error;
  } finally {
    sql?.close();
  }
}

function factsOf(sql: SqliteDatabase.Database): CopyFacts {
  const counts: Record<string, number> = {};
  for (const name of tablesOf(sql)) {
    counts[name] = sql.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0;
  }
  const latest = sql
    .prepare<[], { connection: string; channel: string; at: number }>(
      "SELECT connection, channel, max(received_at) AS at FROM message GROUP BY connection, channel",
    )
    .all();
  const polls = sql
    .prepare<[], { connection: string; at: number }>("SELECT connection, at FROM poll_cursor")
    .all();
  return {
    schema: Number(sql.pragma("user_version", { simple: true })),
    environment: getProperty(sql, "environment"),
    counts,
    latest,
    polls,
  };
}

/** The store's own tables. */
export function tablesOf(sql: SqliteDatabase.Database): string[] {
  return sql
    .prepare<[], string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();
}

/** Whether a directory holds a store. */
export function hasStore(directory: string): boolean {
  return existsSync(join(directory, FILE_NAME));
}

function damaged(file: string, what: string): MilepostError {
  return new MilepostError(`The copy ${file} is damaged: ${what}`, {
    code: "backup_damaged",
    retry: "never",
    culprit: file,
    hint: "take an older one; milepost restore FILE --check looks at each",
  });
}
