/**
 * The elements of a list inside a JSON text, as the sender wrote them: parsing and writing anew
 * would change numbers, and what is stored must be what came in.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

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
  if (json[at] !== 0x5b) return [];
  return [...inside(json, at)].map(([start, end]) => json.subarray(start, end));
}

/** A byte order mark is no part of the text. */
function rootOf(json: Buffer): number {
  return past(json, json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0);
}

/** Where the member's value starts; of members with one name the last, which JSON.parse takes. */
function memberOf(json: Buffer, object: number, key: string): number | undefined {
  if (json[object] !== 0x7b) return undefined;
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
  while (at < json.length && !CLOSE.has(json[at] ?? 0)) {
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
    if (depth === 0 && (byte === COMMA || CLOSE.has(byte))) break;
    if (byte === QUOTE) at = afterText(json, at) - 1;
    else if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte)) depth -= 1;
    if (!SPACE.has(byte)) end = at + 1;
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
  while (SPACE.has(json[at] ?? 0)) at += 1;
  return at;
}
