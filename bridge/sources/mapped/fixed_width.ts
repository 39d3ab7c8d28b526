/** Lines whose members stand at fixed positions, as rows; or as records of several kinds of lines. */
import { unreadable } from "../shared/reading/unreadable.ts";
import type { Format } from "./format_types.ts";

type FixedWidth = Extract<Format, { type: "fixed" }>;
type Row = Record<string, unknown>;
type Columns = Readonly<Record<string, readonly [number, number]>>;

const MAX_LINES = 200_000;

/**
 * Every line as a row of its columns, each without the spaces around it; an empty one is left out.
 * With kinds each row says its `kind`, and lines behind one that begins a record are its `lines`.
 * Throws MilepostError `not_fixed_width` (`never`) at a line of no known kind, or outside a record.
 */
export function parseLines(source: string, format: FixedWidth, text: string): Row[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  if (lines.length > MAX_LINES) throw fault(source, "", `more than ${MAX_LINES} lines`);
  const records: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.replaceAll("\u001A", "").trim() === "") continue;
    const row = rowOf(source, format, line, `line ${index + 1}`);
    if (format.begins === undefined) records.push(row);
    else if (row["kind"] === format.begins) records.push({ ...row, lines: [] });
    else addLine(source, records.at(-1), row, `line ${index + 1}`);
  }
  return records;
}

function rowOf(source: string, format: FixedWidth, line: string, where: string): Row {
  const { columns, kind: place, kinds = {} } = format;
  if (columns !== undefined) return cut(line, columns);
  const kind = place === undefined ? "" : slice(line, place);
  const own = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (own === undefined) throw fault(source, where, `"${kind}" is none of format.kinds`);
  return { kind, ...cut(line, own) };
}

function addLine(source: string, record: Row | undefined, row: Row, where: string): void {
  if (record === undefined) throw fault(source, where, "stands before the first record");
  (record["lines"] as Row[]).push(row);
}

function cut(line: string, columns: Columns): Row {
  const entries = Object.entries(columns).map(
    ([name, place]) => [name, slice(line, place)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function slice(line: string, [from, length]: readonly [number, number]): string {
  return line.slice(from - 1, from - 1 + length).trim();
}

function fault(source: string, where: string, text: string) {
  return unreadable(source, "not_fixed_width", where, text);
}
