/** Lints and formats Python, the addon's and that of benchmarks, with ruff (WebAssembly: the machine needs no Python). */
import { createRequire } from "node:module";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import type { Diagnostic, Workspace as RuffWorkspace } from "@astral-sh/ruff-wasm-nodejs";

// ruff says on loading that its interface may change; the lock file pins the version.
const { Workspace, PositionEncoding } = createRequire(import.meta.url)(
  "@astral-sh/ruff-wasm-nodejs",
) as typeof import("@astral-sh/ruff-wasm-nodejs");

/** Rules: pyflakes, pycodestyle, isort, bugbear, pyupgrade, bandit. */
const SETTINGS = {
  "line-length": 110,
  "target-version": "py311",
  lint: {
    select: ["E", "F", "I", "B", "UP", "S"],
    // E501: the formatter breaks what can be broken. F401: Odoo's __init__ files import for effect,
    // and are checked by the addon's installation. S101: tests assert. S608: the statements of the
    // ingestion are put together of constant table and column names; values are always parameters.
    ignore: ["E501", "S101", "S608"],
    isort: { "known-third-party": ["odoo"], "combine-as-imports": true },
  },
};

/** Findings as `file:row:column code text`; with `fix` what can be formatted is formatted. */
export function checkPython(fix: boolean): string[] {
  const ruff = new Workspace(SETTINGS, PositionEncoding.Utf16);
  return globSync("{odoo_addon,tests,tools}/**/*.py").flatMap((file) => checkFile(ruff, file, fix));
}

function checkFile(ruff: RuffWorkspace, file: string, fix: boolean): string[] {
  const text = readFileSync(file, "utf8");
  // `__init__.py` and `__manifest__.py` are read by Odoo: an import or an expression there is used.
  const isOdoos = /__(init|manifest)__\.py$/.test(file);
  const formatted = ruff.format(fix ? mend(ruff, text, isOdoos) : text);
  if (fix && formatted !== text) writeFileSync(file, formatted);
  const diagnostics = ruff.check(formatted) as Diagnostic[];
  const findings = diagnostics
    .filter(({ code }) => !(isOdoos && ["F401", "B018"].includes(code ?? "")))
    // A test's password or fixture path is no secret.
    .filter(({ code }) => !(file.includes("/tests/") && code?.startsWith("S")))
    .map((it) => {
      const { row, column } = it.start_location;
      return `${file}:${row}:${column} ${it.code ?? "syntax"} ${it.message}`;
    });
  if (!fix && formatted !== text) findings.push(`${file}: not formatted (npm run format)`);
  return findings;
}

/** Applies ruff's own fixes; some, such as an import that another fix made unused, need a second round. */
function mend(ruff: RuffWorkspace, text: string, keepImports: boolean): string {
  let mended = text;
  for (let round = 0; round < 3; round++) {
    const found = (ruff.check(mended) as Diagnostic[]).filter(
      (it) => !(keepImports && it.code === "F401"),
    );
    mended = applyFixes(mended, found);
  }
  return mended;
}

/** The last edit first, so that the positions of the others stay right. */
function applyFixes(text: string, diagnostics: readonly Diagnostic[]): string {
  const starts = [0];
  for (const line of text.split("\n")) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const offset = (at: { row: number; column: number }) => (starts[at.row - 1] ?? 0) + at.column - 1;
  const edits = diagnostics
    .flatMap((it) => it.fix?.edits ?? [])
    .map((it) => ({
      from: offset(it.location),
      to: offset(it.end_location),
      content: it.content ?? "",
    }))
    .sort((a, b) => b.from - a.from);
  let result = text;
  let before = Infinity;
  for (const { from, to, content } of edits) {
    if (to > before) continue; // overlaps one that was applied
    result = result.slice(0, from) + content + result.slice(to);
    before = from;
  }
  return result;
}
