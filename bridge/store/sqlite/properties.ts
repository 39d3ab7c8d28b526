/** Single values that belong to the store as a whole. */
import type { Properties } from "../store.ts";
import type { Database } from "./database.ts";

/** Sets a value, inside the caller's unit of work. */
export function setProperty({ sql }: Database, name: string, value: string): void {
  sql
    .prepare(
      `INSERT INTO property (name, value) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
    .run(name, value);
}

export function sqliteProperties(database: Database): Properties {
  const select = database.sql
    .prepare<[string], string>("SELECT value FROM property WHERE name = ?")
    .pluck();
  return {
    get: (name) => database.read(() => select.get(name) ?? null),
    set: (name, value) => database.write(() => setProperty(database, name, value)),
  };
}
