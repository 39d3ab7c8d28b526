/** Every text of the addons is said in every language of the product, with its placeholders. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { entriesOf } from "./catalog.ts";

export const LANGUAGES = ["de", "es", "fr", "nl"];
const TEMPLATES = "odoo_addon/*/i18n/*.pot";
/** What the head of each catalog says; without it readers guess how its bytes are to be read. */
const CHARSET = '\n"Content-Type: text/plain; charset=UTF-8\\n"\n';
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
