/** What expressions give, and where in the document they found it. */
import { pointerToken } from "../shared/json/json_pointer.ts";

export type Scalar = string | number | boolean | null;
export type ValueTree = Scalar | ValueTree[] | { [name: string]: ValueTree };

export const MAX_LIST = 1000;
const MAX_TEXT = 27_000_000;

/** More than one message may give: it would fill the memory of the bridge itself. */
export class TooMuch extends Error {}

export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** A scalar, or a list of them; objects are none. */
export function scalarsOf(value: unknown): ValueTree {
  if (Array.isArray(value)) {
    return value.slice(0, MAX_LIST).flatMap((it: unknown) => (isScalar(it) ? [bounded(it)] : []));
  }
  return isScalar(value) ? bounded(value) : null;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || typeof value === "number";
}

function bounded(value: Scalar): Scalar {
  if (typeof value !== "string" || value.length <= MAX_TEXT) return value;
  throw new TooMuch(`a text of ${value.length} characters`);
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

export function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Where each object of the document stands. Without recursion; the depth was checked before. */
export function placesOf(document: unknown): WeakMap<object, string> {
  const places = new WeakMap<object, string>();
  const waiting: Array<[unknown, string]> = [[document, ""]];
  while (waiting.length > 0) {
    const [node, path] = waiting.pop() as [unknown, string];
    if (node === null || typeof node !== "object") continue;
    places.set(node, path);
    for (const [key, child] of Object.entries(node)) {
      if (child !== null && typeof child === "object") {
        waiting.push([child, `${path}/${pointerToken(key)}`]);
      }
    }
  }
  return places;
}
