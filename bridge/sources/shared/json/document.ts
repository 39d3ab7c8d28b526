/** Bytes to a JSON value, within bounds, with the place of the fault when it cannot be read. */
import { tracked } from "../reading/field_tracking.ts";
import { unreadable } from "../reading/unreadable.ts";
import { pointerToken } from "./json_pointer.ts";

/** `JSON.stringify` throws at a depth of some thousand; real partner messages stay below 20. */
export const MAX_DEPTH = 64;

/** Keys that would change an object's prototype if anyone copied it carelessly. */
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Refuses what is none; holds no state between two calls. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** As JSON.parse's reviver; `source` is the text of a number as the sender wrote it. */
export type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * Parses a message body.
 * Throws MilepostError (`never`): `not_utf8`, `too_deep`, `not_json`, `forbidden_key`.
 */
export function parseDocument(source: string, body: Buffer, reviver?: Reviver): unknown {
  const bytes = body.subarray(0, 3).equals(BOM) ? body.subarray(3) : body;
  return tracked(parsed(source, bytes, { at: "", depth: 0, reviver }));
}

/**
 * Parses one element of a list that was taken apart (`long_list.ts`), with what `parseDocument`
 * throws, and reads of it are not tracked. `path` is its place in the list.
 */
export function parseElement(source: string, bytes: Buffer, path: string): unknown {
  return parsed(source, bytes, { at: path, depth: 1, reviver: undefined });
}

interface Outside {
  /** JSON pointer of what is parsed. */
  at: string;
  /** How deep it stands in its document. */
  depth: number;
  reviver: Reviver | undefined;
}

function parsed(source: string, bytes: Buffer, { at, depth, reviver }: Outside): unknown {
  if (depth + depthOf(bytes) > MAX_DEPTH) {
    throw unreadable(source, "too_deep", at, `nested deeper than ${MAX_DEPTH} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes), reviver as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw unreadable(source, "not_json", at, `not JSON: ${error.message.slice(0, 200)}`);
    }
    throw unreadable(source, "not_utf8", at, "not UTF-8");
  }
  const forbidden = forbiddenKey(value, at);
  if (forbidden !== undefined) {
    throw unreadable(source, "forbidden_key", forbidden, "a key that would alter a prototype");
  }
  return value;
}

/** Deepest nesting, counted on the bytes before anything is built, in one pass. */
function depthOf(bytes: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}

function forbiddenKey(value: unknown, path: string): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, child] of Object.entries(value)) {
    const at = `${path}/${pointerToken(key)}`;
    if (!Array.isArray(value) && FORBIDDEN_KEYS.has(key)) return at;
    const below = forbiddenKey(child, at);
    if (below !== undefined) return below;
  }
  return undefined;
}
