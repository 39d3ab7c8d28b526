/** Words on screens and in documents follow docs/glossary.md: none of those that stand under *not* there. */
import { globSync, readFileSync } from "node:fs";
import { entriesOf } from "./catalog.ts";

const GLOSSARY = "docs/glossary.md";
const TEMPLATES = "odoo_addon/*/i18n/*.pot";
const PAGES = "{README.md,CONTRIBUTING.md,docs/**/*.md,odoo_addon/*/readme/*.md}";
/** Cells of a row of the terms, with the empty ones at its ends. */
const COLUMNS = 9;
/** Names of code, and addresses: they are not read as words. */
const NO_WORDS = /```.*?```|`[^`\n]*`|\]\([^)]*\)/gs;

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

/** The same for the documents. */
export function forbiddenInPages(glossary = readFileSync(GLOSSARY, "utf8")): string[] {
  const synonyms = synonymsOf(glossary);
  return globSync(PAGES)
    .filter((page) => page !== GLOSSARY)
    .toSorted()
    .flatMap((page) => forbiddenIn(page, readFileSync(page, "utf8"), synonyms));
}

/** Findings of one page, by its lines; what it quotes as code may be called otherwise. */
export function forbiddenIn(
  page: string,
  text: string,
  synonyms: ReadonlyMap<string, string>,
): string[] {
  const words = text.replaceAll(NO_WORDS, (quoted) => quoted.replaceAll(/[^\n]/g, ""));
  return words
    .split("\n")
    .flatMap((line, at) => usedIn(line, synonyms).map((it) => `${page}:${at + 1}: say ${it}`));
}

/** A verb that a language has one word for, by docs/glossary.md. */
export interface Choice {
  /** Of texts that have all of these words. */
  english: readonly string[];
  language: string;
  say: string;
  not: string;
}

/** Translations that say one thing in two words. */
export function mixedTranslations(glossary = readFileSync(GLOSSARY, "utf8")): string[] {
  const choices = choicesOf(glossary);
  return globSync("odoo_addon/*/i18n/*.po")
    .toSorted()
    .flatMap((file) => mixedIn(file, readFileSync(file, "utf8"), choices));
}

/** Findings of one catalog; its name says the language. */
export function mixedIn(file: string, catalog: string, choices: readonly Choice[]): string[] {
  const own = choices.filter(({ language }) => file.endsWith(`${language}.po`));
  return entriesOf(catalog).flatMap(({ text, translation }) =>
    own
      .filter(({ english }) => english.every((word) => new RegExp(`\\b${word}`, "i").test(text)))
      .filter(({ not }) => new RegExp(`(?<!\\p{L})${not}`, "iu").test(translation))
      .map(({ say, not }) => `${file}: “${translation}”: say “${say}”, not “${not}…”`),
  );
}

/** The rows with a language in their second cell. */
export function choicesOf(glossary: string): Choice[] {
  const cells = glossary.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return cells.flatMap(([, english = "", language = "", say = "", not = ""]) =>
    /^[a-z]{2}$/.test(language) ? [{ english: english.split(", "), language, say, not }] : [],
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
    .filter((line) => line.startsWith("| ") && line.split("|").length === COLUMNS)
    .filter((line) => !line.includes("| meaning |"));
  return new Map(
    rows.flatMap((row) => {
      const [, term = "", , not = ""] = row.split("|").map((cell) => cell.trim());
      return not.split(", ").flatMap((it) => (it === "" ? [] : [[it, term] as const]));
    }),
  );
}
