/** The body of what goes to a partner, in the partner's format. */
import { XMLBuilder } from "fast-xml-parser";
import type { RequestRule } from "./order_rules.ts";

export interface Written {
  /** Nothing when the template gives nothing. */
  body: string | undefined;
  contentType: string;
  /** Of a file's name. */
  ending: string;
}

/** XML as messages are read: attributes as `@name`, text as `#text`; CSV as a list of rows. */
export function written(format: RequestRule["format"], value: unknown): Written {
  const isNothing = value === undefined || value === null;
  switch (format) {
    case "json":
      return {
        body: isNothing ? undefined : JSON.stringify(value),
        contentType: "application/json",
        ending: "json",
      };
    case "xml":
      return {
        body: isNothing ? undefined : xmlOf(value),
        contentType: "application/xml",
        ending: "xml",
      };
    case "csv":
      return {
        body: Array.isArray(value) ? tableOf(value) : undefined,
        contentType: "text/csv",
        ending: "csv",
      };
    case "text":
      return {
        body: typeof value === "string" ? value : undefined,
        contentType: "text/plain",
        ending: "txt",
      };
  }
}

function xmlOf(value: unknown): string {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(value)}`;
}

/** RFC 4180, with the members of the first row as heading. */
function tableOf(rows: readonly unknown[]): string {
  const objects = rows.filter((row) => typeof row === "object" && row !== null);
  const names = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly unknown[]) => `${cells.map(cell).join(",")}\r\n`;
  return [
    line(names),
    ...objects.map((row) => line(names.map((name) => (row as Record<string, unknown>)[name]))),
  ].join("");
}

function cell(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
