/** The store for those who only look: it works on a full disk and a read-only file system, too. */
import SqliteDatabase from "better-sqlite3";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vaultOf } from "../key_file.ts";
import type { StoreKey, Vault } from "../vault.ts";
import { Database, FILE_NAME, storeUnavailable } from "./database.ts";
import { schemaVersion } from "./migrate.ts";

/**
 * Opens the directory's store to read it. Throws `store_unavailable` when there is none or it may
 * not be read, `store_version` when it is of another version.
 */
export function openToRead(directory: string, keys: readonly StoreKey[] = []): Database {
  const file = join(directory, FILE_NAME);
  const vault = vaultOf(directory, keys, false);
  try {
    return opened(file, vault);
  } catch (error) {
    if (!isUnwritable(error) || !existsSync(file)) throw storeUnavailable(file, error);
  }
  return openCopy(file, vault);
}

function opened(file: string, vault: Vault, onClosed?: () => void): Database {
  const sql = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    schemaVersion(sql);
    return new Database(sql, vault, undefined, onClosed);
  } catch (error) {
    sql.close();
    throw error;
  }
}

/**
 * SQLite reads a file in WAL mode only with a shared-memory file beside it. Where that can neither
 * be found nor made, nobody writes either, and a copy says the same.
 */
function openCopy(file: string, vault: Vault): Database {
  const directory = mkdtempSync(join(tmpdir(), "milepost-read-"));
  const forget = () => rmSync(directory, { recursive: true, force: true });
  try {
    for (const ending of ["", "-wal"]) {
      if (existsSync(file + ending))
        copyFileSync(file + ending, join(directory, FILE_NAME + ending));
    }
    return opened(join(directory, FILE_NAME), vault, forget);
  } catch (error) {
    forget();
    throw storeUnavailable(file, error);
  }
}

function isUnwritable(error: unknown): boolean {
  return (
    error instanceof SqliteDatabase.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code)
  );
}
