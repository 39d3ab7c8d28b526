/**
 * One bridge per data directory. The lock is the operating system's (SQLite's own file lock), so
 * that a killed process leaves none behind.
 */
import SqliteDatabase from "better-sqlite3";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { MilepostError } from "../../errors.ts";

/** Takes the lock, or throws `store_locked`. Gives the function that lets go of it. */
export function lockDirectory(directory: string): () => void {
  let lock: SqliteDatabase.Database;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    lock = new SqliteDatabase(join(directory, "lock.sqlite"), { timeout: 0 });
  } catch (error) {
    throw unusable(directory, error);
  }
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!isHeld(error)) throw unusable(directory, error);
    throw new MilepostError(`Another bridge runs on ${directory}`, {
      code: "store_locked",
      retry: "later",
      culprit: directory,
      hint: "stop it first, or give this one its own data_dir",
      cause: error,
    });
  }
  return () => {
    if (lock.open) lock.close();
  };
}

function isHeld(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function unusable(directory: string, error: unknown): MilepostError {
  return new MilepostError(`data_dir ${directory} cannot be used: ${(error as Error).message}`, {
    code: "store_unavailable",
    retry: "pause",
    culprit: directory,
    hint: "check data_dir in the configuration, the rights on it and its mount",
    cause: error,
  });
}
