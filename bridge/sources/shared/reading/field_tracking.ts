/**
 * Which fields of a document are looked at while it is read: the others are what a partner sends
 * and nobody uses.
 *
 * The document is handed out behind proxies that note each member that is taken: measured by the
 * reading itself, there is no list of fields that could differ from it. Positions in a JSON array
 * count as one field (`/events/[]/code`), the same element of an EDI segment as one in all messages
 * of a type (`214/AT7-05`). The number of fields is bounded.
 */
import { pointerToken } from "../json/json_pointer.ts";

const MAX_FIELDS = 5000;
const MAX_SAMPLE = 80;

export interface Field {
  path: string;
  /** How often it was there. */
  count: number;
  sample: string;
}

/** The path of a member; nothing for one that is no field, such as a segment's name. */
type MemberPath = (parent: object, path: string, key: string) => string | undefined;

export class FieldTracker {
  readonly #fields = new Map<string, Field>();
  readonly #read = new Set<string>();
  /** True when there were more fields than are kept. */
  overflow = false;

  /** Counts the document's fields and gives it behind proxies. */
  track(document: unknown): unknown {
    this.#count(document, "", jsonMember);
    return this.#behind(document, "", jsonMember);
  }

  /**
   * The same for the elements of an EDI segment that stands at `path` (`214/AT7`): `-05` is the
   * fifth element, `-02.1` the first component of the second. `first` is the index of element 1.
   */
  trackElements<T extends readonly unknown[]>(elements: T, path: string, first: 0 | 1): T {
    const member: MemberPath = (_parent, at, key) => {
      const n = Number(key) + 1;
      if (at !== path) return `${at}.${n}`;
      return n > first ? `${at}-${String(n - first).padStart(2, "0")}` : undefined;
    };
    this.#count(elements, path, member);
    return this.#behind(elements, path, member) as T;
  }

  /** The fields that nothing read, those that are there most often first. */
  unread(): Field[] {
    return [...this.#fields.values()]
      .filter(({ path }) => !this.#read.has(path))
      .toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  }

  /** Every field that was there. */
  paths(): string[] {
    return [...this.#fields.keys()];
  }

  /** How many different fields there were. */
  get size(): number {
    return this.#fields.size;
  }

  #count(document: unknown, base: string, member: MemberPath): void {
    const waiting: Array<[unknown, string]> = [[document, base]];
    while (waiting.length > 0) {
      const [node, path] = waiting.pop() as [unknown, string];
      if (node !== null && typeof node === "object") {
        for (const [key, child] of Object.entries(node)) {
          const at = member(node, path, key);
          if (at !== undefined) waiting.push([child, at]);
        }
        continue;
      }
      // An element that stands empty between two others is not sent.
      if (node === "") continue;
      const known = this.#fields.get(path);
      if (known !== undefined) known.count += 1;
      else if (this.#fields.size < MAX_FIELDS) {
        const sample = String(node).slice(0, MAX_SAMPLE);
        this.#fields.set(path, { path, count: 1, sample });
      } else this.overflow = true;
    }
  }

  #behind(node: unknown, path: string, member: MemberPath): unknown {
    if (node === null || typeof node !== "object") {
      if (this.#fields.has(path)) this.#read.add(path);
      return node;
    }
    const proxy = new Proxy(node, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== "string" || !Object.hasOwn(target, key)) return value;
        if (Array.isArray(target) && key === "length") return value;
        const at = member(target, path, key);
        return at === undefined ? value : this.#behind(value, at, member);
      },
    });
    originals.set(proxy, node);
    return proxy;
  }
}

/** What stands behind the proxies that were handed out. */
const originals = new WeakMap<object, object>();

/**
 * The value itself, for a check: a schema copies every member, which is no reading of it.
 */
export function untracked(value: unknown): unknown {
  const isObject = typeof value === "object" && value !== null;
  return isObject ? (originals.get(value) ?? value) : value;
}

function jsonMember(parent: object, path: string, key: string): string {
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

/** Whether reads are tracked now: where handing out proxies would take a copy of everything. */
export function isTracking(): boolean {
  return current !== undefined;
}

/** The elements of an EDI segment, behind proxies while reads are tracked. */
export function trackedElements<T extends readonly unknown[]>(
  elements: T,
  path: string,
  first: 0 | 1,
): T {
  return current === undefined ? elements : current.trackElements(elements, path, first);
}

/** The document, behind proxies while reads are tracked. */
export function tracked(document: unknown): unknown {
  return current === undefined ? document : current.track(document);
}
