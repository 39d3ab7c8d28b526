/**
 * A first mapping out of a sample: fields by their names and values, codes by what they sound
 * like. It is a beginning for a person to go through, and says so in its comments.
 */
import { stringify } from "yaml";
import type { IdentifierType } from "../canonical/identifiers.ts";
import { parseFormat } from "../sources/mapped/formats.ts";
import { mappingType, type Format } from "../sources/mapped/mapping.ts";
import { soundsLike } from "./code_words.ts";

interface Leaf {
  /** Keys from the record or item on, without array positions. */
  keys: readonly string[];
  values: string[];
}

type Json = Record<string, unknown>;

const IDENTIFIER_NAMES: ReadonlyArray<readonly [IdentifierType, RegExp]> = [
  ["container", /container(number|no|id)?$|equipment(number|no)$/],
  ["tracking", /tracking(number|no|id)?$/],
  ["mbol", /mbol|masterbill/],
  ["bol", /bol$|billoflading|bolnumber/],
  ["pro", /^pro$|pro(number|no)$/],
  ["booking", /booking(number|no|ref.*)?$/],
  ["shipment_id", /(load|shipment)(number|no|id)?$/],
  ["po", /^po$|po(number|no)$|purchaseorder/],
  ["scac", /scac$/],
  ["customer_ref", /(customer|reference|ref)(number|no|ref|s)?$/],
];
const CONTAINER = /^[A-Z]{3}[UJZ]\d{7}$/;
const TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?.*)?$/;
const TIME_NAMES = [
  /occur/,
  /event(date|time|at)|eventtime/,
  /timestamp/,
  /^(time|date|at)$/,
  /time|date|at$/,
];
const CODE_NAMES = [
  /statuscode|eventcode/,
  /^(status|event|code|milestone)$/,
  /status|event|code|milestone/,
];
const PLACE_NAMES: ReadonlyArray<readonly [string, RegExp]> = [
  ["city", /city$/],
  ["state", /^state$|stateprovince|province/],
  ["postal_code", /postal|zip/],
  ["country", /country/],
  ["latitude", /^lat(itude)?$/],
  ["longitude", /^(lon|lng|longitude)$/],
];

export interface Proposal {
  text: string;
  /** What was found, for the person who asked. */
  found: {
    identifiers: string[];
    time: string | null;
    code: string | null;
    codes: number;
    unsure: string[];
  };
}

/** A partner's file made from one sample. Throws MilepostError when the sample cannot be read. */
export function proposeMapping(
  name: string,
  type: "json" | "csv" | "xml",
  body: Buffer,
  zone: string,
): Proposal {
  const format: Format = mappingType.shape.format.parse(type);
  const seen = lookAt(parseFormat(name, format, body));
  const { records, inner, leaves, identifiers, time, code, meanings, place } = seen;
  const tree = {
    mapping: { name, version: 1 },
    transport: {},
    format: type,
    zone,
    ...(records !== undefined && { records }),
    identifiers,
    facts: [
      {
        kind: "milestone",
        ...(inner !== undefined && { each: pathText(inner.keys) }),
        code: code === undefined ? { value: "unknown" } : pathText(code.keys),
        occurred: time === undefined ? "$$.received_at" : pathText(time.keys),
        ...(Object.keys(place).length > 0 && { place }),
      },
    ],
    codes: {
      milestones: Object.fromEntries(meanings.filter(([, meaning]) => meaning !== undefined)),
    },
  };
  const unsure = unsureOf(seen);
  const others = leaves.filter((it) => it !== time && it !== code).map((it) => pathText(it.keys));
  return {
    text: fileText(tree, unsure, others),
    found: {
      identifiers: Object.keys(identifiers),
      time: time === undefined ? null : pathText(time.keys),
      code: code === undefined ? null : pathText(code.keys),
      codes: meanings.length,
      unsure,
    },
  };
}

/** What the sample shows: where its records, names, times and codes are. */
function lookAt(document: unknown) {
  const { records, record } = recordOf(document);
  const inner = innerList(record);
  const outer = leavesOf([record], inner?.keys[0]);
  const leaves = inner === undefined ? outer : leavesOf(inner.items);
  const time = best(
    leaves.filter((it) => it.values.some((value) => TIME.test(value))),
    TIME_NAMES,
  );
  const code = best(
    leaves.filter((it) => it !== time && !TIME.test(it.values[0] ?? "")),
    CODE_NAMES,
  );
  return {
    records,
    inner,
    leaves,
    identifiers: identifiersIn([...leaves, ...outer], inner !== undefined, leaves),
    time,
    code,
    meanings: [...new Set(code?.values ?? [])].map((it) => [it, soundsLike(it)] as const),
    place: placeIn(leaves),
  };
}

function unsureOf({ identifiers, time, code, meanings }: ReturnType<typeof lookAt>): string[] {
  return [
    ...(Object.keys(identifiers).length === 0 ? ["no identifier was recognised: add one"] : []),
    ...(time === undefined ? ["no time was recognised: set occurred"] : []),
    ...(code === undefined ? ["no code was recognised: set code"] : []),
    ...meanings.flatMap(([it, meaning]) =>
      meaning === undefined ? [`code "${it}" sounds like nothing`] : [],
    ),
  ];
}

