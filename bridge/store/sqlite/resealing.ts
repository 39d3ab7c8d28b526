/**
 * Lazy re-encryption: what another key sealed, or none, is sealed with the current one, some rows
 * at a time. How far it is stands in the store, so that a restart goes on from there.
 */
import { sealedBy } from "../vault.ts";
import type { Database } from "./database.ts";
import { forgetOtherKeys } from "./keys.ts";
import { getProperty, setProperty } from "./property_rows.ts";

type Row = Record<string, unknown>;

/** A table with sealed columns; the unit that owns it says which. */
export interface SealedTable {
  table: string;
  /** Columns of the primary key. */
  key: readonly string[];
  columns: readonly string[];
  /** Where a value belongs; see `Vault.seal`. */
  place(row: Row, column: string): string;
}

interface Progress {
  key: string;
  table: number;
  after: unknown[];
}

const PROGRESS = "resealing";
/** Messages may be large: what is sealed at once stays below this and one message. */
const MAX_BYTES = 8_000_000;

/** Gives what seals so many rows at most and says how many it looked at; 0 when none is left. */
export function resealer(database: Database, tables: readonly SealedTable[]) {
  const { sql, vault } = database;
  return (limit: number): number => {
    const progress = progressOf(database);
    const table = tables[progress.table];
    if (table === undefined) return 0;
    // What is written over must not stay legible in the file's free space.
    sql.pragma("secure_delete = 1");
    const { last, looked, isEnd } = sealNext(database, table, progress.after, limit);
    const next: Progress = isEnd
      ? { key: progress.key, table: progress.table + 1, after: [] }
      : { ...progress, after: table.key.map((it) => last?.[it]) };
    setProperty(sql, PROGRESS, JSON.stringify(next));
    if (next.table < tables.length) return Math.max(looked, 1);
    forgetOtherKeys(sql, vault);
    sql.pragma("secure_delete = 0");
    return looked;
  };
}

function progressOf({ sql, vault }: Database): Progress {
  const text = getProperty(sql, PROGRESS);
  const known = text === null ? undefined : (JSON.parse(text) as Progress);
  return known?.key === vault.current ? known : { key: vault.current, table: 0, after: [] };
}

/** Seals the rows after that key: so many, or as many as are small enough together. */
function sealNext(
  database: Database,
  table: SealedTable,
  after: readonly unknown[],
  limit: number,
): { last: Row | undefined; looked: number; isEnd: boolean } {
  const names = table.key.join(", ");
  const beyond =
    after.length === 0 ? "" : `WHERE (${names}) > (${after.map(() => "?").join(", ")})`;
  const rows: Row[] = [];
  let bytes = 0;
  const found = database.sql
    .prepare<unknown[], Row>(
      `SELECT * FROM ${table.table} ${beyond} ORDER BY ${names} LIMIT ${limit}`,
    )
    .iterate(...after);
  for (const row of found) {
    rows.push(row);
    for (const column of table.columns) bytes += sizeOf(row[column]);
    if (bytes > MAX_BYTES) break;
  }
  for (const row of rows) sealRow(database, table, row);
  const isEnd = rows.length < limit && bytes <= MAX_BYTES;
  return { last: rows.at(-1), looked: rows.length, isEnd };
}

function sizeOf(value: unknown): number {
  return typeof value === "string" || Buffer.isBuffer(value) ? value.length : 0;
}

function sealRow({ sql, vault }: Database, { table, key, columns, place }: SealedTable, row: Row) {
  for (const column of columns) {
    const value = row[column];
    const isText = typeof value === "string";
    if (!isText && !Buffer.isBuffer(value)) continue;
    if (sealedBy(value) === vault.current) continue;
    const at = place(row, column);
    const sealed = isText
      ? vault.sealText(at, vault.openText(at, value))
      : vault.seal(at, vault.open(at, value));
    const where = key.map((it) => `${it} = ?`).join(" AND ");
    sql
      .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`)
      .run(sealed, ...key.map((it) => row[it]));
  }
}
