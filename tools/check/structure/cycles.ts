/** Cycles of imports, of types too: files of a cycle can only be understood together. */
import type { Module } from "./modules.ts";

/** Each cycle once, as the files in its order. */
export function findCycles(modules: readonly Module[]): string[] {
  const next = new Map(modules.map(({ file, imports }) => [file, imports.map((it) => it.to)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at !== -1) found.push([...path.slice(at), file].join(" → "));
    if (at !== -1 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}
