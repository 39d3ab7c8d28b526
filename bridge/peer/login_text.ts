/** Texts to and from a login service: markers that are filled in, and members of its answer. */
import { XMLParser } from "fast-xml-parser";

/** How a body is written, by which what is put into it is escaped. */
export type Written = "xml" | "json" | "form";

const XML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const ESCAPES: Readonly<Record<Written | "plain", (text: string) => string>> = {
  xml: (text) => text.replace(/[&<>"']/g, (it) => XML[it] ?? it),
  json: (text) => JSON.stringify(text).slice(1, -1),
  form: encodeURIComponent,
  plain: (text) => text,
};

/** `{{user}}` and its like in a text, replaced by values that are escaped as the text is written. */
export function withMarkers(
  text: string,
  values: Readonly<Record<string, string>>,
  written: Written | "plain",
): string {
  return text.replace(/\{\{([a-z]+)\}\}/g, (marker, name: string) => {
    const value = values[name];
    return value === undefined ? marker : ESCAPES[written](value);
  });
}

/** By the media type of a body. */
export function writtenAs(contentType: string): Written | "plain" {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (/[/+]xml$/.test(type)) return "xml";
  if (/[/+]json$/.test(type)) return "json";
  return type === "application/x-www-form-urlencoded" ? "form" : "plain";
}

/**
 * The text at a path of member names (`Envelope.Body.return.authToken`) in JSON or XML, there
 * without namespaces; of several the first. Nothing when there is none, or the text is neither.
 */
export function textAtPath(text: string, path: string): string | undefined {
  let node = documentOf(text);
  for (const name of path.split(".")) {
    const [first] = Array.isArray(node) ? (node as unknown[]) : [node];
    node = Object.hasOwn(Object(first), name)
      ? (first as Readonly<Record<string, unknown>>)[name]
      : undefined;
  }
  const [found] = Array.isArray(node) ? (node as unknown[]) : [node];
  if (typeof found === "number") return String(found);
  return typeof found === "string" && found.trim() !== "" ? found.trim() : undefined;
}

function documentOf(text: string): unknown {
  try {
    return text.trimStart().startsWith("<") ? xmlOf(text) : JSON.parse(text);
  } catch {
    // A login page, a cut answer: it has no members.
    return undefined;
  }
}

function xmlOf(text: string): unknown {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  return new XMLParser({
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  }).parse(text);
}
