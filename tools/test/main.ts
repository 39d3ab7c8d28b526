/**
 * `npm test`: a share of everything, on a real Odoo 19 and in a real browser; `npm run test:all`:
 * all of it. What is left out of the share are rounds of properties (tests/rounds.ts), the files
 * of `WHOLE_ONLY`, and the walk through every screen (tests/pseudo).
 *
 * Checks and unit tests run while Odoo is found or provisioned, then what needs it. A part that
 * ran no test, or left one out, has failed: green must mean tested.
 */
import { ensureOdoo } from "../odoo/odoo.ts";
import { progress } from "../odoo/progress.ts";
import { runPart, type Part, type Result } from "./part.ts";

/** Of the rounds of a property; the rest is tried by `npm run test:all` and `npm run test:fuzz`. */
const SHARE = "0.1";

/**
 * Commands whose tests start a process for each line that they try, and installations one by one:
 * the share would take longer than people wait for it.
 */
const WHOLE_ONLY = [
  ...["partner", "message", "recovery", "doctor"].map(
    (name) => `tests/commands/${name}_commands.process.test.ts`,
  ),
  "tests/docs/partner_onboarding.process.test.ts",
  "tests/flow/addon_upgrade.test.ts",
  "tests/flow/addons_beside.test.ts",
  "tests/flow/addons_together.test.ts",
];

const log = progress();
const isWhole = process.argv.includes("--all");
if (!isWhole) process.env["TEST_SHARE"] = SHARE;
const mocha = (config: string) => [
  ...["node_modules/mocha/bin/mocha.js", "--config", config],
  ...(isWhole ? [] : WHOLE_ONLY.flatMap((file) => ["--ignore", file])),
];

const WITHOUT_ODOO: readonly Part[] = [
  { name: "checks", args: ["tools/check/main.ts"] },
  { name: "unit", args: mocha(".mocharc.unit.yaml") },
  { name: "processes", args: mocha(".mocharc.process.yaml") },
  { name: "fuzz", args: mocha(".mocharc.fuzz.yaml") },
  { name: "web client", args: mocha(".mocharc.web.yaml") },
];

const WITH_ODOO: readonly Part[] = [
  { name: "addon", args: ["tools/odoo/test_addon.ts"] },
  { name: "flow", args: mocha(".mocharc.flow.yaml") },
  { name: "browser", args: mocha(".mocharc.browser.yaml") },
  ...(isWhole ? [{ name: "pseudo language", args: mocha(".mocharc.pseudo.yaml") }] : []),
];

async function runParts(parts: readonly Part[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const part of parts) results.push(await runPart(part, log));
  return results;
}

const provisioned = ensureOdoo(log);
// Awaited below; until then a failure of it must not end the run before the other results are shown.
provisioned.catch(() => undefined);
const results = await runParts(WITHOUT_ODOO);
await provisioned;
results.push(...(await runParts(WITH_ODOO)));

for (const { name, failures } of results)
  if (failures !== "") log(`failed in ${name}:\n${failures}`);
for (const { name, passed, failed, seconds, fault } of results) {
  log(`${name}: ${passed} passed, ${failed} failed in ${seconds} s${fault ? ` (${fault})` : ""}`);
}
const sum = (key: "passed" | "failed") => results.reduce((total, it) => total + it[key], 0);
const faulty = results.filter((it) => it.fault !== undefined).length;
console.log(`${sum("passed")} passed, ${sum("failed") + faulty} failed`);
process.exitCode = sum("failed") + faulty > 0 ? 1 : 0;
