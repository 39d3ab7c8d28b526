/** The table `property`, inside the caller's unit of work. */
import type SqliteDatabase from "better-sqlite3";

type Sql = SqliteDatabase.Database;

export function getProperty(sql: Sql, name: string): string | null {
  const select = sql.prepare<[string], string>("SELECT value FROM property WHERE name = ?").pluck();
  return select.get(name) ?? null;
}

export function setProperty(sql: Sql, name: string, value: string): void {
  sql
    .prepare(
      `INSERT INTO property (name, value) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
    .run(name, value);
}

export function deleteProperty(sql: Sql, name: string): void {
  sql.prepare("DELETE FROM property WHERE name = ?").run(name);
}

/** The ends of the names that begin so. */
export function propertyNames(sql: Sql, prefix: string): string[] {
  return sql
    .prepare<[number, string], string>("SELECT name FROM property WHERE substr(name, 1, ?) = ?")
    .pluck()
    .all(prefix.length, prefix)
    .map((name) => name.slice(prefix.length));
}
