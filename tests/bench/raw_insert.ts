/**
 * The yardstick `raw_insert`: rows that a batch stored, put into the same table with the same
 * indexes and foreign keys by one INSERT of PostgreSQL's own client. No access check, no contract,
 * no duplicates, no derived record: what storing alone costs.
 */
import type { OdooDatabase } from "../../tools/odoo/odoo.ts";

const TABLE = "milepost_milestone";
/** A first small insert, rolled back: the session's caches must not be part of the measurement. */
const WARM_UP_ROWS = 20;

/** Columns of the table that the database does not fill by itself. */
async function columns(odoo: OdooDatabase): Promise<string[]> {
  const rows = await odoo.sql(
    `SELECT column_name FROM information_schema.columns
      WHERE table_name = '${TABLE}' AND column_name <> 'id' ORDER BY ordinal_position`,
  );
  return rows.trim().split("\n");
}

/**
 * Inserts the stored facts of `keys` once more, under other keys, 500 a statement, and takes them
 * out again. Gives the milliseconds of each statement with its commit.
 */
export async function rawInsert(
  odoo: OdooDatabase,
  batches: ReadonlyArray<readonly string[]>,
): Promise<number[]> {
  const names = await columns(odoo);
  const values = names.map((name) =>
    name === "key" ? `quote_literal('raw-' || key)` : `quote_nullable(${name})`,
  );
  const script = ["\\timing off"];
  for (const keys of batches) {
    const list = keys.map((key) => `'${key}'`).join(",");
    const output = await odoo.sql(
      `SELECT '(' || concat_ws(',', ${values.join(",")}) || ')'
         FROM ${TABLE} WHERE key IN (${list}) ORDER BY key`,
    );
    const rows = output.trim().split("\n");
    if (rows.length !== keys.length) {
      throw new Error(`${rows.length} of the ${keys.length} facts of a batch are stored`);
    }
    const insert = (part: string[]) =>
      `INSERT INTO ${TABLE} (${names.join(",")}) VALUES ${part.join(",")};`;
    script.push("BEGIN;", insert(rows.slice(0, WARM_UP_ROWS)), "ROLLBACK;");
    script.push("\\timing on", insert(rows), "\\timing off");
  }
  script.push(`DELETE FROM ${TABLE} WHERE key LIKE 'raw-%';`);
  const output = await odoo.sql(`${script.join("\n")}\n`);
  const times = [...output.matchAll(/^Time: ([0-9.]+) ms/gm)].map((match) => Number(match[1]));
  if (times.length !== batches.length) throw new Error("psql timed not every statement");
  return times;
}
