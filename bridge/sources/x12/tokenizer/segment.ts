/** One segment as it stood in the file. */

export interface Segment {
  /** Name: `AT7`. */
  readonly id: string;
  /** Element n stands at index n; index 0 is the name. Each character is one byte of the file. */
  readonly elements: readonly string[];
  /** Byte of the file at which it starts. */
  readonly offset: number;
}

/** What the tokenizer noticed about the bytes themselves. */
export interface TokenTrouble {
  severity: "warning" | "error";
  code: string;
  /** Byte of the file. */
  offset: number;
  text: string;
}

/** Element n without the space around it; nothing when it is not there or empty. */
export function element(segment: Segment, n: number): string | undefined {
  const raw = segment.elements[n];
  if (raw === undefined || raw === "") return undefined;
  const text = readable(raw).trim();
  return text === "" ? undefined : text;
}

const BEYOND_ASCII = /[\u0080-\u00FF]/;
const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1252 = new TextDecoder("windows-1252");

/** Bytes as text: UTF-8, else Windows-1252, which every other sender of umlauts means. */
function readable(raw: string): string {
  if (!BEYOND_ASCII.test(raw)) return raw;
  const bytes = Buffer.from(raw, "latin1");
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}
