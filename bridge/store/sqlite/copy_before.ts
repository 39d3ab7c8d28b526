/** The store as it was before its schema changed, for the way back. */
import type SqliteDatabase from "better-sqlite3";
import { chmodSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Copies that were made before a migration bear the schema that they have. */
const BEFORE = /^before-schema-\d{4}\.sqlite$/;

/**
 * Keeps the store as it is before its schema changes, so that the release before can have it back;
 * copies of older migrations go. Throws what SQLite throws when there is no room for it: then
 * nothing is changed.
 */
export function copyBefore(sql: SqliteDatabase.Database, directory: string, version: number): void {
  const name = `before-schema-${String(version).padStart(4, "0")}.sqlite`;
  const file = join(directory, name);
  // One from a start that was cut off may be half.
  rmSync(file, { force: true });
  sql.prepare("VACUUM INTO ?").run(file);
  chmodSync(file, 0o600);
  for (const other of readdirSync(directory)) {
    if (BEFORE.test(other) && other !== name) rmSync(join(directory, other));
  }
}
