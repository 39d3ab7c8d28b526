/** Every text of the addons is said in every language of the product, with its placeholders. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { entriesOf } from "./catalog.ts";

export const LANGUAGES = ["de", "es", "fr", "nl"];
const TEMPLATES = "odoo_addon/*/i18n/*.pot";
const PLACEHOLDER = /%\(\w+\)[sdf]|%[sd%]|\{\w+\}/g;

/** What is open or wrong in the catalogs beside each template. */
export function openTranslations(): string[] {
  return globSync(TEMPLATES)
    .toSorted()
    .flatMap((template) => {
      const texts = entriesOf(readFileSync(template, "utf8")).map((it) => it.text);
      return LANGUAGES.flatMap((code) => {
        const file = join(dirname(template), `${code}.po`);
        return faultsOf(file, texts, existsSync(file) ? readFileSync(file, "utf8") : "");
      });
    });
}

/** Findings of one catalog against the texts of its template. */
export function faultsOf(file: string, texts: readonly string[], catalog: string): string[] {
  const known = new Map(entriesOf(catalog).map((it) => [it.text, it.translation]));
  return texts.flatMap((text) => {
    const translation = known.get(text);
    if (translation === undefined) return [`${file}: “${text}” is not there (npm run i18n)`];
    if (translation === "") return [`${file}: “${text}” is not translated`];
    if (placeholders(text) !== placeholders(translation)) {
      return [`${file}: “${text}” has other placeholders than “${translation}”`];
    }
    return [];
  });
}

function placeholders(text: string): string {
  return (text.match(PLACEHOLDER) ?? []).toSorted().join(" ");
}
