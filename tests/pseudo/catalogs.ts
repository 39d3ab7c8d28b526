/**
 * The addons with a translation into the pseudo language, in a folder of their own: generated from
 * each `.pot`, so that a text which no template has stays naked. It takes the place of Japanese, of
 * which Odoo has nearly every word of its own: what is neither Japanese nor in brackets is data, or ours.
 */
import { chmodSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADDONS_FOLDER, usualAddons } from "../../tools/addons.ts";
import { entriesOf } from "../../tools/check/catalog.ts";
import { bracketed } from "./brackets.ts";

export const LANGUAGE = "ja_JP";
const FILE = "ja.po";
const ENTRY = /^msgid ((?:".*"\n)+)msgstr ""\n(?!")/gm;

/** Copies the addons and writes their catalogs; gives the folder. Whoever calls it removes it. */
export function pseudoAddons(): string {
  const folder = mkdtempSync(join(tmpdir(), "pseudo-addons-"));
  cpSync(ADDONS_FOLDER, folder, { recursive: true });
  chmodSync(folder, 0o755); // Odoo reads it as a user of its own
  for (const addon of translatedAddons()) {
    writeFileSync(join(folder, addon, "i18n", FILE), catalogOf(templateOf(addon)));
  }
  return folder;
}

/** Each of our terms, of every addon that people see. */
export function ownTerms(): string[] {
  const all = translatedAddons().flatMap((addon) => entriesOf(templateOf(addon)));
  return [...new Set(all.map((entry) => entry.text))];
}

function translatedAddons(): string[] {
  return usualAddons().filter((name) => !/^test_|_demo$/.test(name));
}

function templateOf(addon: string): string {
  return readFileSync(join(ADDONS_FOLDER, addon, "i18n", `${addon}.pot`), "utf8");
}

function catalogOf(template: string): string {
  return template.replaceAll(ENTRY, (_whole, lines: string) => {
    const text = lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string)
      .join("");
    return `msgid ${lines}msgstr ${JSON.stringify(bracketed(text))}\n`;
  });
}
