/**
 * `npm run test:odoo [-- --tags finance]`: the Python tests of all addons in a real Odoo; `--tags
 * :TestOutbox` or `--tags :TestOutbox.test_name` runs a class or a test.
 * `npm run test:odoo -- --tags flows`: the ways that goods take through Odoo, a web shop's too, which is
 * in a database of its own.
 * `npm run test:odoo -- --addons milepost`: those of one addon (or of several, by commas) in a
 * database that has no other.
 * `npm run test:odoo -- --upstream [MODULE…] [--quick]`: Odoo's own tests with the addons in force
 * (`upstream/upstream.ts`).
 */
import { availableParallelism } from "node:os";
import { addonNames, APART, usualAddons } from "../addons.ts";
import { ensureOdoo, runTestsQuickly } from "./odoo.ts";
import { progress } from "./progress.ts";
import { halves, isOneFile } from "./test_halves.ts";
import { outcomeOf, tagsOf } from "./test_outcome.ts";
import { optionsOf, testUpstream } from "./upstream/upstream.ts";

const FLOWS = "flows";
const log = progress();

/** Failures are shown whole; of the rest, each test's start. */
function show(line: string): void {
  if (/ (ERROR|CRITICAL|WARNING) /.test(line) || !/ (INFO|DEBUG) /.test(line)) console.error(line);
  else if (/: Starting \w+\.test_/.test(line)) log(line.replace(/^.*: Starting /, ""));
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : (process.argv[at + 1] ?? "");
}

async function testAddons(addons: readonly string[], wanted: string): Promise<boolean> {
  const unknown = addons.filter((name) => !addonNames().includes(name));
  if (unknown.length > 0) {
    throw new Error(`No addon ${unknown.join(", ")}; there are ${addonNames().join(", ")}`);
  }
  const outputs = wanted === "" ? await testAll(addons) : await testSome(addons, wanted);
  const outcomes = outputs.map(outcomeOf);
  const failed = outcomes.reduce((sum, { failures }) => sum + failures.length, 0);
  const count = outcomes.reduce((sum, outcome) => sum + outcome.count, 0);
  console.log(`${count - failed} passed, ${failed} failed`);
  return failed === 0;
}

/** In databases that were installed anew; in two halves where there are processors for both. */
async function testAll(addons: readonly string[]): Promise<string[]> {
  const odoo = await ensureOdoo(log, addons);
  const isWhole = availableParallelism() < 2 || isOneFile(addons);
  const shares = isWhole ? [tagsOf(addons, "")] : halves(addons);
  const modules = addons.join(",");
  log(`running all tests of ${addons.join(", ")}, ${shares.length} at a time`);
  return Promise.all(
    shares.map((tags) => odoo.runTests({ modules, tags, withAddon: true, onLine: show })),
  );
}

/** A few that somebody works on wait for no installation. */
async function testSome(addons: readonly string[], wanted: string): Promise<string[]> {
  const own = await testTagged(addons, wanted);
  return wanted === FLOWS ? [own, await testTagged(APART, wanted)] : [own];
}

async function testTagged(addons: readonly string[], wanted: string): Promise<string> {
  const tags = tagsOf(addons, wanted);
  log(`running the tests of ${addons.join(", ")} (${tags})`);
  const run = { modules: addons.join(","), tags, withAddon: true, onLine: show };
  return runTestsQuickly(addons, run, log);
}

const upstream = process.argv.indexOf("--upstream");
const green =
  upstream === -1
    ? await testAddons(argument("--addons")?.split(",") ?? usualAddons(), argument("--tags") ?? "")
    : await testUpstream(optionsOf(process.argv.slice(upstream + 1)));
process.exitCode = green ? 0 : 1;
