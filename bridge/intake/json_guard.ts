/**
 * Looks at JSON before anybody parses it, on its bytes, in one pass without recursion.
 *
 * JSON.parse takes a depth of a million, what walks the result does not; and a key `__proto__`
 * becomes a prototype as soon as someone copies the object.
 */
import { MilepostError } from "../errors.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const COLON = 0x3a;
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
/** A key that is longer, escapes included, cannot be a forbidden one. */
const LONGEST_KEY = 80;

/** Throws `json_too_deep` or `json_forbidden_key` (`never`). Broken JSON is left to the parser. */
export function guardJson(body: Buffer, maxDepth: number): void {
  let depth = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte === QUOTE) {
      const end = stringEnd(body, i);
      if (isKey(body, end)) refuseKey(body, i, end);
      i = end;
    } else if (OPEN.has(byte)) {
      if (++depth > maxDepth) throw tooDeep(maxDepth);
    } else if (CLOSE.has(byte)) depth--;
  }
}

/** Position of the closing quote, or the end of the text. */
function stringEnd(body: Buffer, start: number): number {
  for (let i = start + 1; i < body.length; i++) {
    if (body[i] === BACKSLASH) i++;
    else if (body[i] === QUOTE) return i;
  }
  return body.length;
}

function isKey(body: Buffer, end: number): boolean {
  let i = end + 1;
  while (i < body.length && SPACE.has(body[i] ?? 0)) i++;
  return body[i] === COLON;
}

function refuseKey(body: Buffer, start: number, end: number): void {
  if (end - start > LONGEST_KEY) return;
  const raw = body.toString("latin1", start, end + 1);
  let key: unknown;
  try {
    key = raw.includes("\\") ? JSON.parse(raw) : raw.slice(1, -1);
  } catch {
    return;
  }
  if (typeof key !== "string" || !FORBIDDEN.has(key)) return;
  throw new MilepostError(`The key "${key}" is not taken`, {
    code: "json_forbidden_key",
    retry: "never",
    path: `byte ${start}`,
  });
}

function tooDeep(maxDepth: number): MilepostError {
  return new MilepostError(`The JSON is nested deeper than ${maxDepth} levels`, {
    code: "json_too_deep",
    retry: "never",
  });
}
