/**
 * `npm run test:odoo [-- --tags finance]`: the addon's Python tests in a real Odoo; `--tags
 * :TestOutbox` or `--tags :TestOutbox.test_name` runs a class or a test.
 * `npm run test:odoo -- --upstream [MODULES]`: Odoo's own tests, with the addon and without it.
 */
import { ensureOdoo } from "./odoo.ts";
import { progress } from "./progress.ts";
import { outcomeOf, type Outcome } from "./test_outcome.ts";

/** What the addon hooks into. */
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

/** Odoo's own order is tag/module:class.method. */
function tagsOf(wanted: string): string {
  const at = wanted.indexOf(":");
  if (at === -1) return `${wanted}/milepost`;
  return `${wanted.slice(0, at)}/milepost${wanted.slice(at)}`;
}

async function testAddon(wanted: string | undefined): Promise<boolean> {
  const tags = tagsOf(wanted ?? "");
  const odoo = await ensureOdoo(log);
  log(`running the addon's tests (${tags})`);
  const run = { modules: "milepost", tags, withAddon: true, onLine: show };
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
    log(`running the tests of ${modules} ${withAddon ? "with" : "without"} the addon`);
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
    ? await testAddon(argument("--tags"))
    : await testUpstream(upstream === "" ? UPSTREAM : upstream);
process.exitCode = green ? 0 : 1;
