/** What is in a database: every table with its rows, every column with its values. */
import type { PlainDatabase } from "../../../tools/odoo/odoo.ts";

/** By `table` the count of its rows, by `table.column` a sum over its values. */
export type Content = Map<string, string>;

/** Odoo's own registry of models, views and files and its signals, which every upgrade writes. */
const REGISTRY = [
  "ir_asset",
  "ir_attachment",
  "ir_cron",
  "ir_cron_trigger",
  "ir_model",
  "ir_model_access",
  "ir_model_constraint",
  "ir_model_data",
  "ir_model_fields",
  "ir_model_fields_selection",
  "ir_model_inherit",
  "ir_model_relation",
  "ir_module_module",
  "ir_module_module_dependency",
  "ir_module_module_exclusion",
  "ir_ui_view",
  "orm_signaling_registry",
];

/** Who wrote a row last says nothing of what is in it. */
const STAMPS = ["write_date", "write_uid"];

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(", ");

/** A sum over the values does not depend on their order; an amount counts with its digits. */
const READ = `
CREATE TEMP TABLE content (name text, value text);
DO $$ DECLARE one record; BEGIN
  FOR one IN
    SELECT c.table_name, c.column_name, c.data_type
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'
       AND table_name NOT IN (${list(REGISTRY)}) AND column_name NOT IN (${list(STAMPS)})
  LOOP
    EXECUTE format(
      'INSERT INTO content SELECT %L, coalesce(sum(hashtextextended(%I::text, 0)), 0) FROM %I',
      one.table_name || '.' || one.column_name, one.column_name, one.table_name);
    IF one.data_type IN ('numeric', 'double precision') THEN
      EXECUTE format(
        'INSERT INTO content SELECT %L, coalesce(sum(%I::numeric), 0) FROM %I',
        'sum of ' || one.table_name || '.' || one.column_name, one.column_name, one.table_name);
    END IF;
    IF NOT EXISTS (SELECT FROM content WHERE name = one.table_name) THEN
      EXECUTE format('INSERT INTO content SELECT %L, count(*) FROM %I', one.table_name, one.table_name);
    END IF;
  END LOOP;
END $$;
SELECT name, value FROM content ORDER BY 1;
DROP TABLE content;`;

export async function contentOf(database: PlainDatabase): Promise<Content> {
  return rowsOf(await database.sql(READ));
}

/** Rows of two columns. */
export function rowsOf(output: string): Map<string, string> {
  const lines = output.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => line.split("\t") as [string, string]));
}

/** What of `before` is gone or another, as `name: before → after`. */
export function differences(before: Content, after: Content): string[] {
  return [...before]
    .filter(([name, value]) => after.get(name) !== value)
    .map(([name, value]) => `${name}: ${value} → ${after.get(name) ?? "gone"}`);
}
