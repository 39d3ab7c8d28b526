/** Every public name of a package of rules is used by what runs: a rule that only tests call guards nothing. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The packages whose names are held to it. */
const PACKAGES = [
  "odoo_addon/milepost/contract",
  "odoo_addon/milepost/derivation",
  "odoo_addon/milepost_billing/billing",
  "odoo_addon/milepost_billing/reconciliation",
];

/** What nothing here uses, with the reason. */
const KEPT: Readonly<Record<string, string>> = {
  "odoo_addon/milepost_billing/billing/sentences.py: add_sentences":
    "other addons make their sentences known with it",
};

const TOP = /^(?:(?:def|class) (\w+)|([A-Za-z_]\w*)(?:: [^=\n]+)? = )/gm;
const IMPORT = /^\s*from (\.*)([\w.]*) import (?:\(([^)]*)\)|([^\n]*))/gm;

/** What a Python file calls something, and what that is: a module, or a name of one. */
interface Alias {
  alias: string;
  module: string;
  name: string | undefined;
}

interface Block {
  name: string;
  text: string;
}

/** `file: name` of each public name that nothing of the product reaches. */
export function unusedRules(packages: readonly string[] = PACKAGES): string[] {
  const files = globSync("odoo_addon/*/**/*.py").filter(
    (file) => !/\/(tests|migrations)\/|\/test_/.test(file),
  );
  const texts = new Map(files.map((file) => [file, withoutProse(readFileSync(file, "utf8"))]));
  return findUnusedRules(texts, packages);
}

/** The same over given texts by file. */
export function findUnusedRules(
  texts: ReadonlyMap<string, string>,
  packages: readonly string[],
): string[] {
  const own = [...texts.keys()].filter((file) => packages.includes(dirname(file)));
  const blocks = new Map(own.map((file) => [file, blocksOf(texts.get(file) ?? "")]));
  const aliases = new Map([...texts].map(([file, text]) => [file, aliasesOf(file, text, texts)]));
  const used = new Set<string>();
  const visit = (file: string, text: string): void => {
    for (const key of namedIn(text, aliases.get(file) ?? [])) reach(key);
    for (const { name } of blocks.get(file) ?? []) {
      if (new RegExp(`\\b${name}\\b`).test(text)) reach(`${file}: ${name}`);
    }
  };
  const reach = (key: string): void => {
    if (used.has(key)) return;
    used.add(key);
    const [file = "", name = ""] = key.split(": ");
    const block = blocks.get(file)?.find((it) => it.name === name);
    if (block !== undefined) visit(file, block.text.replace(new RegExp(`\\b${name}\\b`), ""));
  };
  for (const [file, text] of texts) {
    if (!own.includes(file)) visit(file, text);
  }
  return own.flatMap((file) =>
    (blocks.get(file) ?? [])
      .map(({ name }) => `${file}: ${name}`)
      .filter((key) => !used.has(key) && !/: _/.test(key) && KEPT[key] === undefined)
      .map((key) => `${key} is used by nothing that runs: use it, or delete it`),
  );
}

/** Prose uses no name, it speaks of it. */
function withoutProse(text: string): string {
  return text.replaceAll(/"""[\s\S]*?"""/g, '""').replaceAll(/#.*$/gm, "");
}

/** The definitions at a module's left edge, decorators and comments before one left out. */
function blocksOf(text: string): Block[] {
  const starts = [...text.matchAll(TOP)];
  return starts.map((start, index) => ({
    name: start[1] ?? start[2] ?? "",
    text: text.slice(start.index, starts[index + 1]?.index),
  }));
}

function aliasesOf(file: string, text: string, texts: ReadonlyMap<string, string>): Alias[] {
  return [...text.matchAll(IMPORT)].flatMap(([, dots = "", path = "", many, one = ""]) => {
    const place = placeOf(file, dots, path);
    if (place === undefined) return [];
    return (many ?? one)
      .replaceAll(/#.*$/gm, "")
      .split(",")
      .map((it) => it.trim().split(/\s+as\s+/))
      .filter(([name]) => name !== "")
      .map(([name = "", alias = name]) => ({ alias, ...target(file, place, name, texts) }));
  });
}

/** The folder or module that is imported from, without its ending. */
function placeOf(file: string, dots: string, path: string): string | undefined {
  if (dots === "") {
    const addon = /^odoo\.addons\.(.+)$/.exec(path)?.[1];
    return addon === undefined ? undefined : join("odoo_addon", ...addon.split("."));
  }
  const up = Array.from({ length: dots.length - 1 }, () => "..");
  return join(dirname(file), ...up, ...(path === "" ? [] : path.split(".")));
}

/** What a name of a place is: a module of a folder, a name of a module, or one that the folder passes on. */
function target(
  file: string,
  place: string,
  name: string,
  texts: ReadonlyMap<string, string>,
): { module: string; name: string | undefined } {
  if (texts.has(`${place}.py`)) return { module: `${place}.py`, name };
  const init = join(place, "__init__.py");
  // What the folder passes on hides a module of the same name, as in Python.
  const passed =
    file === init
      ? undefined
      : aliasesOf(init, texts.get(init) ?? "", texts).find((it) => it.alias === name);
  if (passed !== undefined) return passed;
  const module = join(place, `${name}.py`);
  return texts.has(module) ? { module, name: undefined } : { module: init, name };
}

function namedIn(text: string, aliases: readonly Alias[]): string[] {
  return aliases.flatMap(({ alias, module, name }) => {
    if (name !== undefined) {
      return new RegExp(`\\b${alias}\\b`).test(text) ? [`${module}: ${name}`] : [];
    }
    return [...text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, "g"))].map(
      ([, used = ""]) => `${module}: ${used}`,
    );
  });
}
