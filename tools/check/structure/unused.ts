/** Code that no part of the product uses: exports and files that only their tests keep alive. */
import type { Module } from "./modules.ts";

/** What only tests use and stays, with the reason. */
const KEPT: Readonly<Record<string, string>> = {
  "bridge/sources/x12/stream.ts: streamSets": "the parser that `bench normalize` measures",
  "tools/simulator/options.ts: FLAWLESS": "a partner without faults, for tests of one fault",
};

/** Modules that a command starts. */
const STARTED = /(^|\/)(main|cli|process_main|test_addon|milepost|milepost_billing)\.ts$/;

const DECLARED =
  /^export (?:async )?(?:abstract )?(const|let|class|function\*?|interface|type|enum) (\w+)/gm;

/**
 * `file: name` of each export that no module of the product takes and its own file does not use
 * either; an internal that is exported for its test is none. And each file that nobody imports.
 */
export function findUnused(modules: readonly Module[]): string[] {
  const product = modules.filter(({ file }) => !file.startsWith("tests/"));
  const takenBy = (some: readonly Module[]) =>
    new Set(
      some.flatMap(({ imports }) =>
        imports.flatMap(({ to, names }) => [to, ...names.map((name) => `${to}: ${name}`)]),
      ),
    );
  const taken = takenBy(product);
  const tested = takenBy(modules.filter(({ file }) => file.startsWith("tests/")));
  const files = product
    .filter(({ file }) => !taken.has(file) && !STARTED.test(file))
    .map(({ file }) => `${file}: nobody imports it`);
  const exports = product
    .filter(({ file }) => !taken.has(`${file}: *`))
    .flatMap(({ file, text }) =>
      exportsOf(text)
        .map((it) => ({ ...it, key: `${file}: ${it.name}` }))
        .filter(({ key }) => !taken.has(key) && KEPT[key] === undefined)
        .filter(({ key, name, isType }) => {
          if (isType) return mentions(text, name) < 2 && !tested.has(key);
          return mentions(text, name) < 2 || !tested.has(key);
        })
        .map(({ key }) => key),
    );
  return [...files, ...exports];
}

function exportsOf(text: string): Array<{ name: string; isType: boolean }> {
  return [...text.matchAll(DECLARED)].map(([, what = "", name = ""]) => ({
    name,
    isType: what === "interface" || what === "type",
  }));
}

function mentions(text: string, name: string): number {
  return [...text.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length;
}
