/** Every text of the addons is said in every language of the product, with its placeholders. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { entriesOf } from "./catalog.ts";

export const LANGUAGES = ["de", "es", "fr", "nl"];
const TEMPLATES = "odoo_addon/*/i18n/*.pot";
/** What the head of each catalog says; without it readers guess how its bytes are to be read. */
const CHARSET = '\n"Content-Type: text/plain; charset=UTF-8\\n"\n';
/** Templates, whose text and attributes are exported, but not the words within an expression. */
const PAGES = ["web/**/*.xml", "odoo_addon/milepost*/**/*.xml"];
const SHOWN =
  /\bt-(?:out|esc|value|att-(?:title|aria-label|placeholder|alt|data-tooltip))="([^"]*)"/g;
/** Not a path, a format or a key: a capital within, or two words. */
const WORDS = /^(?=.*(?:\p{Lu}\p{Ll}|\p{L}{2,} \p{L}{2,}))[^/%{]/u;
/** Attributes with a text that Odoo exports, of views and of the web client's templates. */
const EXPORTED = new Set(
  (
    "string add-label help sum avg confirm placeholder alt title label aria-label data-tooltip " +
    "confirm-title confirm-label cancel-label value_label"
  ).split(" "),
);
/** Attributes that programs read. */
const CODE = /^(?:t-.*|name|eval|widget|column_invisible)$/;
const ATTRIBUTE = /\s([\w-]+)="(\p{Lu}\p{Ll}[^"]*)"/gu;
const PLACEHOLDER = /%\(\w+\)[sdf]|%[sd%]|\{\w+\}/g;

/** What is open or wrong in the catalogs beside each template. */
export function openTranslations(): string[] {
  return globSync(TEMPLATES)
    .toSorted()
    .flatMap((template) => {
      const all = readFileSync(template, "utf8");
      const texts = entriesOf(all).map((it) => it.text);
      const faults = LANGUAGES.flatMap((code) => {
        const file = join(dirname(template), `${code}.po`);
        return faultsOf(file, texts, existsSync(file) ? readFileSync(file, "utf8") : "");
      });
      return [...headless(template, all), ...faults];
    });
}

/** Words of templates that nothing exports, so that nobody translates them. */
export function unexportedWords(): string[] {
  return globSync(PAGES)
    .toSorted()
    .flatMap((file) => unexportedIn(file, readFileSync(file, "utf8")));
}

/** Findings of one template: words within expressions, and in attributes that Odoo passes over. */
export function unexportedIn(file: string, template: string): string[] {
  const attributes = [...template.matchAll(ATTRIBUTE)]
    .filter(([, name = ""]) => !EXPORTED.has(name) && !CODE.test(name))
    .map(
      ([, name, text]) => `${file}: ${name}="${text}" is not exported: give it by _t or as text`,
    );
  return [...attributes, ...expressionsWithWords(file, template)];
}

function expressionsWithWords(file: string, template: string): string[] {
  const expressions = [...template.matchAll(SHOWN)].map(([, expression = ""]) => expression);
  return expressions.flatMap((expression) =>
    [...expression.matchAll(/'([^']*)'/g)]
      .filter(([, literal = ""]) => WORDS.test(literal))
      .map(([, literal]) => `${file}: “${literal}” is in an expression: give it by _t or as text`),
  );
}

function headless(file: string, catalog: string): string[] {
  return catalog.includes(CHARSET) ? [] : [`${file} has lost its head (npm run i18n)`];
}

/** Findings of one catalog against the texts of its template. */
export function faultsOf(file: string, texts: readonly string[], catalog: string): string[] {
  const known = new Map(entriesOf(catalog).map((it) => [it.text, it.translation]));
  const faults = texts.flatMap((text) => {
    const translation = known.get(text);
    if (translation === undefined) return [`${file}: “${text}” is not there (npm run i18n)`];
    if (translation === "") return [`${file}: “${text}” is not translated`];
    if (placeholders(text) !== placeholders(translation)) {
      return [`${file}: “${text}” has other placeholders than “${translation}”`];
    }
    return [];
  });
  return [...headless(file, catalog), ...faults];
}

function placeholders(text: string): string {
  return (text.match(PLACEHOLDER) ?? []).toSorted().join(" ");
}
