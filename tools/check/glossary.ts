/** The words on the screens follow docs/glossary.md: none of those that stand under *not* there. */
import { globSync, readFileSync } from "node:fs";
import { entriesOf } from "./catalog.ts";

const GLOSSARY = "docs/glossary.md";
const TEMPLATES = "odoo_addon/*/i18n/*.pot";

/** A finding for each text of a template that uses a forbidden synonym. */
export function forbiddenWords(glossary = readFileSync(GLOSSARY, "utf8")): string[] {
  const synonyms = synonymsOf(glossary);
  return globSync(TEMPLATES)
    .toSorted()
    .flatMap((file) =>
      entriesOf(readFileSync(file, "utf8")).flatMap(({ text }) =>
        usedIn(text, synonyms).map((it) => `${file}: “${text}”: say ${it}`),
      ),
    );
}

/** `“term”, not “synonym”` for each synonym in a text, whole words in any case. */
export function usedIn(text: string, synonyms: ReadonlyMap<string, string>): string[] {
  return [...synonyms]
    .filter(([synonym]) => new RegExp(`\\b${synonym}s?\\b`, "i").test(text))
    .map(([synonym, term]) => `“${term}”, not “${synonym}”`);
}

/** Forbidden synonym → the term in its place, by the glossary's table. */
export function synonymsOf(glossary: string): Map<string, string> {
  const rows = glossary
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.includes("| meaning |"));
  return new Map(
    rows.flatMap((row) => {
      const [, term = "", , not = ""] = row.split("|").map((cell) => cell.trim());
      return not.split(", ").flatMap((it) => (it === "" ? [] : [[it, term] as const]));
    }),
  );
}
