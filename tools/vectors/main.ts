/**
 * `npm run vectors -- PATH… [--json]`: what the bridge makes of sample messages.
 *
 * For every file: its format, messages, facts by kind, codes without a meaning, warnings, errors,
 * and whether its money adds up. Ends with 65 when a file is not recognised, is read as nothing,
 * is refused or accepted against its name, or when amounts do not add up.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { isEmpty, judgeFile, type Judged } from "./judge.ts";

const EXIT = { usage: 64, data: 65 } as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
if (positionals.length === 0) {
  console.error("usage: npm run vectors -- PATH… [--json]");
  process.exit(EXIT.usage);
}

const now = new Date();
const judged = positionals
  .flatMap(filesBelow)
  .map((file) => judgeFile(relative(process.cwd(), file), readFileSync(file), now));
const wrong = judged.filter((it) => it.wrong.length > 0);
if (values.json) {
  const empty = judged.filter(isEmpty).length;
  process.stdout.write(`${JSON.stringify({ files: judged, empty, wrong: wrong.length })}\n`);
} else process.stdout.write(`${table(judged)}\n`);
process.exitCode = wrong.length > 0 ? EXIT.data : 0;

/** A file, or all files below a folder, in the order of their names. */
function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((it) => it.isFile() && !it.name.startsWith("."))
    .map((it) => join(it.parentPath, it.name))
    .toSorted();
}

function table(rows: readonly Judged[]): string {
  const lines = rows.flatMap((it) => [summary(it), ...details(it)]);
  const messages = rows.filter((it) => it.messages > 0).length;
  const last = `${rows.length} files, ${messages} with messages, ${wrong.length} wrong`;
  return [...lines, last].join("\n");
}

function summary(it: Judged): string {
  const facts = Object.entries(it.facts).map(([kind, count]) => `${count} ${kind}`);
  const said = it.reason ?? `${it.messages} messages: ${facts.join(", ") || "no facts"}`;
  const money = it.money_ok === null ? "" : it.money_ok ? ", money adds up" : ", MONEY OFF";
  return `${it.wrong.length > 0 ? "✗" : "✓"} ${it.path.split(sep).join("/")}  [${it.format}]  ${said}${money}`;
}

function details({ refused, wrong: faults, errors, warnings, unmapped }: Judged): string[] {
  const codes = Object.entries(unmapped).map(([code, count]) => `${code} ×${count}`);
  return [
    ...faults.map((it) => `    wrong: ${it}`),
    ...(refused === undefined ? [] : [`    refused: ${refused}`]),
    ...errors.map((it) => `    error: ${it}`),
    ...warnings.map((it) => `    warning: ${it}`),
    ...(codes.length === 0 ? [] : [`    unmapped: ${codes.join(", ")}`]),
  ];
}
