/** A term in the pseudo language: every piece of it that a person reads stands in ⟦⟧. */

/** What must stay as it is: tags, entities, placeholders of Python, JavaScript and QWeb. */
const KEPT =
  /<[^>]+>|&#?\w+;|%\(\w+\)[-+# 0]*[\d.]*[a-z]|%[-+# 0]*[\d.]*[a-z%]|\{\{.*?\}\}|\{[\w.]*\}/;
const LETTER = /\p{L}/u;
/** Of a tag, what is read, too. */
const READ = /((?:title|placeholder|alt|aria-label)=")([^"]*)(")/g;

/** The term with its pieces in brackets; placeholders are outside, so that what fills them shows. */
export function bracketed(term: string): string {
  const kept = new RegExp(KEPT, "gs");
  let wrapped = "";
  let from = 0;
  for (const match of term.matchAll(kept)) {
    wrapped += piece(term.slice(from, match.index)) + tag(match[0]);
    from = match.index + match[0].length;
  }
  return wrapped + piece(term.slice(from));
}

function piece(text: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  return LETTER.test(inner) ? `${before}⟦${inner}⟧${after}` : text;
}

function tag(kept: string): string {
  if (!kept.startsWith("<")) return kept;
  return kept.replaceAll(READ, (whole, start: string, text: string, end: string) =>
    LETTER.test(text) ? `${start}⟦${text}⟧${end}` : whole,
  );
}

/** What stands outside of brackets, in pieces. */
export function outside(text: string): string[] {
  return text
    .replaceAll(/⟦[^⟦⟧]*⟧/g, "\n")
    .split("\n")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
