/** What a file is, by how it begins; its ending decides where the beginning does not. */

const BY_ENDING: Readonly<Record<string, string>> = {
  json: "application/json",
  xml: "application/xml",
  csv: "text/csv",
  txt: "text/plain",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  edi: "application/edi-x12",
  x12: "application/edi-x12",
  edifact: "application/edifact",
};

/** The content type of a file's bytes. */
export function contentTypeOf(name: string, body: Buffer): string {
  const start = body
    .toString("latin1", 0, 64)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (/^(UNA|UNB|UNH)/.test(start)) return "application/edifact";
  if (start.startsWith("ISA")) return "application/edi-x12";
  if (/^[[{]/.test(start)) return "application/json";
  if (start.startsWith("<")) return "application/xml";
  const ending = /\.([a-z0-9]+)$/.exec(name.toLowerCase())?.[1] ?? "";
  return BY_ENDING[ending] ?? "application/octet-stream";
}
