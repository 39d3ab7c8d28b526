/**
 * Files of at most 300 lines, and Python functions of at most 60, unless a reason stands in the
 * file's head. (TypeScript functions, and files counted without comments, are the lint's.)
 */
import { globSync, readFileSync } from "node:fs";

const FILES = "{bridge,web,tools,tests,odoo_addon,deploy}/**/*.{ts,py,xml,scss}";
/** What is built, and what partners wrote. */
const NOT_OURS = /\/(static\/dist|fixtures|golden|node_modules)\/|static\/src\/dist\//;
const MAX_LINES = 300;
const MAX_FUNCTION = 60;
const HEAD = 12;
const REASON = /over 300 lines|max-lines -- /i;
const FUNCTION = /^(\s*)(?:async )?def (\w+)/;

/** Each file or function that is longer than it may be. */
export function oversized(): string[] {
  return globSync(FILES)
    .filter((file) => !NOT_OURS.test(file))
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(file, "utf8");
      return [...longFile(file, text), ...(file.endsWith(".py") ? longFunctions(file, text) : [])];
    });
}

/** A finding when the file is too long and says no reason in its first lines. */
export function longFile(file: string, text: string): string[] {
  const lines = text.trimEnd().split("\n");
  if (lines.length <= MAX_LINES || REASON.test(lines.slice(0, HEAD).join("\n"))) return [];
  return [`${file}: ${lines.length} lines; split it, or say in its head why it is over 300 lines`];
}

/** The functions of a Python file that are too long, nested ones within theirs. */
export function longFunctions(file: string, text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, start) => {
    const [, indent, name] = FUNCTION.exec(line) ?? [];
    if (indent === undefined || name === undefined) return [];
    const length = bodyEnd(lines, start, indent.length) - start + 1;
    return length > MAX_FUNCTION ? [`${file}:${start + 1} ${name} has ${length} lines`] : [];
  });
}

/** The last line of the function: the last one indented deeper, before one that is not (a signature's closing bracket aside). */
function bodyEnd(lines: string[], start: number, indent: number): number {
  let end = start;
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    const deeper = line.length - line.trimStart().length > indent;
    if (!deeper && !line.trimStart().startsWith(")")) break;
    end = at;
  }
  return end;
}
