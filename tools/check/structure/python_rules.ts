/** The addons' packages of rules are pure: they can be tested, replayed and back-tested without Odoo. */
import { existsSync, globSync, readFileSync } from "node:fs";

const PURE = [
  "odoo_addon/milepost/contract",
  "odoo_addon/milepost/derivation",
  "odoo_addon/milepost_billing/billing",
];
/** What a pure package may take from its addon. */
const SHARED = new Set(["codes", "standard_codes"]);
const ODOO = /^\s*(?:from|import)\s+odoo\b/m;
/** `from ..models import x`, out of a package of the addon's root. */
const OUTSIDE = /^\s*from \.\.(\w+)/gm;

/** Each import that makes a package of rules depend on Odoo or on the addon around it. */
export function impureRules(packages: readonly string[] = PURE): string[] {
  return packages.flatMap((folder) => {
    if (!existsSync(folder)) return [`${folder} is not there: tools/check names it as pure`];
    return globSync(`${folder}/**/*.py`)
      .toSorted()
      .flatMap((file) => impureImports(file, folder, readFileSync(file, "utf8")));
  });
}

/** Findings in one file of a pure package. */
export function impureImports(file: string, folder: string, text: string): string[] {
  const isInside = file.slice(folder.length + 1).includes("/");
  const outside = isInside ? [] : [...text.matchAll(OUTSIDE)].map(([, name = ""]) => name);
  return [
    ...(ODOO.test(text) ? [`${file}: rules import no Odoo`] : []),
    ...outside
      .filter((name) => !SHARED.has(name))
      .map((name) => `${file}: rules know nothing of ..${name}`),
  ];
}
