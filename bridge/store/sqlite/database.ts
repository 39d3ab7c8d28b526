/**
 * The SQLite file: opening it, and commits that are shared.
 *
 * WAL and synchronous=FULL: a commit has reached the disk. One commit per message gave 335/s on a
 * loaded disk; units of work that come in together share one commit (46–82 k/s).
 */
import SqliteDatabase from "better-sqlite3";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { MilepostError } from "../../errors.ts";
import { vaultOf } from "../key_file.ts";
import type { StoreKey, Vault } from "../vault.ts";
import { checkKeys } from "./keys.ts";
import { copyBefore } from "./copy_before.ts";
import { migrate, schemaVersion } from "./migrate.ts";

export interface CommitObserver {
  committed(units: number, seconds: number): void;
  /** A unit of work was not committed. */
  failed?(error: unknown): void;
}

interface Unit {
  work: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** At most this many units share a commit, so that none waits long for the others. */
const MAX_GROUP = 512;
/** SQLite's `auto_vacuum` that lets the bridge say when. */
const INCREMENTAL = 2;
const LARGEST_REMADE = 1_000_000_000;
/** How long SQLite itself may wait for a lock once the store is open, on the event loop. */
const LOCK_WAIT_MS = 2;
const LOCK_RETRY_MS = 25;
/** After so long a foreign lock is said as a fault. */
const LOCK_PATIENCE_MS = 5000;

/** The store's file in its directory. */
export const FILE_NAME = "milepost.sqlite";

export class Database {
  readonly sql: SqliteDatabase.Database;
  readonly vault: Vault;
  /** Lanes that facts are dealt to; the queue sets it when it starts. */
  lanes = 1;
  readonly #observer: CommitObserver | undefined;
  readonly #onClosed: (() => void) | undefined;
  #pending: Unit[] = [];
  #scheduled = false;
  /** Since when another process holds the write lock. */
  #busySince: number | undefined;
  #closed = false;

  constructor(
    sql: SqliteDatabase.Database,
    vault: Vault,
    observer?: CommitObserver,
    onClosed?: () => void,
  ) {
    this.sql = sql;
    this.vault = vault;
    this.#observer = observer;
    this.#onClosed = onClosed;
  }

