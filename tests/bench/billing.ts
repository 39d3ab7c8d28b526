/**
 * What billing costs at scale: changed shipments validated, and ready ones invoiced and posted, in
 * the batches of the cron jobs; in a database of that many shipments, in one of ten times as many
 * that were billed before, and beside Odoo's own `_create_invoices` and posting of equal orders in a
 * database without the addon. One process works on all three in turns, so that each sees the same
 * machine.
 *
 * Each order has two lines with tax, each shipment its plan, milestones, a proof with quantities and
 * a carrier's bill under contract rates; one of ten is held for a short quantity. Every shipment gets
 * an invoice of its own on both sides.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureOdoo, type Odoo, type PlainDatabase } from "../../tools/odoo/odoo.ts";
import { run as runCommand } from "../../tools/odoo/processes.ts";
import { copyOrders, type Originals } from "./billing_copies.ts";
import { median, rounded, type BenchResult } from "./result.ts";

const SIZE = 10_000;
/** Of these one is invoiced for five that are validated. */
const INVOICED_PART = 5;
const GROWN = 10;
/** Of this a fifth divides into four batches and their halves. */
const SMALLEST = 40;
/** Shipments of one transaction, as the cron jobs take them. */
const VALIDATED_AT_ONCE = 100;
const INVOICED_AT_ONCE = 200;
/** What an order of `billing_world.py` is worth without tax. */
const ORDER_AMOUNT = 40 * 12.5 + 12 * 33;

const GOALS = { growth_100k: 1.3, vs_core_invoicing: 1.5 };
/** So much more counts as the same number of queries: a sequence of Odoo asks for numbers now and then. */
const SAME = 1.05;

type Log = (line: string) => void;
type Name = "small" | "large" | "plain";
type Took = { seconds: number; queries: number };
type Turn = { size: number; small: Took; large: Took; plain?: Took };
interface Billed {
  invoices: number;
  orders: number;
  amount: number;
  not_posted: number;
  wrong_quantity: number;
  shipments?: number;
  wrong_billables?: number;
}
interface Measured {
  validation: Turn[];
  invoicing: Turn[];
  billed: Record<Name, Billed>;
}

/** @param size shipments that change; `--size` for a quick trial, which says nothing about the goals */
export async function run(log: Log, size = SIZE): Promise<BenchResult> {
  if (size % SMALLEST !== 0) throw new Error(`The size must be a multiple of ${SMALLEST}`);
  const odoo = await ensureOdoo(log);
  const databases: Record<Name, PlainDatabase> = {
    small: await odoo.createDatabase(),
    large: await odoo.createDatabase(),
    plain: await odoo.createPlainDatabase(),
  };
  try {
    for (const [name, database] of Object.entries(databases)) {
      log(`filling the ${name} database`);
      await fill(odoo, database, size, name === "large" ? size * GROWN : size);
    }
    const measured = await measure(odoo, databases, size, log);
    check(measured.billed, size / INVOICED_PART);
    return resultOf(measured);
  } finally {
    await Promise.all(Object.values(databases).map((database) => database.drop()));
  }
}

/** So many shipments that changed, and invoiced ones of old up to so many in all. */
async function fill(
  odoo: Odoo,
  database: PlainDatabase,
  changed: number,
  all: number,
): Promise<void> {
  // The shared server's cron jobs would decide and invoice on their own.
  await database.sql("UPDATE ir_cron SET active = false");
  const output = await runScript(odoo, database, await script("billing_world.py"));
  const world = JSON.parse(lineOf(output, "WORLD")) as Record<"changed" | "settled", Originals>;
  const [told, old] = [world.changed["sale_order"]!.length, world.settled["sale_order"]!.length];
  await copyOrders(database, world.changed, 1, changed - told);
  if (all > changed) await copyOrders(database, world.settled, changed + 1, all - changed - old);
}

async function measure(
  odoo: Odoo,
  databases: Record<Name, PlainDatabase>,
  size: number,
  log: Log,
): Promise<Measured> {
  const settings = {
    ...Object.fromEntries(
      Object.entries(databases).map(([name, { database }]) => [name, database]),
    ),
    validate: turns(size, VALIDATED_AT_ONCE),
    invoice: turns(size / INVOICED_PART, INVOICED_AT_ONCE),
  };
  const code = `SETTINGS = ${JSON.stringify(settings)}\n${await script("billing_measure.py")}`;
  const output = await runScript(odoo, databases.small, code, (line) => {
    if (line.startsWith("TURN ")) log(line.slice("TURN ".length));
  });
  return JSON.parse(lineOf(output, "MEASURED")) as Measured;
}

