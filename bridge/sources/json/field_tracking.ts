/**
 * Which fields of a document are looked at while it is read: the others are what a partner sends
 * and nobody uses.
 *
 * The document is handed out behind proxies that note each member that is taken. Array positions
 * count as one field (`/events/[]/code`), and the number of fields is bounded.
 */
import { pointerToken } from "./json_pointer.ts";

const MAX_FIELDS = 5000;
const MAX_SAMPLE = 80;

export interface Field {
  path: string;
  /** How often it was there. */
  count: number;
  sample: string;
}

export class FieldTracker {
  readonly #fields = new Map<string, Field>();
  readonly #read = new Set<string>();
  /** True when there were more fields than are kept. */
  overflow = false;

  /** Counts the document's fields and gives it behind proxies. */
  track(document: unknown): unknown {
    this.#count(document);
    return this.#behind(document, "");
  }

  /** The fields that nothing read, those that are there most often first. */
  unread(): Field[] {
    return [...this.#fields.values()]
      .filter(({ path }) => !this.#read.has(path))
      .toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  }

  /** How many different fields there were. */
  get size(): number {
    return this.#fields.size;
  }

  #count(document: unknown): void {
    const waiting: Array<[unknown, string]> = [[document, ""]];
    while (waiting.length > 0) {
      const [node, path] = waiting.pop() as [unknown, string];
      if (node !== null && typeof node === "object") {
        for (const [key, child] of Object.entries(node)) {
          waiting.push([child, memberPath(node, path, key)]);
        }
        continue;
      }
      const known = this.#fields.get(path);
      if (known !== undefined) known.count += 1;
      else if (this.#fields.size < MAX_FIELDS) {
        const sample = String(node).slice(0, MAX_SAMPLE);
        this.#fields.set(path, { path, count: 1, sample });
      } else this.overflow = true;
    }
  }

  #behind(node: unknown, path: string): unknown {
    if (node === null || typeof node !== "object") {
      if (this.#fields.has(path)) this.#read.add(path);
      return node;
    }
    return new Proxy(node, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== "string" || !Object.hasOwn(target, key)) return value;
        if (Array.isArray(target) && key === "length") return value;
        return this.#behind(value, memberPath(target, path, key));
      },
    });
  }
}

function memberPath(parent: object, path: string, key: string): string {
  return `${path}/${Array.isArray(parent) ? "[]" : pointerToken(key)}`;
}

let current: FieldTracker | undefined;

/** Runs the reading with its documents tracked. Readings that go on later are not covered. */
export function trackingReads<T>(tracker: FieldTracker, work: () => T): T {
  current = tracker;
  try {
    return work();
  } finally {
    current = undefined;
  }
}

/** The document, behind proxies while reads are tracked. */
export function tracked(document: unknown): unknown {
  return current === undefined ? document : current.track(document);
}
