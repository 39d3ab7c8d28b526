/** One part of the tests: a program that is run, shown, and whose counts are read. */
import { CommandError, run } from "../odoo/processes.ts";
import type { Log } from "../odoo/progress.ts";
import { failuresOf } from "./failures.ts";

export interface Part {
  name: string;
  /** Arguments of the project's Node. */
  args: readonly string[];
}

export interface Result {
  name: string;
  passed: number;
  failed: number;
  seconds: number;
  /** Why the part does not count as green although no test failed. */
  fault?: string;
  /** What it printed of them; empty when none failed. */
  failures: string;
}

/** Runs a part to its end and reads its counts from what it printed; shows its lines as they come. */
export async function runPart({ name, args }: Part, log: Log): Promise<Result> {
  log(`${name} …`);
  const started = performance.now();
  const onLine = (line: string) => process.stdout.write(`${line}\n`);
  let output: string;
  let ended = true;
  try {
    output = await run(process.execPath, args, { onLine });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    ({ output } = error);
    ended = false;
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  const result = { name, seconds, ...countsOf(output), failures: ended ? "" : failuresOf(output) };
  const fault = faultOf(result, output, ended);
  return fault === undefined ? result : { ...result, fault };
}

/** Of mocha (`12 passing`, `1 failing`) or of the project's own tools (`12 passed, 1 failed`). */
function countsOf(output: string): { passed: number; failed: number } {
  const own = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (own !== undefined) return { passed: Number(own[1]), failed: Number(own[2]) };
  const count = (word: string) =>
    Number(new RegExp(String.raw`^\s*(\d+) ${word}\b`, "m").exec(output)?.[1] ?? 0);
  return { passed: count("passing"), failed: count("failing") };
}

function faultOf(
  { passed, failed }: Pick<Result, "passed" | "failed">,
  output: string,
  ended: boolean,
): string | undefined {
  if (passed + failed === 0) return "it ran nothing";
  if (/^\s*\d+ pending\b/m.test(output)) return "it left tests out";
  if (!ended && failed === 0) return "it ended with an error";
  return undefined;
}
