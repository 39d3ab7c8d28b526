/**
 * The elements of a list inside a JSON text, as the sender wrote them: parsing and writing anew
 * would change numbers, and what is stored must be what came in.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;

/**
 * The bytes of each element of the array that stands at `keys` (from the root; none: the root
 * itself). The text must be JSON that was parsed before; where there is no such array, nothing.
 */
export function elementsOf(json: Buffer, keys: readonly string[]): Buffer[] {
  let at = rootOf(json);
  for (const key of keys) {
    const value = memberOf(json, at, key);
    if (value === undefined) return [];
    at = value;
  }
  if (json[at] !== LIST) return [];
  return [...inside(json, at)].map(([start, end]) => json.subarray(start, end));
}

/**
 * The bytes of each element of the array that the text is, one after the other; the text need not
 * have been parsed before. Throws SyntaxError where the array is none; an element may be no JSON.
 */
export function* rootElements(json: Buffer): Generator<Buffer> {
  let at = rootOf(json);
  if (json[at] !== LIST) throw new SyntaxError("no array");
  at = past(json, at + 1);
  let isMore = json[at] !== LIST_END;
  while (isMore) {
    const end = endOf(json, at);
    yield json.subarray(at, end);
    at = past(json, end);
    isMore = json[at] === COMMA;
    if (isMore) at = past(json, at + 1);
  }
  if (json[at] !== LIST_END) throw new SyntaxError(`the array is broken at byte ${at}`);
  if (past(json, at + 1) < json.length) throw new SyntaxError("something stands behind the array");
}

/** Whether the text is an array, by its first sign. */
export function isList(json: Buffer): boolean {
  return json[rootOf(json)] === LIST;
}

/** A byte order mark is no part of the text. */
function rootOf(json: Buffer): number {
  return past(json, json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0);
}

/** Where the member's value starts; of members with one name the last, which JSON.parse takes. */
function memberOf(json: Buffer, object: number, key: string): number | undefined {
  if (json[object] !== OBJECT) return undefined;
  let found: number | undefined;
  for (const [start] of inside(json, object)) {
    const end = afterText(json, start);
    const name: unknown = JSON.parse(json.toString("utf8", start, end));
    // Behind the name and its colon.
    if (name === key) found = past(json, past(json, end) + 1);
  }
  return found;
}

/** Start and end of each element or member between a bracket and its partner. */
function* inside(json: Buffer, open: number): Generator<[start: number, end: number]> {
  let at = past(json, open + 1);
  while (at < json.length && json[at] !== LIST_END && json[at] !== OBJECT_END) {
    const end = endOf(json, at);
    yield [at, end];
    at = past(json, end);
    if (json[at] === COMMA) at = past(json, at + 1);
  }
}

/** Where the element ends: before the comma or the closing bracket that stands at its own depth. */
function endOf(json: Buffer, start: number): number {
  let depth = 0;
  let end = start;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = afterText(json, at) - 1;
    else if (byte === LIST || byte === OBJECT) depth += 1;
    else if (byte === LIST_END || byte === OBJECT_END) {
      if (depth === 0) break;
      depth -= 1;
    } else if (depth === 0 && byte === COMMA) break;
    if (!isSpace(byte)) end = at + 1;
  }
  return end;
}

/** The position behind a text's closing quote. */
function afterText(json: Buffer, quote: number): number {
  let at = quote + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function past(json: Buffer, at: number): number {
  while (isSpace(json[at] ?? 0)) at += 1;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
