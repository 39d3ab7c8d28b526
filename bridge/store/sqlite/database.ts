/**
 * The SQLite file: opening it, and commits that are shared.
 *
 * WAL and synchronous=FULL: a commit has reached the disk. One commit per message gave 335/s on a
 * loaded disk; units of work that come in together share one commit (46–82 k/s).
 */
import SqliteDatabase from "better-sqlite3";
import { join } from "node:path";
import { MilepostError } from "../../errors.ts";
import { migrate, schemaVersion } from "./migrate.ts";

export interface CommitObserver {
  committed(units: number, seconds: number): void;
}

interface Unit {
  work: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** At most this many units share a commit, so that none waits long for the others. */
const MAX_GROUP = 512;

export class Database {
  readonly sql: SqliteDatabase.Database;
  /** Lanes that facts are dealt to; the queue sets it when it starts. */
  lanes = 1;
  readonly #observer: CommitObserver | undefined;
  #pending: Unit[] = [];
  #scheduled = false;
  #closed = false;

  constructor(sql: SqliteDatabase.Database, observer?: CommitObserver) {
    this.sql = sql;
    this.#observer = observer;
  }

  /** Runs the work inside a transaction that others share; resolves after the durable commit. */
  write<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(storeClosed());
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      // After the I/O callbacks of this turn: what they bring in joins the same commit.
      setImmediate(() => this.#flush());
    });
  }

  /** Reads what is committed. */
  read<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(storeClosed());
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(storeError(error));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#pending.length > 0) await new Promise((done) => setImmediate(done));
    this.#closed = true;
    this.sql.close();
  }

  #flush(): void {
    const units = this.#pending.splice(0, MAX_GROUP);
    this.#scheduled = this.#pending.length > 0;
    if (this.#scheduled) setImmediate(() => this.#flush());
    if (units.length === 0) return;
    try {
      const results = this.#commit(units);
      for (const [index, unit] of units.entries()) unit.resolve(results[index] as never);
    } catch (error) {
      if (units.length === 1) units[0]?.reject(storeError(error));
      else this.#oneByOne(units);
    }
  }

  #commit(units: readonly Unit[]): unknown[] {
    const start = performance.now();
    this.sql.exec("BEGIN IMMEDIATE");
    try {
      const results = units.map((unit) => unit.work());
      this.sql.exec("COMMIT");
      this.#observer?.committed(units.length, (performance.now() - start) / 1000);
      return results;
    } catch (error) {
      if (this.sql.inTransaction) this.sql.exec("ROLLBACK");
      throw error;
    }
  }

  /** One of the group failed: each gets a transaction of its own, so that only that one fails. */
  #oneByOne(units: readonly Unit[]): void {
    for (const unit of units) {
      try {
        const [result] = this.#commit([unit]);
        unit.resolve(result as never);
      } catch (error) {
        unit.reject(storeError(error));
      }
    }
  }
}

export interface OpenOptions {
  /** `bridge`: brings the schema up to date; `tool`: refuses a store of another version. */
  as: "bridge" | "tool";
  observer?: CommitObserver;
}

/** Opens (the bridge: creates) `milepost.sqlite` in the directory. */
export function openDatabase(directory: string, options: OpenOptions): Database {
  const file = join(directory, "milepost.sqlite");
  let sql: SqliteDatabase.Database;
  try {
    sql = new SqliteDatabase(file, { fileMustExist: options.as === "tool", timeout: 5000 });
  } catch (error) {
    throw new MilepostError(`The store ${file} cannot be opened: ${(error as Error).message}`, {
      code: "store_unavailable",
      retry: "pause",
      culprit: file,
      hint: "check data_dir in the configuration and the rights on it",
      cause: error,
    });
  }
  try {
    sql.pragma("journal_mode = WAL");
    sql.pragma("synchronous = FULL");
    sql.pragma("foreign_keys = ON");
    sql.pragma("journal_size_limit = 67108864");
    if (options.as === "bridge") migrate(sql);
    else schemaVersion(sql);
    return new Database(sql, options.observer);
  } catch (error) {
    sql.close();
    throw storeError(error);
  }
}

function storeClosed(): MilepostError {
  return new MilepostError("The store is closed", { code: "store_closed", retry: "later" });
}

/** Disk full and locks pass; everything else is a fault of the store or of the program. */
function storeError(error: unknown): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error;
  const full = error.code === "SQLITE_FULL" || error.code.startsWith("SQLITE_IOERR");
  return new MilepostError(
    full ? "The store's disk is full or failing" : `The store refused: ${error.message}`,
    {
      code: full ? "store_full" : "store_failed",
      retry: "later",
      culprit: error.code,
      cause: error,
      ...(full ? { hint: "free space in data_dir; nothing is acknowledged until then" } : {}),
    },
  );
}
