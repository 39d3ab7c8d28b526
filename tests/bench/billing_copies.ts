/**
 * Orders, transfers and shipments by the ten thousand out of the few of `billing_world.py`, in SQL:
 * each copy has rows, keys and names of its own in every table that the billing reads.
 */
import type { PlainDatabase } from "../../tools/odoo/odoo.ts";

/** Ids of the originals by table; those of one order have the same place in each, 0 is none. */
export type Originals = Record<string, number[]>;

interface Copied {
  /** The column by which rows belong to a copied row, and that row's table; null for the originals. */
  of: readonly [column: string, table: string] | null;
  /** Further columns that point to copied rows. */
  points?: Record<string, string>;
  /** Columns with other values: SQL that may use `n`, the number of the copy, and `row`. */
  values?: Record<string, string>;
}

const KEY = { key: "md5(row.key || n)" };
const OF_SHIPMENT = ["shipment_id", "milepost_shipment"] as const;

/** By table, parents first. */
const TABLES: Record<string, Copied> = {
  sale_order: { of: null, values: { name: "'S' || 100000 + n", access_token: "null" } },
  sale_order_line: { of: ["order_id", "sale_order"] },
  stock_reference: { of: null },
  stock_picking: {
    of: null,
    points: { sale_id: "sale_order" },
    values: { name: "row.name || '/' || n" },
  },
  stock_move: {
    of: ["picking_id", "stock_picking"],
    points: { sale_line_id: "sale_order_line" },
  },
  stock_move_line: { of: ["move_id", "stock_move"], points: { picking_id: "stock_picking" } },
  milepost_shipment: {
    of: null,
    values: {
      name: "'SHP/COPY/' || n",
      uid: "gen_random_uuid()",
      consignment_uid: "gen_random_uuid()",
    },
  },
  milepost_shipment_line: {
    of: OF_SHIPMENT,
    points: { move_id: "stock_move", sale_line_id: "sale_order_line" },
  },
  milepost_stop: {
    of: OF_SHIPMENT,
    points: Object.fromEntries(
      ["arrived", "departed", "estimated", "completed"].map((step) => [
        `${step}_milestone_id`,
        "milepost_milestone",
      ]),
    ),
  },
  milepost_milestone: { of: OF_SHIPMENT, points: { stop_id: "milepost_stop" }, values: KEY },
  milepost_itinerary: { of: OF_SHIPMENT, values: KEY },
  milepost_pod: {
    of: OF_SHIPMENT,
    points: { stop_id: "milepost_stop", assigned_stop_id: "milepost_stop" },
    values: { ...KEY, document_hashes: "jsonb_build_array(md5(row.key || n))" },
  },
  milepost_pod_line: { of: ["pod_id", "milepost_pod"] },
  milepost_carrier_invoice: {
    of: OF_SHIPMENT,
    values: { ...KEY, number: "row.number || '-' || n", pro_base: "row.pro_base || n" },
  },
  milepost_carrier_invoice_line: { of: ["invoice_id", "milepost_carrier_invoice"] },
  milepost_expected_charge: { of: OF_SHIPMENT },
  milepost_hold: { of: OF_SHIPMENT },
  milepost_proposal: { of: OF_SHIPMENT },
  milepost_billable: { of: OF_SHIPMENT, points: { sale_line_id: "sale_order_line" } },
  account_move: {
    of: null,
    values: {
      name: "'INV/2025/' || n",
      payment_reference: "'INV/2025/' || n",
      sequence_prefix: "'INV/2025/'",
      sequence_number: "n",
      access_token: "null",
      date: "row.date - 365",
      invoice_date: "row.invoice_date - 365",
    },
  },
  account_move_line: {
    of: ["move_id", "account_move"],
    points: { milepost_billable_id: "milepost_billable" },
    values: { date: "row.date - 365", move_name: "'INV/2025/' || n" },
  },
};

/** Relations by table: its two columns and the table that each points to; null: not a copied one. */
const RELATIONS: Record<string, readonly (readonly [column: string, table: string | null])[]> = {
  account_tax_sale_order_line_rel: [
    ["sale_order_line_id", "sale_order_line"],
    ["account_tax_id", null],
  ],
  stock_reference_sale_rel: [
    ["reference_id", "stock_reference"],
    ["sale_id", "sale_order"],
  ],
  stock_reference_move_rel: [
    ["reference_id", "stock_reference"],
    ["move_id", "stock_move"],
  ],
  milepost_shipment_picking: [
    ["shipment_id", "milepost_shipment"],
    ["picking_id", "stock_picking"],
  ],
  milepost_shipment_sale_order_rel: [
    ["milepost_shipment_id", "milepost_shipment"],
    ["sale_order_id", "sale_order"],
  ],
  milepost_shipment_move: [
    ["shipment_id", "milepost_shipment"],
    ["move_id", "account_move"],
  ],
  sale_order_line_invoice_rel: [
    ["order_line_id", "sale_order_line"],
    ["invoice_line_id", "account_move_line"],
  ],
  account_move_line_account_tax_rel: [
    ["account_move_line_id", "account_move_line"],
    ["account_tax_id", null],
  ],
};