/** Full batches, and at the end four of half the size: queries per shipment must not depend on it. */
function turns(all: number, batch: number): number[] {
  const full = Math.min(batch, all / 4);
  const halves = [full / 2, full / 2, full / 2, full / 2];
  return [...Array.from({ length: Math.floor(all / full) - 2 }, () => full), ...halves];
}

const script = (name: string) => readFile(join(import.meta.dirname, name), "utf8");

async function runScript(
  odoo: Odoo,
  { database }: PlainDatabase,
  input: string,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  const [command, args] = odoo.shell(database);
  return runCommand(command, args, { input, onLine });
}

function lineOf(output: string, name: string): string {
  const found = output.split("\n").findLast((line) => line.startsWith(`${name} `));
  if (found === undefined)
    throw new Error(`Odoo's shell printed no ${name}:\n${output.slice(-4000)}`);
  return found.slice(name.length + 1);
}

/** Fast and wrong is no figure: all was invoiced, at its worth, posted, and once. */
function check(billed: Record<Name, Billed>, orders: number): void {
  for (const [name, found] of Object.entries(billed)) {
    const wanted = {
      invoices: orders,
      orders,
      amount: orders * ORDER_AMOUNT,
      not_posted: 0,
      wrong_quantity: 0,
      ...(name === "plain" ? {} : { shipments: orders, wrong_billables: 0 }),
    };
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      throw new Error(
        `The ${name} database was billed ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
      );
    }
  }
}

function resultOf({ validation, invoicing }: Measured): BenchResult {
  const growth = (rows: readonly Turn[]) =>
    spread(rows, (row) => row.large.seconds / row.small.seconds);
  const core = spread(invoicing, (row) => row.small.seconds / row.plain!.seconds);
  const [validationGrowth, invoicingGrowth] = [growth(validation), growth(invoicing)];
  const rate = (rows: readonly Turn[], name: Name) =>
    rounded(median(rows.map((row) => row.size / row[name]!.seconds)));
  return {
    bench: "billing",
    ratios: {
      growth_100k: Math.max(validationGrowth.median, invoicingGrowth.median),
      vs_core_invoicing: core.median,
    },
    figures: {
      queries_per_shipment: rounded(queries(validation, "small") + queries(invoicing, "small")),
      validated_per_second: rate(validation, "small"),
      validated_per_second_100k: rate(validation, "large"),
      invoiced_per_second: rate(invoicing, "small"),
      invoiced_per_second_100k: rate(invoicing, "large"),
      core_invoiced_per_second: rate(invoicing, "plain"),
      ...named("growth_100k_validation", validationGrowth),
      ...named("growth_100k_invoicing", invoicingGrowth),
      ...named("vs_core_invoicing", core),
      validation_queries_per_shipment: queries(validation, "small"),
      validation_queries_per_shipment_100k: queries(validation, "large"),
      validation_queries_per_shipment_half_batch: queries(validation, "small", "half"),
      invoicing_queries_per_shipment: queries(invoicing, "small"),
      invoicing_queries_per_shipment_100k: queries(invoicing, "large"),
      invoicing_queries_per_shipment_half_batch: queries(invoicing, "small", "half"),
      core_queries_per_invoice: queries(invoicing, "plain"),
      core_queries_per_invoice_half_batch: queries(invoicing, "plain", "half"),
    },
  };
}

/** Queries for each shipment, in full batches or in half ones. */
function queries(rows: readonly Turn[], name: Name, batch: "full" | "half" = "full"): number {
  const full = Math.max(...rows.map((row) => row.size));
  const own = rows.filter((row) => (row.size === full) === (batch === "full"));
  return rounded(median(own.map((row) => row[name]!.queries / row.size)));
}

interface Spread {
  median: number;
  min: number;
  max: number;
}

function spread(rows: readonly Turn[], ratio: (row: Turn) => number): Spread {
  const ratios = rows.map(ratio);
  return {
    median: rounded(median(ratios)),
    min: rounded(Math.min(...ratios)),
    max: rounded(Math.max(...ratios)),
  };
}

const named = (name: string, { median: middle, min, max }: Spread) => ({
  [name]: middle,
  [`${name}_min`]: min,
  [`${name}_max`]: max,
});

/** The goals that were missed. */
export function missed({ ratios, figures }: BenchResult): string[] {
  const found = Object.entries(GOALS)
    .filter(([name, goal]) => ratios[name]! > goal)
    .map(([name, goal]) => `${name} is ${ratios[name]}, not within ${goal}`);
  for (const name of ["validation_queries_per_shipment", "invoicing_queries_per_shipment"]) {
    const [small, large, half] = ["", "_100k", "_half_batch"].map((end) => figures[name + end]!);
    if (large! > small! * SAME) found.push(`${name} grows with the database: ${small}, ${large}`);
    if (small! > half! * SAME) found.push(`${name} grows with the batch: ${half}, ${small}`);
  }
  return found;
}
