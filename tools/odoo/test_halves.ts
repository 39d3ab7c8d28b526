/**
 * The addons' tests in two halves that run beside each other, each in a database of its own: Odoo's
 * runner keeps one processor busy, and machines have two.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ADDONS_FOLDER } from "../addons.ts";
import { tagsOf } from "./test_outcome.ts";

interface TestFile {
  /** `/addon:TestClass` of each class of the file. */
  classes: string[];
  /** Number of tests: what it takes, about. */
  weight: number;
}

/**
 * Odoo's --test-tags of both halves. The first names its classes, the second is all that the first
 * does not name: so no test is in neither.
 */
export function halves(addons: readonly string[], folder = ADDONS_FOLDER): [string, string] {
  const files = addons.flatMap((addon) => testFiles(addon, folder));
  const first: string[] = [];
  let balance = 0;
  for (const { classes, weight } of files.toSorted((a, b) => b.weight - a.weight)) {
    if (balance <= 0) first.push(...classes);
    balance += balance <= 0 ? weight : -weight;
  }
  return [first.join(","), [tagsOf(addons, ""), ...first.map((one) => `-${one}`)].join(",")];
}

/** Whether there is nothing to halve. */
export function isOneFile(addons: readonly string[], folder = ADDONS_FOLDER): boolean {
  return addons.flatMap((addon) => testFiles(addon, folder)).length < 2;
}

function testFiles(addon: string, folder: string): TestFile[] {
  const tests = join(folder, addon, "tests");
  const names = readdirSync(join(folder, addon)).includes("tests") ? readdirSync(tests) : [];
  return names
    .filter((name) => /^test_.*\.py$/.test(name))
    .map((name) => {
      const code = readFileSync(join(tests, name), "utf8");
      return {
        classes: [...code.matchAll(/^class (\w+)/gm)].map(([, found]) => `/${addon}:${found}`),
        weight: [...code.matchAll(/^ +def test_/gm)].length,
      };
    })
    .filter(({ classes }) => classes.length > 0);
}
