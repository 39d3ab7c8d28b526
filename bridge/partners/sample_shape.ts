/** Where in a sample its records and events stand, and which fields they have. */
import { plain } from "./field_words.ts";

type Json = Record<string, unknown>;

export interface Leaf {
  /** What the record or event itself is called. */
  owner: string;
  /** From the record, or from the event on; without array positions. */
  keys: readonly string[];
  values: string[];
  /** Which event each value is of. */
  items: number[];
}

export interface Shape {
  /** Keys from the document's root to the records; none where each element, row or the whole is one. */
  records: readonly string[] | undefined;
  /** Keys from a record to its events; none where the record is the event. */
  each: readonly string[] | undefined;
  /** Fields of an event, and those of the record around it. */
  event: Leaf[];
  record: Leaf[];
}

/** A list of the document, or, in XML, an element that others may have more of. */
interface List {
  path: readonly string[];
  items: Json[];
  parents: readonly List[];
}

const MAX_DEPTH = 8;
const MAX_ITEMS = 200;

/**
 * @param isEvent how much the fields look like those of an event: 0 for not at all
 * @param hasNames whether fields name a shipment
 */
export function shapeOf(
  document: unknown,
  isXml: boolean,
  isEvent: (leaves: readonly Leaf[]) => number,
  hasNames: (leaves: readonly Leaf[]) => boolean,
): Shape {
  const root: List = { path: [], items: objectsOf(document), parents: [] };
  const lists = [root, ...listsIn(root, isXml)];
  const scored = lists.map((list) => ({ list, score: isEvent(leavesOf(list)) }));
  const best = scored.reduce((a, b) => (isBetter(b, a) ? b : a)).list;
  const event = leavesOf(best);
  const around = best.parents.findLast((it) => hasNames(leavesOf(it)));
  if (around === undefined || best === root) {
    return { records: keysOrNone(best.path), each: undefined, event, record: [] };
  }
  const each = best.path.slice(around.path.length);
  const record = leavesOf(around);
  return { records: keysOrNone(around.path), each, event, record };
}

function isBetter(a: { list: List; score: number }, b: { list: List; score: number }): boolean {
  return a.score > b.score || (a.score === b.score && a.list.path.length > b.list.path.length);
}

function keysOrNone(path: readonly string[]): readonly string[] | undefined {
  return path.length === 0 ? undefined : path;
}

function listsIn(list: List, isXml: boolean, path = list.path, items = list.items): List[] {
  if (path.length >= MAX_DEPTH) return [];
  return [...new Set(items.flatMap((it) => Object.keys(it)))].flatMap((key) => {
    const values = items.map((it) => it[key]);
    const children = values.flatMap(objectsOf).slice(0, MAX_ITEMS);
    if (children.length === 0) return [];
    const below = [...path, key];
    if (!isXml && !values.some((it) => Array.isArray(it))) {
      return listsIn(list, isXml, below, children);
    }
    const own: List = { path: below, items: children, parents: [...list.parents, list] };
    return [own, ...listsIn(own, isXml)];
  });
}

function objectsOf(value: unknown): Json[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((it): it is Json => it !== null && typeof it === "object");
}

/** Fields with text; lists of objects inside are lists of their own. */
function leavesOf({ path, items }: List): Leaf[] {
  const owner = path.at(-1) ?? "";
  const leaves = new Map<string, Leaf>();
  const add = (keys: readonly string[], value: unknown, item: number) => {
    const name = keys.join("\0");
    const leaf = leaves.get(name) ?? { owner, keys, values: [], items: [] };
    leaf.values.push((typeof value === "string" ? value : JSON.stringify(value)).trim());
    leaf.items.push(item);
    leaves.set(name, leaf);
  };
  const walk = (node: unknown, keys: readonly string[], item: number): void => {
    if (keys.length > MAX_DEPTH || node === null || node === undefined || node === "") return;
    if (Array.isArray(node)) {
      for (const it of node.filter((one) => typeof one !== "object")) add(keys, it, item);
    } else if (typeof node === "object") {
      for (const [key, child] of Object.entries(node)) walk(child, [...keys, key], item);
    } else add(keys, node, item);
  };
  for (const [index, item] of items.slice(0, MAX_ITEMS).entries()) walk(item, [], index);
  return [...leaves.values()];
}

/** The field's own name, and with the names around it, as they are compared. */
export function nameOf({ keys }: Leaf): string {
  return plain(keys.findLast((it) => it !== "#text") ?? "");
}

export function wholeNameOf({ owner, keys }: Leaf): string {
  return [owner, ...keys].map(plain).join("");
}

/** JSONata for a path; names that are no plain words are quoted. */
export function pathText(keys: readonly string[]): string {
  return keys.map(quoted).join(".");
}

function quoted(key: string): string {
  const isWord = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !["and", "or", "in"].includes(key);
  return isWord ? key : `\`${key}\``;
}
