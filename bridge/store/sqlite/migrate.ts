/** Numbered migrations: each file in `migrations/` runs once, in order, in a transaction. */
import type SqliteDatabase from "better-sqlite3";
import { readdirSync, readFileSync } from "node:fs";
import { MilepostError } from "../../errors.ts";

const directory = new URL("./migrations/", import.meta.url);

function migrations(): Array<{ version: number; name: string }> {
  return readdirSync(directory)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), name }));
}

/**
 * Brings the schema up to date. Refuses a store that a newer bridge wrote.
 *
 * @param before called with the version that a store has, before the first change to it
 */
export function migrate(sql: SqliteDatabase.Database, before?: (version: number) => void): void {
  const known = migrations();
  const wanted = known.at(-1)?.version ?? 0;
  refuseNewer(sql, wanted);
  const has = current(sql);
  if (has > 0 && has < wanted) before?.(has);
  for (const { version, name } of known) {
    sql.exec("BEGIN EXCLUSIVE");
    try {
      // Read inside the transaction: of two starts at once only one applies it.
      if (version > current(sql)) {
        sql.exec(readFileSync(new URL(name, directory), "utf8"));
        sql.pragma(`user_version = ${version}`);
      }
      sql.exec("COMMIT");
    } catch (error) {
      if (sql.inTransaction) sql.exec("ROLLBACK");
      throw error;
    }
  }
}

/** The version of the store; throws when it is not the one that this program knows. */
export function schemaVersion(sql: SqliteDatabase.Database): number {
  const wanted = migrations().at(-1)?.version ?? 0;
  const version = current(sql);
  refuseNewer(sql, wanted);
  if (version < wanted) {
    throw new MilepostError(`The store has schema ${version}, this program needs ${wanted}`, {
      code: "store_version",
      retry: "pause",
      hint: "start the bridge once: it brings the store up to date",
    });
  }
  return version;
}

function current(sql: SqliteDatabase.Database): number {
  return Number(sql.pragma("user_version", { simple: true }));
}

function refuseNewer(sql: SqliteDatabase.Database, known: number): void {
  const version = current(sql);
  if (version <= known) return;
  throw new MilepostError(
    `The store has schema ${version}, this program knows only ${known}: a newer bridge wrote it`,
    { code: "store_version", retry: "pause", hint: "install the newer version again" },
  );
}
