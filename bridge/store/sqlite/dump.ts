/**
 * The whole store as lines of JSON, and back: for another machine or engine. What is sealed stays
 * sealed, so the keys must go with it by another way.
 */
import SqliteDatabase from "better-sqlite3";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { MilepostError } from "../../errors.ts";
import { FILE_NAME, storeUnavailable } from "./database.ts";
import { migrate, schemaVersion } from "./migrate.ts";
import { tablesOf } from "./snapshot.ts";

const FORMAT = "milepost-export";
/** Rows that are inserted in one transaction. */
const GROUP = 1000;

type Row = Record<string, unknown>;

interface Head {
  format: typeof FORMAT;
  schema: number;
  /** Rows by table. */
  counts: Record<string, number>;
}

/** The lines of the directory's store as it is at the first one; a running bridge goes on. */
export function* dumpStore(directory: string): Generator<string> {
  const file = join(directory, FILE_NAME);
  let sql: SqliteDatabase.Database;
  try {
    sql = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw storeUnavailable(file, error);
  }
  try {
    const schema = schemaVersion(sql);
    sql.exec("BEGIN");
    const tables = tablesOf(sql);
    const count = (name: string) =>
      sql.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0;
    const counts = Object.fromEntries(tables.map((name) => [name, count(name)]));
    yield JSON.stringify({ format: FORMAT, schema, counts } satisfies Head);
    for (const table of inOrder(tables)) {
      for (const row of sql.prepare<[], Row>(`SELECT * FROM "${table}"`).iterate()) {
        yield JSON.stringify({ table, row }, bytesAsText);
      }
    }
  } finally {
    sql.close();
  }
}

/** Rows refer to messages: those come first. */
function inOrder(tables: readonly string[]): string[] {
  return ["message", ...tables.filter((it) => it !== "message")];
}

/**
 * Fills a store that does not exist yet; gives the rows by table. Throws `export_unreadable` when a
 * line is no row or rows are missing; then there is no store.
 */
export async function loadStore(
  directory: string,
  lines: AsyncIterable<string>,
): Promise<Record<string, number>> {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const sql = new SqliteDatabase(join(directory, FILE_NAME));
  try {
    migrate(sql);
    const head = await load(sql, lines);
    sql.pragma("journal_mode = WAL");
    return head.counts;
  } finally {
    sql.close();
  }
}

async function load(sql: SqliteDatabase.Database, lines: AsyncIterable<string>): Promise<Head> {
  let head: Head | undefined;
  const loaded: Record<string, number> = {};
  sql.exec("BEGIN EXCLUSIVE");
  let inGroup = 0;
  for await (const line of lines) {
    if (head === undefined) {
      head = headOf(line, schemaVersion(sql));
      continue;
    }
    const { table, row } = parsed(line) as { table: string; row: Row };
    if (head.counts[table] === undefined) throw unreadable(`it has rows of "${table}"`);
    insert(sql, table, row);
    loaded[table] = (loaded[table] ?? 0) + 1;
    if (++inGroup % GROUP === 0) sql.exec("COMMIT; BEGIN EXCLUSIVE");
  }
  sql.exec("COMMIT");
  if (head === undefined) throw unreadable("it is empty");
  for (const [table, count] of Object.entries(head.counts)) {
    const has = loaded[table] ?? 0;
    if (has !== count) throw unreadable(`of ${count} rows of ${table} it has ${has}`);
  }
  return head;
}

function insert(sql: SqliteDatabase.Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  const names = columns.map((it) => `"${it.replaceAll('"', "")}"`).join(", ");
  const places = columns.map(() => "?").join(", ");
  // A property that the migration itself set is the exported one's.
  sql
    .prepare(`INSERT OR REPLACE INTO "${table}" (${names}) VALUES (${places})`)
    .run(...columns.map((it) => row[it]));
}

function headOf(line: string, schema: number): Head {
  const head = parsed(line) as Partial<Head>;
  if (head.format !== FORMAT || head.counts === undefined) throw unreadable("it is no export");
  if (head.schema === schema) return head as Head;
  throw new MilepostError(`The export has schema ${head.schema}, this program ${schema}`, {
    code: "store_version",
    retry: "never",
    hint: "export and import with the same release",
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line, textAsBytes);
  } catch {
    throw unreadable("a line is no JSON");
  }
}

const BYTES = "base64:";

function bytesAsText(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Row)[key];
  return Buffer.isBuffer(original) ? { [BYTES]: original.toString("base64") } : value;
}

function textAsBytes(_key: string, value: unknown): unknown {
  const bytes = (value as Row | null)?.[BYTES];
  return typeof bytes === "string" ? Buffer.from(bytes, "base64") : value;
}

function unreadable(why: string): MilepostError {
  return new MilepostError(`The export cannot be read: ${why}`, {
    code: "export_unreadable",
    retry: "never",
    hint: "export again; a file that was cut ends in the middle of a line",
  });
}
