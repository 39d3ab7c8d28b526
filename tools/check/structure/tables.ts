/** One owner of each table: what the rows of a table mean is decided in one folder. */
import type { Module } from "./modules.ts";

const STORE = "bridge/store/sqlite/";
const WRITE = /\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)\b/g;

/** Each table of the store that files of two units write. */
export function sharedTables(modules: readonly Module[]): string[] {
  const owners = new Map<string, Set<string>>();
  for (const { file, text } of modules) {
    if (!file.startsWith(STORE)) continue;
    for (const [, table = ""] of text.matchAll(WRITE)) {
      const unit = file.slice(STORE.length).split("/")[0] ?? "";
      owners.set(table, (owners.get(table) ?? new Set()).add(unit));
    }
  }
  return [...owners]
    .filter(([, units]) => units.size > 1)
    .map(([table, units]) => `table ${table} is written by ${[...units].join(" and ")}`);
}
