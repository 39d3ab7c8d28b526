/** What is in a database: every table with its rows, every column with its values. */
import type { PlainDatabase } from "../../../tools/odoo/odoo.ts";

/** By `table` the count of its rows, by `table.column` a sum over its values. */
export type Content = Map<string, string>;

/**
 * Tables of what addons declare: models, views, actions, menus, rights, jobs. Every upgrade writes
 * them; whether what was there is still there is seen by its external ids. People's own records of
 * Odoo's registry are not among them.
 */
const DECLARED = `(table_name LIKE 'ir\\_%'
  AND table_name NOT IN ('ir_sequence', 'ir_sequence_date_range', 'ir_config_parameter', 'ir_default', 'ir_filters')
  OR table_name IN ('mail_message', 'mail_tracking_value', 'orm_signaling_registry', 'res_groups', 'res_groups_implied_rel',
    'res_groups_privilege', 'rule_group_rel'))`;

/**
 * A sum over the values does not depend on their order; an amount counts with its digits. Who wrote
 * a row last says nothing of what is in it.
 */
const READ = `
-- Odoo's note that modules wait for its next start, which takes it away; nobody's content.
DELETE FROM ir_config_parameter WHERE key = 'base.partially_updated_database';
CREATE TEMP TABLE content (name text, value text);
DO $$ DECLARE one record; BEGIN
  FOR one IN
    SELECT c.table_name, c.column_name, c.data_type
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'
       AND NOT ${DECLARED} AND column_name NOT IN ('write_date', 'write_uid')
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
INSERT INTO content
  SELECT 'job ' || cron_name, concat_ws(' ', active, interval_number, interval_type, nextcall) FROM ir_cron;
-- Odoo tells of each new scheduled action in a message.
INSERT INTO content
  SELECT 'messages on records', count(*) || ' ' || sum(hashtextextended(concat(model, res_id, body), 0))
    FROM mail_message WHERE model NOT LIKE 'ir.%';
INSERT INTO content
  SELECT 'tracked on records', count(*) || ' ' || sum(hashtextextended(concat(v.old_value_char, v.new_value_char), 0))
    FROM mail_tracking_value v JOIN mail_message m ON m.id = v.mail_message_id WHERE m.model NOT LIKE 'ir.%';
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
