/** The pages for those who carry on name files and functions: each must exist, or they lead astray. */
import { existsSync, globSync, readFileSync } from "node:fs";

const PAGE = "docs/ARCHITECTURE.md";
/** Pages beside it whose paths are held to the same. */
const OTHERS = "{CONTRIBUTING.md,docs/{extending,adding_*,for_programs}.md,docs/decisions/*.md}";
/** A folder or file that the reader is to make has a name in capitals. */
const TO_MAKE = /NAME/;
/** Every other page that people read: of what it quotes, what begins with a folder of ours. */
const REST = "{README,SECURITY,docs/**/*}.md";
const FOLDER = /^(?:bridge|deploy|docs|odoo_addon|tests|tools|web)\//;
const QUOTED = /`([^`]+)`/g;
const PATH = /^[\w.-]*\/[\w./-]+$|^\.[\w.]+\.json$/;

/** Findings over the page's text; files are looked up from the repository's root. */
export function brokenHops(text = readFileSync(PAGE, "utf8")): string[] {
  return text
    .replaceAll(/```.*?```/gs, "")
    .split("\n")
    .flatMap((line) => {
      const cells = line.startsWith("|") ? line.split("|").map(quoted) : [];
      return [...missingPaths(quoted(line)), ...missingNames(cells[2] ?? [], cells[3] ?? [])];
    });
}

/** Findings over the paths of the other pages. */
export function brokenPaths(): string[] {
  const strict = globSync(OTHERS);
  const rest = globSync(REST).filter((page) => page !== PAGE && !strict.includes(page));
  const quotedIn = (page: string) =>
    quoted(readFileSync(page, "utf8").replaceAll(/```.*?```/gs, ""));
  return [
    ...strict.flatMap((page) => missingPaths(quotedIn(page), page)),
    ...rest.toSorted().flatMap((page) => brokenPathsIn(page, quotedIn(page))),
  ];
}

/** Findings over what a page for users quotes: codes of partners look like paths, too. */
export function brokenPathsIn(page: string, words: readonly string[]): string[] {
  return missingPaths(
    words.filter((word) => FOLDER.test(word)),
    page,
  );
}

function quoted(text: string): string[] {
  return [...text.matchAll(QUOTED)].map(([, word = ""]) => word);
}

function missingPaths(words: readonly string[], page = PAGE): string[] {
  return words
    .filter((word) => PATH.test(word) && !/^\/|^import\/no-cycle$/.test(word))
    .filter((word) => !TO_MAKE.test(word) && !existsSync(word))
    .map((path) => `${page}: ${path} does not exist`);
}

/** A row's functions must be words of its files. */
function missingNames(paths: readonly string[], names: readonly string[]): string[] {
  const texts = paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
  return names
    .filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
    .map((name) => `${PAGE}: ${name} is not in ${paths.join(", ")}`);
}