  /** Runs the work inside a transaction that others share; resolves after the durable commit. */
  write<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(storeClosed());
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve, reject });
      if (!this.#scheduled) this.#schedule();
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

  /** Gives free pages back to the disk, but for a tenth of the file: new messages need some soon. */
  shrink(pages: number): number {
    const count = (name: string) => Number(this.sql.pragma(name, { simple: true }));
    const before = count("freelist_count");
    const spare = before - Math.floor(count("page_count") / 10);
    if (spare <= 0) return 0;
    this.sql.pragma(`incremental_vacuum(${Math.min(spare, pages)})`);
    return before - count("freelist_count");
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#scheduled) await new Promise((done) => setTimeout(done, 1));
    this.#closed = true;
    this.sql.close();
    this.#onClosed?.();
  }

  #flush(): void {
    const units = this.#pending.splice(0, MAX_GROUP);
    if (units.length === 0) return this.#schedule();
    try {
      const results = this.#commit(units);
      for (const [index, unit] of units.entries()) unit.resolve(results[index] as never);
    } catch (error) {
      if (isBusy(error)) return this.#waitForLock(units, error);
      if (units.length > 1) return this.#oneByOne(units);
      units[0]?.reject(this.#failed(error));
    }
    this.#schedule();
  }

  /** After the I/O callbacks of this turn: what they bring in joins the same commit. */
  #schedule(): void {
    this.#scheduled = this.#pending.length > 0;
    if (this.#scheduled) setImmediate(() => this.#flush());
  }

  /**
   * Another process writes (a backup, a tool): the units stay in front and are tried again by a
   * timer, because waiting in SQLite would hold up the event loop, health checks and all.
   */
  #waitForLock(units: readonly Unit[], error: unknown): void {
    this.#busySince ??= performance.now();
    if (performance.now() - this.#busySince > LOCK_PATIENCE_MS) {
      this.#busySince = undefined;
      const reason = this.#failed(error);
      for (const unit of units) unit.reject(reason);
    } else this.#pending.unshift(...units);
    this.#scheduled = true;
    setTimeout(() => this.#flush(), LOCK_RETRY_MS);
  }

  #failed(error: unknown): unknown {
    const known = storeError(error);
    this.#observer?.failed?.(known);
    return known;
  }

  #commit(units: readonly Unit[]): unknown[] {
    const start = performance.now();
    this.sql.exec("BEGIN IMMEDIATE");
    try {
      const results = units.map((unit) => unit.work());
      this.sql.exec("COMMIT");
      this.#busySince = undefined;
      this.#observer?.committed(units.length, (performance.now() - start) / 1000);
      return results;
    } catch (error) {
      if (this.sql.inTransaction) this.sql.exec("ROLLBACK");
      throw error;
    }
  }

  /** One of the group failed: each gets a transaction of its own, so that only that one fails. */
  #oneByOne(units: readonly Unit[]): void {
    for (const [index, unit] of units.entries()) {
      try {
        const [result] = this.#commit([unit]);
        unit.resolve(result as never);
      } catch (error) {
        if (isBusy(error)) return this.#waitForLock(units.slice(index), error);
        unit.reject(this.#failed(error));
      }
    }
    this.#schedule();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

export interface OpenOptions {
  /** `bridge`: brings the schema up to date; `tool`: refuses a store of another version, writes. */
  as: "bridge" | "tool";
  /** Keys of the configuration; see `vaultOf`. */
  keys?: readonly StoreKey[];
  observer?: CommitObserver;
}

/** Opens (the bridge: creates) `milepost.sqlite` in the directory. */
export function openDatabase(directory: string, options: OpenOptions): Database {
  const file = join(directory, FILE_NAME);
  let sql: SqliteDatabase.Database;
  try {
    sql = new SqliteDatabase(file, {
      fileMustExist: options.as === "tool",
      timeout: LOCK_PATIENCE_MS,
    });
  } catch (error) {
    throw storeUnavailable(file, error);
  }
  try {
    if (options.as === "bridge") allowShrinking(sql);
    sql.pragma("journal_mode = WAL");
    sql.pragma("synchronous = FULL");
    sql.pragma("foreign_keys = ON");
    sql.pragma("journal_size_limit = 67108864");
    if (options.as === "bridge") migrate(sql, (version) => copyBefore(sql, directory, version));
    else schemaVersion(sql);
    sql.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
    const vault = vaultOf(directory, options.keys ?? [], options.as === "bridge");
    if (options.as === "bridge") checkKeys(sql, vault);
    return new Database(sql, vault, options.observer);
  } catch (error) {
    sql.close();
    throw storeError(error);
  }
}

/**
 * The file shrinks only when it was made so. One of an older release is made anew, unless it is so
 * large that the start would take minutes; docs/operations.md says how.
 */
function allowShrinking(sql: SqliteDatabase.Database): void {
  if (sql.pragma("auto_vacuum", { simple: true }) === INCREMENTAL) return;
  const size = (name: string) => Number(sql.pragma(name, { simple: true }));
  if (size("page_count") * size("page_size") > LARGEST_REMADE) return;
  sql.pragma(`auto_vacuum = ${INCREMENTAL}`);
  if (size("page_count") > 0) sql.exec("VACUUM");
}

/** The file cannot be opened at all. */
export function storeUnavailable(file: string, error: unknown): unknown {
  if (error instanceof MilepostError) return error;
  const isMissing = isSurelyMissing(file);
  const why = isMissing ? "there is none yet" : (error as Error).message;
  return new MilepostError(`The store ${file} cannot be opened: ${why}`, {
    code: "store_unavailable",
    retry: "pause",
    culprit: file,
    hint: isMissing
      ? "start the bridge once: it makes the store; else check data_dir in the configuration"
      : "check data_dir in the configuration and the rights on it",
    cause: error,
  });
}

/** Not what lies in a directory that this user may not enter; that may be there. */
function isSurelyMissing(file: string): boolean {
  try {
    lstatSync(file);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function storeClosed(): MilepostError {
  return new MilepostError("The store is closed", { code: "store_closed", retry: "later" });
}

/** Faults of the medium and foreign locks pass; everything else is a fault of the program. */
function storeError(error: unknown): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error;
  const known = FAULTS.find(({ codes }) => codes.test(error.code));
  return new MilepostError(known?.text ?? `The store refused: ${error.message}`, {
    code: known?.code ?? "store_failed",
    retry: "later",
    culprit: error.code,
    cause: error,
    ...(known === undefined ? {} : { hint: known.hint }),
  });
}

const FAULTS = [
  {
    codes: /^SQLITE_(FULL|IOERR)/,
    code: "store_full",
    text: "The store's disk is full or failing",
    hint: "free space in data_dir; nothing is acknowledged until then",
  },
  {
    codes: /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/,
    code: "store_unavailable",
    text: "The store cannot be written",
    hint: "check the rights on data_dir and whether its file system is mounted read-only",
  },
  {
    codes: /^SQLITE_BUSY/,
    code: "store_busy",
    text: "Another process holds the store's write lock",
    hint: "end the process that has milepost.sqlite in data_dir open for writing",
  },
] as const;
