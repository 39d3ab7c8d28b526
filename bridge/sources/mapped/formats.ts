/**
 * Bytes to the document that expressions look at: JSON as it is, a table or a sheet as a list of
 * rows, XML as elements with `@attributes` and `#text`. Everything that is text stays text.
 */
import { parse as parseCsv } from "csv-parse/sync";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { MAX_DEPTH, parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { parseLines } from "./fixed_width.ts";
import type { Format } from "./format_types.ts";
import { checkSheet, parseSheet } from "./sheets.ts";

const MAX_ROWS = 200_000;
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
/** More digits than a double keeps: such a number stays the text that the sender wrote. */
const EXACT_DIGITS = 15;

/**
 * The document of a message.
 * Throws MilepostError (`never`): those of `parseDocument`, `not_csv`, `not_xml`, `xml_doctype`,
 * `not_fixed_width`, `not_xlsx`.
 */
export function parseFormat(source: string, format: Format, body: Buffer): unknown {
  switch (format.type) {
    case "json":
      return parseDocument(source, body, exactNumbers);
    case "csv":
      return parseTable(source, format, decode(source, format, body));
    case "xml":
      return parseXml(source, decode(source, format, body));
    case "fixed":
      return parseLines(source, format, decode(source, format, body));
    case "xlsx":
      return parseSheet(source, format, body);
  }
}

/** What a sender should hear of at once; cheap, as it runs before a webhook is answered. */
export function checkFormat(source: string, format: Format, body: Buffer): void {
  if (format.type === "json") return void parseDocument(source, body);
  if (format.type === "xlsx") return checkSheet(source, body);
  const text = decode(source, format, body);
  if (format.type === "xml") refuseDoctype(source, text);
}

function exactNumbers(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== "number" || source === undefined) return value;
  return source.replace(/[^0-9]/g, "").length > EXACT_DIGITS ? source : value;
}

/** Text in the encoding that the file names, else the one that XML declares, else UTF-8. */
function decode(
  source: string,
  { type, encoding }: Exclude<Format, { type: "json" | "xlsx" }>,
  body: Buffer,
): string {
  const label = encoding ?? (type === "xml" ? declaredEncoding(body) : undefined) ?? "utf-8";
  try {
    return new TextDecoder(label, { fatal: true }).decode(body);
  } catch (error) {
    const isUnknown = error instanceof RangeError;
    if (isUnknown) throw unreadable(source, "not_xml", "", `declares the encoding "${label}"`);
    const hint = encoding === undefined ? "; name it in format.encoding" : "";
    throw unreadable(source, "not_utf8", "", `not ${label}${hint}`);
  }
}

/** `<?xml … encoding="ISO-8859-1"?>`; the declaration itself is written in ASCII. */
function declaredEncoding(body: Buffer): string | undefined {
  const head = body.subarray(0, 200).toString("latin1");
  return /^\s*<\?xml[^>]*\sencoding=["']([\w.:-]{1,40})["']/.exec(head)?.[1];
}

type Table = Extract<Format, { type: "csv" }>;

function parseTable(source: string, { delimiter, quote, columns }: Table, text: string): unknown {
  const heading = (names: string[]) => {
    const clean = names.map((name) => name.trim());
    const twice = clean.find((name, index) => name !== "" && clean.indexOf(name) !== index);
    if (twice !== undefined) {
      throw unreadable(source, "not_csv", "line 1", `the column "${twice}" is there twice`);
    }
    const forbidden = clean.find((name) => FORBIDDEN.has(name));
    if (forbidden !== undefined) {
      throw unreadable(source, "forbidden_key", "line 1", "a column that would alter a prototype");
    }
    return clean.map((name) => (name === "" ? false : name));
  };
  try {
    return parseCsv(text, {
      bom: true,
      columns: columns ?? heading,
      delimiter,
      quote,
      skip_empty_lines: true,
      relax_column_count_less: true,
      max_record_size: 1_000_000,
      to: MAX_ROWS,
    });
  } catch (error) {
    const { code, lines } = error as { code?: unknown; lines?: unknown };
    if (typeof code !== "string" || !code.startsWith("CSV_")) throw error;
    const where = typeof lines === "number" ? `line ${lines}` : "";
    throw unreadable(source, "not_csv", where, `no table: ${(error as Error).message}`);
  }
}

function refuseDoctype(source: string, text: string): void {
  const at = text.search(/<!(?:DOCTYPE|ENTITY)/i);
  if (at < 0) return;
  throw unreadable(source, "xml_doctype", `character ${at}`, "a DOCTYPE or an entity is not taken");
}

function parseXml(source: string, text: string): unknown {
  refuseDoctype(source, text);
  refuseDepth(source, text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line, col, msg } = valid.err;
    throw unreadable(source, "not_xml", `line ${line}, column ${col}`, `no XML: ${msg}`);
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  try {
    return parser.parse(text);
  } catch (error) {
    throw unreadable(source, "not_xml", "", `no XML: ${(error as Error).message.slice(0, 200)}`);
  }
}

/** Counted on the tags before anything is built, in one pass. */
function refuseDepth(source: string, text: string): void {
  let depth = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    const next = text[at + 1];
    if (next === "!" || next === "?") continue;
    const end = text.indexOf(">", at);
    if (end < 0) return;
    if (next === "/") depth -= 1;
    else if (text[end - 1] !== "/") depth += 1;
    if (depth > MAX_DEPTH) {
      throw unreadable(
        source,
        "too_deep",
        `character ${at}`,
        `nested deeper than ${MAX_DEPTH} levels`,
      );
    }
  }
}
