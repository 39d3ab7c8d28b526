/** Single values that belong to the store as a whole. */
import type { Properties } from "../store.ts";
import type { Database } from "./database.ts";
import { getProperty, setProperty } from "./property_rows.ts";

export function sqliteProperties(database: Database): Properties {
  const { sql } = database;
  return {
    get: (name) => database.read(() => getProperty(sql, name)),
    set: (name, value) => database.write(() => setProperty(sql, name, value)),
    change: (name, make) =>
      database.write(() => setProperty(sql, name, make(getProperty(sql, name)))),
  };
}
