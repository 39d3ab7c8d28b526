/** What a sample is written in: its encoding, the signs of its table, how it writes decimals. */
import type { Format, Numbers } from "../sources/mapped/format_types.ts";
import { formatType } from "../sources/mapped/format_types.ts";

const DELIMITERS = [",", ";", "\t", "|"] as const;
const LOOKED_AT = 20;

export type SampleType = "json" | "csv" | "xml";

/** The `format` of the file: as short as it can be written. */
export function guessFormat(type: SampleType, body: Buffer): { format: Format; written: unknown } {
  if (type === "json") return { format: formatType.parse(type), written: type };
  const encoding = encodingOf(type, body);
  const delimiter = type === "csv" ? delimiterOf(body.toString("latin1")) : ",";
  const more = {
    ...(encoding !== undefined && { encoding }),
    ...(delimiter !== "," && { delimiter }),
  };
  const written = Object.keys(more).length === 0 ? type : { type, ...more };
  return { format: formatType.parse(written), written };
}

/** Windows' western letters are the usual ones where a text is not UTF-8; XML may say it itself. */
function encodingOf(type: SampleType, body: Buffer): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return "utf-16le";
  const isDeclared = /^\s*<\?xml[^>]*\sencoding=/.test(body.toString("latin1", 0, 200));
  if (type === "xml" && isDeclared) return undefined;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(body);
    return undefined;
  } catch {
    return "windows-1252";
  }
}

/** The sign that stands as often in each line as in the heading, and most often. */
function delimiterOf(text: string): string {
  const lines = text.split(/\r?\n/).filter((it) => it.trim() !== "");
  const shown = lines.slice(0, LOOKED_AT).map((line) => line.replaceAll(/"[^"]*"/g, ""));
  const counts = DELIMITERS.map((sign) => {
    const perLine = shown.map((line) => line.split(sign).length - 1);
    const isEven = perLine.every((count) => count === perLine[0]);
    return { sign, score: (perLine[0] ?? 0) * (isEven ? 10 : 1) };
  });
  return counts.reduce((best, it) => (it.score > best.score ? it : best)).sign;
}

/** How decimals are written, when it is not with a point; nothing when no text shows it. */
export function guessNumbers(values: readonly string[]): Numbers | undefined {
  const commas = values.filter((it) => /^[+-]?\d{1,3}([. ']?\d{3})*,\d{1,4}-?$/.test(it));
  const points = values.filter((it) => /^[+-]?\d+\.\d{1,2}$/.test(it));
  if (commas.length === 0 || points.length > 0) return undefined;
  const group = ([".", " ", "'"] as const).find((sign) => commas.some((it) => it.includes(sign)));
  return { decimal: ",", ...(group !== undefined && { group }) };
}
