/**
 * What the addons cost people: an order confirmed, delivered, invoiced and posted, and a partner
 * written, beside the same work in an Odoo without them, step by step and in turns. "Not managed" is
 * an order of a warehouse that is kept out while the connection takes every other delivery; "managed"
 * is one whose transport is ordered, and that is invoiced on its proof.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureOdoo, type Odoo } from "../../tools/odoo/odoo.ts";
import { run as runCommand } from "../../tools/odoo/processes.ts";
import { median, rounded, type BenchResult } from "./result.ts";

/** Lines of the longer order; `cost_measure.py` has the same. */
const LINES = 11;
const POSTED = 100;

/** Queries beyond Odoo's own, and the process's time over its. */
export const GOALS = {
  not_managed_queries: 5,
  managed_queries: 60,
  managed_queries_per_line: 2,
  cpu: 1.2,
  post_100_cpu: 1.2,
};

type Side = "with" | "plain";
interface Step {
  what: string;
  step: string;
  side: Side;
  queries: number;
  seconds: number;
  cpu: number;
}

/** @param repeats turns after one that warms the caches */
export async function run(log: (line: string) => void, repeats = 5): Promise<BenchResult> {
  const rows = await measureCost(log, repeats, POSTED);
  return resultOf(rows);
}

/**
 * @param posted invoices that are posted at once at the end; 0 for none
 * @returns every step of every turn
 */
export async function measureCost(
  log: (line: string) => void,
  repeats: number,
  posted: number,
): Promise<Step[]> {
  // These alone, so that both sides have the same of Odoo's own modules.
  const odoo: Odoo = await ensureOdoo(log, ["milepost_billing"]);
  const [withAddons, plain] = [await odoo.createDatabase(), await odoo.createPlainDatabase()];
  try {
    for (const one of [withAddons, plain]) await one.sql("UPDATE ir_cron SET active = false");
    const settings = { with: withAddons.database, plain: plain.database, repeats, posted };
    const script = await readFile(join(import.meta.dirname, "cost_measure.py"), "utf8");
    const [command, args] = odoo.shell(withAddons.database);
    const output = await runCommand(command, args, {
      input: `SETTINGS = ${JSON.stringify(settings)}\n${script}`,
      onLine: (line) => {
        if (line.startsWith("STEP ")) log(line.slice("STEP ".length));
      },
    });
    const found = output.split("\n").findLast((line) => line.startsWith("MEASURED "));
    if (found === undefined) throw new Error(`Odoo measured nothing:\n${output.slice(-4000)}`);
    return JSON.parse(found.slice("MEASURED ".length)) as Step[];
  } finally {
    await Promise.all([withAddons.drop(), plain.drop()]);
  }
}

/**
 * Queries that each step has beyond Odoo's own, by what and step: the fewest of each side's turns,
 * since Odoo groups what it writes by time, and so asks once more in some turns of the same work.
 */
export function addedQueries(rows: readonly Step[]): Record<string, number> {
  const names = [...new Set(rows.map((row) => `${row.what} ${row.step}`))];
  const of = (name: string, side: Side) =>
    Math.min(
      ...rows
        .filter((row) => `${row.what} ${row.step}` === name && row.side === side)
        .map((row) => row.queries),
    );
  return Object.fromEntries(names.map((name) => [name, of(name, "with") - of(name, "plain")]));
}

/** What the goals speak of. */
export function figuresOf(rows: readonly Step[]): Record<string, number> {
  const added = addedQueries(rows);
  const most = (what: string) =>
    Math.max(
      ...Object.keys(added)
        .filter((name) => name.startsWith(what))
        .map((n) => added[n]!),
    );
  const managed = ["confirm", "validate", "invoice", "post"];
  const perLine = managed.map(
    (step) => (added[`managed_1x${LINES} ${step}`]! - added[`managed_1x1 ${step}`]!) / (LINES - 1),
  );
  return {
    not_managed_queries: most("not_managed_1x"),
    managed_queries: most("managed_1x1 "),
    managed_queries_per_line: rounded(Math.max(...perLine)),
  };
}

/** CPU of all steps of each turn with the addons over that without them. */
function cpuRatio(rows: readonly Step[], what: string, steps?: readonly string[]): number {
  const of = (side: Side) =>
    rows.filter(
      (row) =>
        row.side === side &&
        row.what.startsWith(what) &&
        (steps === undefined || steps.includes(row.step)),
    );
  const names = [...new Set(of("plain").map((row) => `${row.what} ${row.step}`))];
  const sum = (side: Side) =>
    names.reduce((total, name) => {
      const own = of(side).filter((row) => `${row.what} ${row.step}` === name);
      return total + median(own.map((row) => row.cpu));
    }, 0);
  return rounded(sum("with") / sum("plain"));
}

function resultOf(rows: readonly Step[]): BenchResult {
  const posted = (what: string, side: Side, name: "seconds" | "queries" | "cpu") =>
    rounded(
      rows.find(
        (row) => row.what === `${what}_${POSTED}x2` && row.step === "post" && row.side === side,
      )![name],
    );
  const sides = (what: string) =>
    Object.fromEntries(
      (["with", "plain"] as const).flatMap((side) =>
        (["seconds", "queries", "cpu"] as const).map((name) => [
          `post_${POSTED}_${what}_${side}_${name}`,
          posted(what, side, name),
        ]),
      ),
    );
  const added = Object.entries(addedQueries(rows)).map(([name, count]) => [
    `added_queries_${name.replace(" ", "_")}`,
    count,
  ]);
  return {
    bench: "cost",
    ratios: {
      cpu_not_managed: cpuRatio(rows, "not_managed_1x"),
      cpu_managed: cpuRatio(rows, "managed_1x"),
      cpu_post_100_not_managed: cpuRatio(rows, `not_managed_${POSTED}x`, ["post"]),
      cpu_post_100_managed: cpuRatio(rows, `managed_${POSTED}x`, ["post"]),
    },
    figures: {
      ...figuresOf(rows),
      ...sides("not_managed"),
      ...sides("managed"),
      ...(Object.fromEntries(added) as Record<string, number>),
    },
  };
}

/** What is missed of the goals, as sentences. */
export function missed({ ratios, figures }: BenchResult): string[] {
  const judged: [name: string, value: number, limit: number][] = [
    ["queries of what is not managed", figures["not_managed_queries"]!, GOALS.not_managed_queries],
    ["queries of what is managed", figures["managed_queries"]!, GOALS.managed_queries],
    [
      "queries of each further line",
      figures["managed_queries_per_line"]!,
      GOALS.managed_queries_per_line,
    ],
    ["CPU of what is not managed", ratios["cpu_not_managed"]!, GOALS.cpu],
    ["CPU of posting 100 invoices", ratios["cpu_post_100_not_managed"]!, GOALS.post_100_cpu],
  ];
  return judged
    .filter(([, value, limit]) => value > limit)
    .map(([name, value, limit]) => `${name}: ${value} where ${limit} are allowed`);
}
