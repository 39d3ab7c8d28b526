/** Gettext catalogs as `npm run i18n` writes them: one entry a block, its texts in quoted lines. */

export interface Entry {
  text: string;
  translation: string;
}

const BLOCK = /^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm;

/** The entries of a catalog, without its head. */
export function entriesOf(catalog: string): Entry[] {
  return [...catalog.matchAll(BLOCK)]
    .map(([, text = "", translation = ""]) => ({
      text: unquoted(text),
      translation: unquoted(translation),
    }))
    .filter(({ text }) => text !== "");
}

function unquoted(lines: string): string {
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string)
    .join("");
}
