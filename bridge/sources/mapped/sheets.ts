/** Spreadsheets (Office Open XML, .xlsx) as rows by their heading. */
import { readSheet } from "read-excel-file/universal";
import { unreadable } from "../shared/reading/unreadable.ts";
import type { Format } from "./format_types.ts";
import { unpackedBytes } from "./zip_size.ts";

type Sheet = Extract<Format, { type: "xlsx" }>;

/** An .xlsx is a ZIP; this is how one begins. */
const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** A thousand times the bytes fit into a ZIP; unpacked they would fill the memory. */
const MOST_UNPACKED = 100_000_000;

/** Whether the bytes may be a sheet at all. Throws MilepostError `not_xlsx` (`never`). */
export function checkSheet(source: string, body: Buffer): void {
  const unpacked = body.subarray(0, 4).equals(ZIP) ? unpackedBytes(body) : undefined;
  if (unpacked === undefined) throw notXlsx(source, "", "is no .xlsx");
  if (unpacked === "zip64") throw notXlsx(source, "", "is a ZIP64: save it without ZIP64");
  if (unpacked <= MOST_UNPACKED) return;
  const [is, most] = [unpacked, MOST_UNPACKED].map((it) => Math.round(it / 1e6));
  throw notXlsx(source, "", `is ${is} MB unpacked, at most ${most} are read`);
}

/**
 * The rows below the heading, by its names. Numbers stay the text of the file, so that money is
 * exact; cells that are formatted as dates are ISO 8601 without offset, those without a time days.
 * Throws MilepostError `not_xlsx` (`never`).
 */
export async function parseSheet(
  source: string,
  { sheet, heading }: Sheet,
  body: Buffer,
): Promise<Array<Record<string, unknown>>> {
  checkSheet(source, body);
  let lines: unknown[][];
  try {
    const bytes = new Uint8Array(body).buffer;
    lines = await readSheet(bytes, sheet ?? 1, { parseNumber: plainNumber });
  } catch (error) {
    throw notXlsx(source, "", `cannot be read: ${(error as Error).message}`);
  }
  const names = (lines[heading - 1] ?? []).map((name) => cellText(name));
  const twice = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw notXlsx(source, `line ${heading}`, `the column "${twice}" is there twice`);
  }
  if (names.some((name) => FORBIDDEN.has(name))) {
    throw notXlsx(source, `line ${heading}`, "has a column that would alter a prototype");
  }
  return lines.slice(heading).flatMap((cells) => {
    const entries = names.flatMap((name, index) => {
      const text = cellText(cells[index]);
      return name === "" || text === "" ? [] : [[name, text] as const];
    });
    return entries.length === 0 ? [] : [Object.fromEntries(entries)];
  });
}

/** Spreadsheets keep numbers in binary: 12.1 may stand as 12.100000000000001 in the file. */
function plainNumber(text: string): string {
  return text.replace(/[^0-9]/g, "").length > 15 || /e/i.test(text)
    ? String(Number(Number(text).toPrecision(15)))
    : text;
}

function cellText(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().replace(/(T00:00:00)?\.000Z$/, "");
  return typeof cell === "string" || typeof cell === "boolean" ? String(cell).trim() : "";
}

function notXlsx(source: string, where: string, text: string) {
  return unreadable(source, "not_xlsx", where, text);
}
