/**
 * A truck that reports its position each minute: what one event more costs on a shipment with 10,000
 * positions beside one with 10, in turns, and how long its screen takes to be read. Inside of Odoo, so
 * that the figures are of ingest, derivation and reading and of nothing on the way.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureOdoo } from "../../tools/odoo/odoo.ts";
import { run as runCommand } from "../../tools/odoo/processes.ts";
import { median, percentile, rounded, type BenchResult } from "./result.ts";

const LONG = 10_000;
const SHORT = 10;
const REPEATS = 30;
export const GOALS = { one_event_10k_vs_10: 1.5, open_10k_p95_ms: 1_500 };

interface Measured {
  /** Milliseconds of one event, by the length of the track. */
  event: { short: number[]; long: number[] };
  /** Milliseconds of reading the long one's screen. */
  open: number[];
}

/** @param length positions of the long track */
export async function run(
  log: (line: string) => void,
  length: number = LONG,
): Promise<BenchResult> {
  const odoo = await ensureOdoo(log, ["milepost_portal"]);
  const { database, drop, sql } = await odoo.createDatabase();
  try {
    await sql("UPDATE ir_cron SET active = false");
    const settings = { short: SHORT, long: length, repeats: REPEATS };
    const script = await readFile(join(import.meta.dirname, "track_measure.py"), "utf8");
    const [command, args] = odoo.shell(database);
    const output = await runCommand(command, args, {
      input: `SETTINGS = ${JSON.stringify(settings)}\n${script}`,
    });
    const found = output.split("\n").findLast((line) => line.startsWith("MEASURED "));
    if (found === undefined) throw new Error(`Odoo measured nothing:\n${output.slice(-4000)}`);
    return resultOf(JSON.parse(found.slice("MEASURED ".length)) as Measured);
  } finally {
    await drop();
  }
}

function resultOf({ event, open }: Measured): BenchResult {
  const [short, long] = [median(event.short), median(event.long)];
  return {
    bench: "track",
    ratios: { one_event_10k_vs_10: rounded(long / short) },
    figures: {
      one_event_10_ms: rounded(short),
      one_event_10k_ms: rounded(long),
      one_event_10k_p95_ms: rounded(percentile(event.long, 0.95)),
      open_10k_p95_ms: rounded(percentile(open, 0.95)),
    },
  };
}

export function missed({ ratios, figures }: BenchResult): string[] {
  const values = { ...ratios, ...figures };
  return Object.entries(GOALS).flatMap(([name, most]) =>
    values[name]! <= most ? [] : [`${name} is ${values[name]!}, at most ${most} is the goal`],
  );
}
