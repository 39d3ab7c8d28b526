/**
 * `npm run test:odoo [-- --tags finance]`: the addon's Python tests in a real Odoo.
 * Odoo exits 0 when no test ran at all, so the count is read and must not be zero.
 */
import { ensureOdoo } from "./odoo.ts";
import { CommandError } from "./processes.ts";
import { progress } from "./progress.ts";

const at = process.argv.indexOf("--tags");
const wanted = at === -1 ? undefined : process.argv[at + 1];
const tags = wanted === undefined ? "/milepost" : `${wanted}/milepost`;

const log = progress();
const odoo = await ensureOdoo(log);
log(`running the addon's tests (${tags})`);
let output: string;
try {
  output = await odoo.runTests(tags, show);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  output = error.output;
}
const summary = /(\d+) failed, (\d+) error\(s\) of (\d+) tests/.exec(output);
if (summary === null) {
  console.error(output.slice(-3000));
  console.error("Odoo ran no tests.");
  process.exit(1);
}
const [failed, errors, count] = summary.slice(1).map(Number) as [number, number, number];
console.log(`${count - failed - errors} passed, ${failed + errors} failed`);
process.exitCode = failed + errors > 0 || count === 0 ? 1 : 0;

/** Failures are shown whole; of the rest, each test's start. */
function show(line: string): void {
  if (/ (ERROR|CRITICAL|WARNING) /.test(line) || !/ (INFO|DEBUG) /.test(line)) console.error(line);
  else if (/: Starting \w+\.test_/.test(line)) log(line.replace(/^.*: Starting /, ""));
}
