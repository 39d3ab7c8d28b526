/**
 * Overrides by environment variable: `MILEPOST_ODOO__URL`, `MILEPOST_INTAKE__PORT`,
 * `MILEPOST_CONNECTIONS__ACME__PEER__BASE_URL` (a connection by its code, - written as _).
 * With `_FILE` at the end the value is read from that file.
 */
import { readFileSync } from "node:fs";
import { configError } from "./config_error.ts";

export interface Override {
  variable: string;
  path: Array<string | number>;
}

type Tree = Record<string, unknown>;

/**
 * Puts the overrides into the tree that YAML gave. Every value goes in as text; the caller turns
 * it into a number or a boolean where the schema wants one. Throws `config_invalid` where two
 * variables, or two connections, share one name.
 *
 * @param namesAt the keys that the configuration knows at a path
 */
export function applyEnvironment(
  tree: Tree,
  environment: Readonly<Record<string, string | undefined>>,
  namesAt: (path: Override["path"]) => readonly string[],
): Override[] {
  const overrides: Override[] = [];
  for (const [variable, raw] of Object.entries(environment).toSorted(byName)) {
    if (!variable.startsWith("MILEPOST_") || variable === "MILEPOST_CONFIG" || raw === undefined) {
      continue;
    }
    const names = variable.slice("MILEPOST_".length).toLowerCase().split("__");
    const fromFile = variable.endsWith("_FILE") && !isKey(tree, names, variable, namesAt);
    if (fromFile) names.push((names.pop() ?? "").slice(0, -"_file".length));
    const path = pathOf(tree, names, variable);
    const before = overrides.find((it) => it.path.join("/") === path.join("/"));
    if (before !== undefined) throw twice(before.variable, variable, path);
    put(tree, path, fromFile ? contentOf(raw, variable, path) : raw);
    overrides.push({ variable, path });
  }
  return overrides;
}

/** Keys such as `ca_file` end like the variables that name a file. */
function isKey(
  tree: Tree,
  names: readonly string[],
  variable: string,
  namesAt: (path: Override["path"]) => readonly string[],
): boolean {
  const holder = pathOf(tree, names.slice(0, -1), variable);
  return namesAt(holder).includes(names.at(-1) ?? "");
}

function contentOf(file: string, variable: string, path: Override["path"]): string {
  try {
    return readFileSync(file, "utf8").trimEnd();
  } catch (error) {
    const text = `${path.join(".")}: the file of ${variable} cannot be read: ${(error as Error).message}`;
    throw configError(text, path.join("."));
  }
}

function twice(first: string, second: string, path: Override["path"]) {
  const text = `${path.join(".")} is set by both ${first} and ${second}`;
  return configError(text, path.join("."), "take one of the two variables away");
}

/** The same order on every machine, so that two variables for one place end the same. */
function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** The path that a variable's names mean; a connection that is not there becomes a new one. */
function pathOf(tree: Tree, names: readonly string[], variable: string): Override["path"] {
  const path: Override["path"] = [];
  let node: unknown = tree;
  for (const name of names) {
    const step = Array.isArray(node) ? indexOf(node, name, variable) : name;
    path.push(step);
    node = isObject(node) ? (node as Tree)[step] : undefined;
  }
  return path;
}

function put(tree: Tree, path: Override["path"], value: string): void {
  let node = tree;
  for (const step of path.slice(0, -1)) {
    if (!isObject(node[step])) node[step] = {};
    node = node[step] as Tree;
  }
  node[path.at(-1) ?? ""] = value;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** A list's entry by its code; a code that is not there becomes a new entry. */
function indexOf(list: unknown[], name: string, variable: string): number {
  const wanted = name.replaceAll("-", "_");
  const codes = list.map((entry) => (entry as { code?: unknown } | null)?.code);
  const found = codes.flatMap((code, index) => {
    const isIt = typeof code === "string" && code.toLowerCase().replaceAll("-", "_") === wanted;
    return isIt ? [index] : [];
  });
  const [index, another] = found;
  if (index !== undefined && another !== undefined) {
    const meant = `${String(codes[index])} and ${String(codes[another])}`;
    throw configError(
      `${variable} may mean the connections ${meant}`,
      "connections",
      "rename one: in variables - and _ are the same",
    );
  }
  if (index !== undefined) return index;
  list.push({ code: name });
  return list.length - 1;
}
