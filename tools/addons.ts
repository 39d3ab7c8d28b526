/** The addons of this checkout: every folder of `odoo_addon` with a manifest. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ADDONS_FOLDER = join(import.meta.dirname, "../odoo_addon");

export interface Manifest {
  version?: string;
  depends?: string[];
  data?: string[];
  demo?: string[];
}

/** Names of the addons, each after those of them that it depends on. */
export function addonNames(folder = ADDONS_FOLDER): string[] {
  const found = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, "__manifest__.py")),
  );
  const ordered = new Set<string>();
  const add = (name: string): void => {
    for (const needed of manifestOf(name, folder).depends ?? []) {
      if (found.includes(needed)) add(needed);
    }
    ordered.add(name);
  };
  for (const name of found.toSorted()) add(name);
  return [...ordered];
}

/**
 * Addons of tests with modules that would make every other database much slower: they are in a database
 * of their own, by `npm run test:odoo -- --addons NAME`.
 */
export const APART = ["test_milepost_website"];

/** The addons that databases have when nobody asks for others. */
export function usualAddons(): string[] {
  return addonNames().filter((name) => !APART.includes(name));
}

/** The addons of this checkout that one stands on, itself included. */
export function withNeeded(name: string, folder = ADDONS_FOLDER): string[] {
  const known = addonNames(folder);
  const needed = (manifestOf(name, folder).depends ?? []).filter((it) => known.includes(it));
  return [...new Set([...needed.flatMap((it) => withNeeded(it, folder)), name])];
}

/**
 * A manifest is a Python literal. Those of this repository keep to what JSON has, but for the names
 * of its constants, comments on lines of their own, and commas at the end.
 *
 * @throws Error that names the file when it holds anything else
 */
export function manifestOf(name: string, folder = ADDONS_FOLDER): Manifest {
  const file = join(folder, name, "__manifest__.py");
  const json = readFileSync(file, "utf8")
    .replaceAll(/^\s*#.*$/gm, "")
    .replaceAll(/\b(True|False)\b(?=\s*[,\]}])/g, (word) => word.toLowerCase())
    .replaceAll(/,(?=\s*[\]}])/g, "");
  try {
    return JSON.parse(json) as Manifest;
  } catch (error) {
    throw new Error(`${file} must be a literal of strings, lists, True and False`, {
      cause: error,
    });
  }
}
