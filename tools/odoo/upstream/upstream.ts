/**
 * Odoo's own tests, those of at_install too, in a registry that is loaded whole and in which every
 * company uses the addons: under a policy that asks for no proof, where none may end in another way
 * than without the addons, and by default, where those may that are named with their reason. Each of
 * these runs once more as its own twin, its goods proven when they leave: then it ends as without.
 *
 * A test that passes needs no yardstick. How the others end without the addons is found out once per
 * version of Odoo and kept beside its root directory.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ADDONS_FOLDER, usualAddons } from "../../addons.ts";
import { cacheFolder } from "../cache.ts";
import type { OdooHost } from "../host.ts";
import { ownHost } from "../odoo.ts";
import { CommandError } from "../processes.ts";
import { progress, type Log } from "../progress.ts";
import { cloneForTests, dropDatabase, ensureTemplate } from "../template.ts";
import { addonDatabase, plainDatabase, plainName } from "./databases.ts";
import {
  asking,
  differences,
  endedOf,
  faults,
  isNamed,
  isTwin,
  oddOnes,
  TWINS,
  twins,
  type Ended,
  type Mode,
  type Named,
  type Plain,
} from "./outcomes.ts";

/** What the addons hook into; the longest last. */
const MODULES = [
  ...["stock_delivery", "delivery", "portal", "sale_stock", "sale", "sale_mrp", "stock_account"],
  ...["purchase_stock", "stock", "account"],
];

/** Tests that end otherwise by default, by why. */
const NAMED_FILE = join(ADDONS_FOLDER, "test_milepost_flows/tests/upstream_differences.json");

interface Options {
  /** `module` or `module:Class.method`; all modules when there is none. */
  wanted: readonly string[];
  /** In the template that the addons' own tests use: nothing else is installed. */
  quick: boolean;
}

/** The arguments after `--upstream`: modules, by spaces or commas, and `--quick`. */
export function optionsOf(args: readonly string[]): Options {
  const wanted = args.filter((one) => !one.startsWith("--")).flatMap((one) => one.split(","));
  return { wanted: wanted.length > 0 ? wanted : MODULES, quick: args.includes("--quick") };
}

