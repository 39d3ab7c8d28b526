/**
 * `npm run bench -- NAME [--json]`: one benchmark, printed for people on stderr and, with --json,
 * as one JSON object `{bench, ratios, figures}` on the last line of stdout.
 */
import type { BenchResult } from "./result.ts";

const BENCHES: Record<
  string,
  () => Promise<{ run: (log: (line: string) => void) => Promise<BenchResult> }>
> = {
  ingest: () => import("./ingest.ts"),
  normalize: () => import("./normalize.ts"),
  latency: () => import("./latency.ts"),
  boards: () => import("./boards.ts"),
};

const [name, ...flags] = process.argv.slice(2);
const load = name === undefined ? undefined : BENCHES[name];
if (load === undefined) {
  console.error(`Usage: npm run bench -- ${Object.keys(BENCHES).join("|")} [--json]`);
  process.exit(64);
}

const started = performance.now();
const log = (line: string) =>
  console.error(`[${((performance.now() - started) / 1000).toFixed(1)} s] ${line}`);
const { run } = await load();
const result = await run(log);
for (const [key, value] of Object.entries({ ...result.ratios, ...result.figures })) {
  log(`${key}: ${String(value)}`);
}
if (flags.includes("--json")) console.log(JSON.stringify(result));
