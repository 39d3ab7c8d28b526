/**
 * Overrides by environment variable: `MILEPOST_ODOO__URL`, `MILEPOST_INTAKE__PORT`,
 * `MILEPOST_CONNECTIONS__ACME__PEER__BASE_URL` (a connection by its code, - written as _).
 * With `_FILE` at the end the value is read from that file.
 */
import { readFileSync } from "node:fs";

export interface Override {
  variable: string;
  path: Array<string | number>;
}

type Tree = Record<string, unknown>;

/**
 * Puts the overrides into the tree that YAML gave. Every value goes in as text; the caller turns
 * it into a number or a boolean where the schema wants one.
 */
export function applyEnvironment(
  tree: Tree,
  environment: Readonly<Record<string, string | undefined>>,
): Override[] {
  const overrides: Override[] = [];
  for (const [variable, raw] of Object.entries(environment).toSorted(byName)) {
    if (!variable.startsWith("MILEPOST_") || variable === "MILEPOST_CONFIG" || raw === undefined) {
      continue;
    }
    const fromFile = variable.endsWith("_FILE");
    const name = variable.slice("MILEPOST_".length, fromFile ? -"_FILE".length : undefined);
    const value = fromFile ? readFileSync(raw, "utf8").trimEnd() : raw;
    const path = put(tree, name.toLowerCase().split("__"), value);
    overrides.push({ variable, path });
  }
  return overrides;
}

/** The same order on every machine, so that two variables for one place end the same. */
function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function put(tree: Tree, names: string[], value: string): Array<string | number> {
  const path: Array<string | number> = [];
  let node: Tree | unknown[] = tree;
  for (const [depth, name] of names.entries()) {
    const last = depth === names.length - 1;
    const step: string | number = Array.isArray(node) ? indexOf(node, name) : name;
    path.push(step);
    const holder = node as Tree;
    if (last) holder[step] = value;
    else {
      const next = holder[step];
      if (typeof next !== "object" || next === null) holder[step] = {};
      node = holder[step] as Tree | unknown[];
    }
  }
  return path;
}

/** A list's entry by its code; a code that is not there becomes a new entry. */
function indexOf(list: unknown[], name: string): number {
  const wanted = name.replaceAll("-", "_");
  const index = list.findIndex((entry) => {
    const code = (entry as { code?: unknown } | null)?.code;
    return typeof code === "string" && code.toLowerCase().replaceAll("-", "_") === wanted;
  });
  if (index >= 0) return index;
  list.push({ code: name });
  return list.length - 1;
}
