/**
 * `npm run test:odoo [-- --tags finance]`: the Python tests of all addons in a real Odoo; `--tags
 * :TestOutbox` or `--tags :TestOutbox.test_name` runs a class or a test.
 * `npm run test:odoo -- --addons milepost`: those of one addon (or of several, by commas) in a
 * database that has no other.
 * `npm run test:odoo -- --upstream [MODULES]`: Odoo's own tests, with the addons and without them.
 */
import { addonNames } from "../addons.ts";
import { ensureOdoo } from "./odoo.ts";
import { progress } from "./progress.ts";
import { outcomeOf, tagsOf, type Outcome } from "./test_outcome.ts";

/** What the addons hook into. */
const UPSTREAM = "sale,sale_stock,stock_delivery,delivery,account";

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
  const tags = tagsOf(addons, wanted);
  const odoo = await ensureOdoo(log, addons);
  log(`running the tests of ${addons.join(", ")} (${tags})`);
  const run = { modules: addons.join(","), tags, withAddon: true, onLine: show };
  const { count, failures } = outcomeOf(await odoo.runTests(run));
  console.log(`${count - failures.length} passed, ${failures.length} failed`);
  return failures.length === 0;
}

/** Green when no test fails with the addon that passes without it. */
async function testUpstream(modules: string): Promise<boolean> {
  const odoo = await ensureOdoo(log);
  const tags = modules.replaceAll(/(^|,)/g, "$1/");
  const outcomes: Outcome[] = [];
  for (const withAddon of [false, true]) {
    log(`running the tests of ${modules} ${withAddon ? "with" : "without"} the addons`);
    const onLine = (line: string) => {
      if (/: Starting \w+\.test_/.test(line)) log(line.replace(/^.*: Starting /, ""));
    };
    outcomes.push(outcomeOf(await odoo.runTests({ modules, tags, withAddon, onLine })));
  }
  const [without, withIt] = outcomes as [Outcome, Outcome];
  const caused = withIt.failures.filter((name) => !without.failures.includes(name));
  for (const name of caused) console.log(`fails only with the addon: ${name}`);
  console.log(`without the addon: ${without.failures.length} of ${without.count} fail`);
  console.log(`with the addon: ${withIt.failures.length} of ${withIt.count} fail`);
  console.log(`${withIt.count - caused.length} passed, ${caused.length} failed`);
  return caused.length === 0;
}

const upstream = argument("--upstream");
const green =
  upstream === undefined
    ? await testAddons(argument("--addons")?.split(",") ?? addonNames(), argument("--tags") ?? "")
    : await testUpstream(upstream === "" ? UPSTREAM : upstream);
process.exitCode = green ? 0 : 1;