/** An audit's hashes are over the id of its hold; an identifier that two shipments had would name none. */
const NOT_COPIED = ["milepost_hold_audit", "milepost_identifier", "milepost_identifier_shipment"];

/** Copies the originals in turn, `first` to `first + count - 1`, with all that hangs on them. */
export async function copyOrders(
  odoo: PlainDatabase,
  originals: Originals,
  first: number,
  count: number,
): Promise<void> {
  await mustKnowAll(odoo);
  const columns = await columnsOf(odoo);
  const tables = Object.keys(TABLES).filter((table) => columns.has(table));
  const relations = Object.keys(RELATIONS).filter((table) => columns.has(table));
  await odoo.sql(`
    -- Every key is right by its making; checking 20 of them per row would take most of the time.
    SET session_replication_role = replica;
    ${tables.map((table) => numberRows(table, originals[table], first, count)).join("")}
    ${tables.map((table) => copyRows(table, columns)).join("")}
    ${relations.map(copyRelation).join("")}
    ANALYZE;`);
}

/** A table of Milepost that points to copied rows and is not copied would leave the copies half. */
async function mustKnowAll(odoo: PlainDatabase): Promise<void> {
  const known = [...Object.keys(TABLES), ...Object.keys(RELATIONS), ...NOT_COPIED];
  const copied = Object.keys(TABLES).filter((table) => table.startsWith("milepost"));
  const names = (tables: readonly string[]) => tables.map((table) => `'${table}'`).join(", ");
  const pointing = await odoo.sql(`
    SELECT DISTINCT own.relname FROM pg_constraint key
      JOIN pg_class own ON own.oid = key.conrelid
      JOIN pg_class other ON other.oid = key.confrelid
     WHERE key.contype = 'f' AND own.relname LIKE 'milepost%'
       AND other.relname IN (${names(copied)}) AND own.relname NOT IN (${names(known)})`);
  for (const table of pointing.split("\n").filter((line) => line !== "")) {
    const rows = await odoo.sql(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rows !== "") throw new Error(`${table} has rows of what is copied, and is not in TABLES`);
  }
}

async function columnsOf(odoo: PlainDatabase): Promise<Map<string, string[]>> {
  const names = [...Object.keys(TABLES), ...Object.keys(RELATIONS)].map((name) => `'${name}'`);
  const rows = await odoo.sql(`
    SELECT table_name, string_agg(column_name, ',' ORDER BY ordinal_position)
      FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name IN (${names.join(", ")}) GROUP BY 1`);
  const lines = rows.trim().split("\n");
  return new Map(
    lines.map((line) => line.split("\t") as [string, string]).map(([t, c]) => [t, c.split(",")]),
  );
}

/** `copy_TABLE`: which row is copied under which id into which copy. */
function numberRows(
  table: string,
  ids: readonly number[] = [],
  first: number,
  count: number,
): string {
  const { of } = TABLES[table]!;
  const id = `nextval('${table}_id_seq') AS id`;
  const from =
    of === null
      ? `SELECT source, n, ${id} FROM (
           SELECT (ARRAY[${ids.join(", ")}]::int[])[1 + n % ${Math.max(ids.length, 1)}] AS source, n
             FROM generate_series(${first}, ${first + count - 1}) n) given
          WHERE source <> 0`
      : `SELECT row.id AS source, parent.n, ${id}
           FROM copy_${of[1]} parent JOIN ${table} row ON row.${of[0]} = parent.source`;
  return `
    CREATE TEMP TABLE copy_${table} AS ${from};
    CREATE INDEX ON copy_${table} (source, n);
    ANALYZE copy_${table};`;
}

function copyRows(table: string, columns: ReadonlyMap<string, string[]>): string {
  const { of, points = {}, values = {} } = TABLES[table]!;
  const parent = of === null ? {} : { [of[0]]: of[1] };
  const pointers = Object.entries({ ...points, ...parent }).filter(([, to]) => columns.has(to));
  const joins = pointers.map(
    ([column, to]) =>
      `LEFT JOIN copy_${to} "to_${column}" ON "to_${column}".source = row.${column} AND "to_${column}".n = c.n`,
  );
  const value = new Map<string, string>([
    ["id", "c.id"],
    ...pointers.map(([column]) => [column, `coalesce("to_${column}".id, row.${column})`] as const),
    ...Object.entries(values).map(
      ([column, sql]) => [column, sql.replaceAll(/\bn\b/g, "c.n")] as const,
    ),
  ]);
  const names = columns.get(table)!;
  return `
    INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(", ")})
    SELECT ${names.map((name) => value.get(name) ?? `row."${name}"`).join(", ")}
      FROM copy_${table} c JOIN ${table} row ON row.id = c.source ${joins.join(" ")};`;
}

function copyRelation(table: string): string {
  const [one, other] = RELATIONS[table]!;
  const right = other![1] === null ? `row.${other![0]}` : "b.id";
  const join =
    other![1] === null
      ? ""
      : `JOIN copy_${other![1]} b ON b.source = row.${other![0]} AND b.n = a.n`;
  return `
    INSERT INTO ${table} (${one![0]}, ${other![0]})
    SELECT a.id, ${right} FROM ${table} row JOIN copy_${one![1]} a ON a.source = row.${one![0]} ${join};`;
}