/** Prints what came of it; whether nothing differs that must not. */
export async function testUpstream({ wanted, quick }: Options): Promise<boolean> {
  const log = progress();
  const host = await ownHost(log);
  await host.startDatabase();
  const database = quick
    ? (await ensureTemplate(host, usualAddons(), host.name, log)).database
    : await addonDatabase(host, log);
  const named = JSON.parse(readFileSync(NAMED_FILE, "utf8")) as Named;
  let [passed, failed] = [0, 0];
  for (const one of wanted) {
    const ended = await runTests(host, database, one, "default", log);
    const again = TWINS.map((twin) => [twin, twins(ended, named, twin)] as const);
    for (const [mode, tests] of [["no_proof", asking(ended)] as const, ...again]) {
      const tags = tagsOf(one, tests);
      if (tags !== "") ended.push(...(await runTests(host, database, tags, mode, log)));
    }
    const plain = await withoutAddons(host, one, ended, log);
    const wrong = faults(ended, plain, named);
    for (const difference of differences(ended, plain)) log(describe(difference, named));
    for (const fault of wrong) console.log(fault);
    console.log(summary(one, ended, plain));
    passed += ended.length - wrong.length;
    failed += wrong.length;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

function describe(one: Ended, named: Named): string {
  const why = isNamed(one, named) ? named[one.test]?.why : one.text;
  return `${one.mode}: ${one.test} ${one.outcome}: ${why ?? ""}`;
}

function summary(wanted: string, ended: readonly Ended[], plain: Plain): string {
  const tests = ended.filter((one) => one.mode === "default");
  const count = (holds: (one: Ended) => boolean) => tests.filter(holds).length;
  const seconds = ended.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  const differing = differences(ended, plain);
  const by = (mode: Mode) => differing.filter((one) => one.mode === mode).length;
  const doubled = ended.filter((one) => isTwin(one)).length;
  const same = doubled - differing.filter((one) => isTwin(one)).length;
  return [
    `${wanted}: ${tests.length} tests in ${seconds.toFixed(0)} s`,
    `${count((one) => one.asked === true)} saw the addons in force`,
    `${asking(ended).length} asked a policy and ran without need of proof, too`,
    `in ${count((one) => (one.shipments ?? 0) > 0)} goods travelled`,
    `${count((one) => one.outcome === "skipped")} were skipped by Odoo`,
    `${count((one) => plain[one.test] === "failed")} fail without the addons, too`,
    `differ without need of proof: ${by("no_proof")}, by default: ${by("default")}`,
    `of ${doubled} twins ${same} ended as without the addons`,
  ].join("; ");
}

/** How the tests that did not pass end without the addons; found out once and kept. */
async function withoutAddons(
  host: OdooHost,
  wanted: string,
  ended: readonly Ended[],
  log: Log,
): Promise<Plain> {
  const version = (await host.version()).replaceAll(/[^\w.+-]/g, "_");
  const [module = ""] = wanted.split(":");
  const file = join(cacheFolder(), "upstream", version, plainName, `${module}.json`);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Plain) : {};
  const unknown = new Set(oddOnes(ended).map((one) => one.test));
  for (const known of Object.keys(kept)) unknown.delete(known);
  if (unknown.size === 0) return kept;
  const database = await plainDatabase(host, log);
  const tags = tagsOf(wanted, [...unknown]);
  for (const one of await runTests(host, database, tags, "plain", log)) {
    kept[one.test] = one.outcome;
  }
  // What fails before a class with the addons alone is not seen at all without them.
  for (const test of unknown) kept[test] ??= "passed";
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  return kept;
}

/** Odoo's tags for tests of what is wanted; for what happens around a class, the class. */
function tagsOf(wanted: string, tests: readonly string[]): string {
  const [module] = wanted.split(":");
  const tags = tests.map((test) => {
    const [method, klass] = test.split(".").toReversed();
    return `${module}:${klass}${/^(setUp|tearDown)Class$/.test(method!) ? "" : `.${method}`}`;
  });
  return tags.join(",");
}

async function runTests(
  host: OdooHost,
  original: string,
  wanted: string,
  mode: Mode,
  log: Log,
): Promise<Ended[]> {
  const database = `t_upstream_${process.pid}`;
  const [module = ""] = wanted.split(":");
  const tags = wanted.replaceAll(/(^|,)/g, "$1/");
  const scripts = mode === "plain" ? ["run_tests.py"] : ["with_milepost.py", "run_tests.py"];
  const code = scripts.map((name) => readFileSync(join(import.meta.dirname, name), "utf8"));
  const settings = `SETTINGS = ${JSON.stringify({ module, tags, mode })}\n`;
  const ended: Ended[] = [];
  let rest = "";
  log(`${wanted.slice(0, 200)} (${mode})`);
  const onLine = (line: string) => {
    const one = endedOf(line);
    if (one === null) return;
    ended.push(one);
    if (one.outcome === "failed" || ended.length % 20 === 0) {
      const said = one.text
        ?.split("\n")
        .findLast((text) => /^[\w.]+(Error|Exception)?: /.test(text));
      log(`${one.mode} ${ended.length}: ${one.test} ${one.outcome} ${said ?? ""}`);
    }
  };
  await cloneForTests(host, original, database);
  try {
    rest = await host.odoo(["shell", "-d", database, "--no-http", "--log-level", "error"], {
      input: settings + code.join("\n"),
      ports: true,
      onLine,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(`Odoo's shell ended before the tests of ${wanted}: ${error.message}`, {
      cause: error,
    });
  } finally {
    await dropDatabase(host, database);
  }
  if (ended.length === 0) throw new Error(`Odoo ran no tests of ${wanted}:\n${rest.slice(-3000)}`);
  return ended;
}
