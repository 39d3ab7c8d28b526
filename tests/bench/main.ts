/**
 * `npm run bench -- NAME [--json] [--size N]`: one benchmark, printed for people on stderr and, with
 * --json, as one JSON object `{bench, ratios, figures}` on the last line of stdout. A smaller size,
 * where a benchmark has one, is for a quick trial. Ends with 1 when a goal of the benchmark is missed.
 */
import type { BenchResult } from "./result.ts";

interface Bench {
  run(log: (line: string) => void, size?: number): Promise<BenchResult>;
  /** The goals that a result misses, as sentences. */
  missed?(result: BenchResult): string[];
}

const BENCHES: Record<string, () => Promise<Bench>> = {
  ingest: () => import("./ingest.ts"),
  normalize: () => import("./normalize.ts"),
  latency: () => import("./latency.ts"),
  boards: () => import("./boards.ts"),
  billing: () => import("./billing.ts"),
  hang: () => import("./hang.ts"),
  backlog: () => import("./backlog.ts"),
  cost: () => import("./cost.ts"),
  track: () => import("./track.ts"),
  outbound: () => import("./outbound.ts"),
};

const [name, ...flags] = process.argv.slice(2);
const load = name === undefined ? undefined : BENCHES[name];
if (load === undefined) {
  console.error(`Usage: npm run bench -- ${Object.keys(BENCHES).join("|")} [--json] [--size N]`);
  process.exit(64);
}

const started = performance.now();
const log = (line: string) =>
  console.error(`[${((performance.now() - started) / 1000).toFixed(1)} s] ${line}`);
const { run, missed = () => [] } = await load();
const sizeAt = flags.indexOf("--size");
const result = await run(log, sizeAt === -1 ? undefined : Number(flags[sizeAt + 1]));
for (const [key, value] of Object.entries({ ...result.ratios, ...result.figures })) {
  log(`${key}: ${String(value)}`);
}
const misses = missed(result);
for (const miss of misses) log(`missed: ${miss}`);
if (misses.length > 0) process.exitCode = 1;
if (flags.includes("--json")) console.log(JSON.stringify(result));
