/** docs/ARCHITECTURE.md names files and functions: each must exist, or the page leads astray. */
import { existsSync, readFileSync } from "node:fs";

const PAGE = "docs/ARCHITECTURE.md";
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

function quoted(text: string): string[] {
  return [...text.matchAll(QUOTED)].map(([, word = ""]) => word);
}

function missingPaths(words: readonly string[]): string[] {
  return words
    .filter((word) => PATH.test(word) && word !== "import/no-cycle" && !existsSync(word))
    .map((path) => `${PAGE}: ${path} does not exist`);
}

/** A row's functions must be words of its files. */
function missingNames(paths: readonly string[], names: readonly string[]): string[] {
  const texts = paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
  return names
    .filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
    .map((name) => `${PAGE}: ${name} is not in ${paths.join(", ")}`);
}
