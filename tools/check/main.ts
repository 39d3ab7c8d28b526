/**
 * `npm run check`: types, lint, format, the addons' Python and data files, generated files.
 * `npm run format` mends what can be mended. Every part runs, so that one run shows all findings.
 */
import { existsSync } from "node:fs";
import { CommandError, run } from "../odoo/processes.ts";
import { progress } from "../odoo/progress.ts";
import { checkAddons } from "./addon.ts";
import { strandedDoors } from "./doors/doors.ts";
import { forbiddenInPages, forbiddenWords, mixedTranslations } from "./glossary.ts";
import { checkPython } from "./python.ts";
import { checkStructure } from "./structure/structure.ts";
import { openTranslations, unexportedWords } from "./translations.ts";

const fix = process.argv.includes("--fix");
const log = progress();
const bin = (name: string) => `node_modules/.bin/${name}`;
const script = (file: string, ...args: string[]) => command(process.execPath, file, ...args);

/** What a second run need not look at again; lost without harm. */
const CACHE = "node_modules/.cache/milepost";
const prettier = ["--log-level=warn", "--cache", `--cache-location=${CACHE}/prettier`];
const incremental = (name: string) => [
  "--incremental",
  "--tsBuildInfoFile",
  `${CACHE}/${name}.tsbuildinfo`,
];

/** Each part by the name that people see; it gives its findings. */
const parts: ReadonlyArray<readonly [name: string, check: () => Promise<string[]>]> = [
  ["format", () => command(bin("prettier"), fix ? "--write" : "--check", ...prettier, ".")],
  ["python", async () => checkPython(fix)],
  ["addons", async () => checkAddons()],
  ["doors", async () => strandedDoors()],
  ["structure", async () => checkStructure()],
  ["glossary", async () => [...forbiddenWords(), ...forbiddenInPages(), ...mixedTranslations()]],
  ["translations", async () => [...openTranslations(), ...unexportedWords()]],
  [
    "lint",
    () => command(bin("oxlint"), "--type-aware", "--format=unix", ...(fix ? ["--fix"] : [])),
  ],
  ["types", () => command(bin("tsc"), "-p", ".", ...incremental("bridge"))],
  ["types of the web client", () => command(bin("tsc"), "-p", "web", ...incremental("web"))],
  ["contract", () => script("tools/contract/main.ts", ...(fix ? [] : ["--check"]))],
  ["web bundle", () => script("tools/build/main.ts", ...(fix ? [] : ["--check"]))],
];

async function command(name: string, ...args: string[]): Promise<string[]> {
  try {
    await run(name, args);
    return [];
  } catch (error) {
    if (error instanceof CommandError) return [error.output.trim()];
    throw error;
  }
}

let failed = 0;
for (const [name, check] of parts) {
  if (!existsSync("web") && name.includes("web")) continue;
  const findings = await check();
  log(`${findings.length === 0 ? "ok  " : "FAIL"} ${name}`);
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) failed++;
}
console.log(`${parts.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