function fileText(tree: object, unsure: readonly string[], others: readonly string[]): string {
  const comments = [
    " Made from a sample: go through it, then run milepost partner try.",
    ...unsure.map((it) => ` To do: ${it}`),
    ` Not used: ${others.slice(0, 30).join(", ") || "nothing"}`,
  ];
  return `${comments.map((it) => `#${it}`).join("\n")}\n${stringify(tree, { lineWidth: 100 })}`;
}

/** The records of a document: rows, a wrapped list, or the document itself. */
function recordOf(document: unknown): { records?: string; record: Json } {
  if (Array.isArray(document)) return { record: objectOf(document[0]) };
  const root = objectOf(document);
  const lists = Object.entries(root).filter(([, value]) => listOfObjects(value) !== undefined);
  const [only] = lists;
  const hasOwnNames = identifiersIn(leavesOf([root], only?.[0]), false, []);
  if (lists.length === 1 && only !== undefined && Object.keys(hasOwnNames).length === 0) {
    return { records: quoted(only[0]), record: objectOf(listOfObjects(only[1])?.[0]) };
  }
  const inside = Object.entries(root);
  const [single] = inside;
  if (inside.length === 1 && single !== undefined && isObject(single[1])) {
    const { records, record } = recordOf(single[1]);
    const path = [quoted(single[0]), ...(records === undefined ? [] : [records])].join(".");
    return { records: path, record };
  }
  return { record: root };
}

/** A list of objects with times inside the record: its events. */
function innerList(record: Json): { keys: string[]; items: Json[] } | undefined {
  for (const [key, value] of Object.entries(record)) {
    const items = listOfObjects(value);
    if (
      items !== undefined &&
      leavesOf(items).some((it) => it.values.some((text) => TIME.test(text)))
    ) {
      return { keys: [key], items };
    }
  }
  return undefined;
}

function leavesOf(items: readonly Json[], except?: string): Leaf[] {
  const leaves = new Map<string, Leaf>();
  const walk = (node: unknown, keys: readonly string[], depth: number): void => {
    if (depth > 8) return;
    if (isObject(node)) {
      for (const [key, child] of Object.entries(node)) {
        if (depth > 0 || key !== except) walk(child, [...keys, key], depth + 1);
      }
    } else if (Array.isArray(node)) {
      for (const child of node.slice(0, 20)) walk(child, keys, depth + 1);
    } else if (node !== null && node !== undefined && node !== "") {
      const name = keys.join("\0");
      const leaf = leaves.get(name) ?? { keys, values: [] };
      leaf.values.push(typeof node === "string" ? node : JSON.stringify(node));
      leaves.set(name, leaf);
    }
  };
  for (const item of items.slice(0, 200)) walk(item, [], 0);
  return [...leaves.values()];
}

function identifiersIn(
  leaves: readonly Leaf[],
  nested: boolean,
  own: readonly Leaf[],
): Partial<Record<IdentifierType, string>> {
  const found: Partial<Record<IdentifierType, string>> = {};
  for (const leaf of leaves) {
    if (nested && own.includes(leaf)) continue;
    const name = plain(leaf.keys.at(-1) ?? "");
    const whole = plain(leaf.keys.join(""));
    const byValue = leaf.values.every((it) => CONTAINER.test(it))
      ? ("container" as const)
      : undefined;
    const type =
      byValue ?? IDENTIFIER_NAMES.find(([, words]) => words.test(name) || words.test(whole))?.[0];
    const looksRight = leaf.values.every(
      (it) => it.length <= 64 && !TIME.test(it) && /[0-9A-Z]/.test(it),
    );
    if (type !== undefined && looksRight) found[type] ??= pathText(leaf.keys);
  }
  return found;
}

function placeIn(leaves: readonly Leaf[]): Record<string, string> {
  const place: Record<string, string> = {};
  for (const leaf of leaves) {
    const name = plain(leaf.keys.at(-1) ?? "");
    const part = PLACE_NAMES.find(([, words]) => words.test(name))?.[0];
    if (part !== undefined) place[part] ??= pathText(leaf.keys);
  }
  return place;
}

/** The leaf whose name fits the earliest of the patterns. */
function best(leaves: readonly Leaf[], patterns: readonly RegExp[]): Leaf | undefined {
  for (const pattern of patterns) {
    const fitting = leaves.find(({ keys }) => pattern.test(plain(keys.at(-1) ?? "")));
    if (fitting !== undefined) return fitting;
  }
  return undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** JSONata for a path; names that are no plain words are quoted. */
function pathText(keys: readonly string[]): string {
  return keys.map(quoted).join(".");
}

function quoted(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !["and", "or", "in"].includes(key)
    ? key
    : `\`${key}\``;
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function listOfObjects(value: unknown): Json[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every(isObject) ? value : undefined;
}
