/** What the expressions gave, as the values of canonical facts. */
import { DateTime } from "luxon";
import { identifierType, type Identifier } from "../../canonical/identifiers.ts";
import { decimal, type Instant } from "../../canonical/values.ts";
import { type InstantRules, readInstant } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import {
  identifiers as uniqueIdentifiers,
  type ReadingBuilder,
} from "../shared/reading/reading.ts";
import type { InstantRule } from "./rules.ts";
import { plainDecimal } from "./numerals.ts";
import type { Mapping } from "./mapping.ts";

/** Where the values are read from and what is said of them. */
export interface Reader {
  readonly builder: ReadingBuilder;
  readonly mapping: Mapping;
  /** Where in the message the fact stands. */
  readonly path: string;
}

/** The text of a value; of several, the first. */
export function textAt(node: JsonNode, max = 256): string | undefined {
  const { value } = node;
  if (!Array.isArray(value)) return typeof value === "boolean" ? String(value) : node.text(max);
  return node
    .items()
    .map((it) => it.text(max))
    .find((it) => it !== undefined);
}

/** All texts of a value. */
function textsAt(node: JsonNode, max: number): string[] {
  const { value } = node;
  const nodes = Array.isArray(value) ? node.items().flatMap((it) => [it, ...it.items()]) : [node];
  return nodes.flatMap((it) => it.text(max) ?? []);
}

/** True for true, and for texts and numbers that mean it. */
export function isTrueAt(node: JsonNode): boolean {
  const text = textAt(node)?.toLowerCase();
  return text !== undefined && !["false", "0", "no", "n", "null"].includes(text);
}

/** The identifiers that the expressions gave, each once. */
export function identifiersAt(node: JsonNode): Identifier[] {
  const { value } = node;
  if (value === null || typeof value !== "object") return [];
  return uniqueIdentifiers(
    ...Object.keys(value).flatMap((name) => {
      const type = identifierType.safeParse(name);
      if (!type.success) return [];
      return textsAt(node.at(name), 128).map((text) => [type.data, text] as const);
    }),
  );
}

/** The place, and its zone: as it is said, else as country, state or UN/LOCODE tell it. */
export function placeAt(node: JsonNode): ZonedPlace {
  const text = (name: string) => textAt(node.at(name));
  return zonedPlace({
    name: text("name"),
    street: text("street"),
    postalCode: text("postal_code"),
    city: text("city"),
    state: text("state"),
    country: text("country"),
    unlocode: text("unlocode"),
    latitude: numberAt(node.at("latitude")),
    longitude: numberAt(node.at("longitude")),
    zone: text("zone"),
  });
}

function numberAt(node: JsonNode): number | undefined {
  return (Array.isArray(node.value) ? node.items()[0] : node)?.number();
}

/**
 * A decimal as text, without a plus sign, leading zeros or empty places. Other texts are an error
 * finding: money is never guessed.
 */
export function decimalAt(reader: Reader, node: JsonNode, name: string): string | undefined {
  const said = textAt(node, 64);
  if (said === undefined) return undefined;
  const text = plainDecimal(said, reader.mapping.numbers) ?? "";
  const match = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text);
  const [, sign, whole, places = ""] = match ?? [];
  const plain = `${sign === "-" ? "-" : ""}${whole ?? ""}${places === "" ? "" : `.${places}`}`;
  if (match !== null && decimal.safeParse(plain).success) return plain;
  reader.builder.finding("error", "not_decimal", reader.path, `${name}: "${said}" is no decimal`);
  return undefined;
}

/** The instant; trouble becomes a finding that names the place in the message. */
export function instantAt(
  reader: Reader,
  node: JsonNode,
  rule: InstantRule | undefined,
  placeZone?: string,
): Instant | undefined {
  if (rule === undefined) return undefined;
  const simple = typeof rule === "string" || !("at" in rule);
  const raw = textAt(simple ? node : node.at("at"), 64);
  if (raw === undefined) return undefined;
  const stated = simple ? undefined : textAt(node.at("zone"), 64);
  const zoneStated = stated !== undefined && isZone(stated);
  const rules: InstantRules = {
    zone: zoneStated ? stated : fallbackZone(reader, placeZone),
    zoneStated,
  };
  let text: string | undefined = inOneOf(raw, reader.mapping.dates) ?? raw;
  if (!simple) {
    if (rule.format !== undefined) text = reformat(raw, rule.format);
    rules.midnightIsDate = rule.midnight_is_date;
    rules.ignoreOffset =
      rule.offset === "ignored" || (rule.offset === "ignored_without_zone" && !zoneStated);
  }
  const { instant, trouble } = readInstant(text ?? "", rules);
  if (trouble === "unreadable_time") {
    reader.builder.finding("error", trouble, reader.path, `"${raw}" is no date and time`);
  } else if (trouble !== undefined) {
    const said = trouble === "skipped_time" ? "skipped" : "showed twice";
    reader.builder.finding("warning", trouble, reader.path, `the clocks ${said} ${raw}`);
  }
  // A zone that the sender names beside a time with an offset is the better word for it.
  return instant === undefined || !zoneStated ? instant : { ...instant, zone: stated };
}

function fallbackZone({ mapping }: Reader, placeZone: string | undefined): string {
  return placeZone !== undefined && isZone(placeZone) ? placeZone : mapping.zone;
}

function isZone(name: string): boolean {
  return DateTime.local({ zone: name }).isValid;
}

/** A text in the first of the partner's formats that fits; nothing when none does. */
function inOneOf(text: string, formats: readonly string[] = []): string | undefined {
  for (const format of formats) {
    const read = reformat(text, format);
    if (read !== undefined) return read;
  }
  return undefined;
}

/** A text of another making as ISO 8601: local time, unless the format holds an offset. */
function reformat(text: string, format: string): string | undefined {
  if (format === "epoch" || format === "epoch_ms") {
    if (!/^\d{1,14}$/.test(text)) return undefined;
    const ms = Number(text) * (format === "epoch" ? 1000 : 1);
    const at = new Date(ms);
    return Number.isNaN(at.getTime()) ? undefined : `${at.toISOString().slice(0, 19)}Z`;
  }
  const withOffset = /Z/.test(format);
  const read = DateTime.fromFormat(text, format, {
    setZone: withOffset,
    zone: "UTC",
    locale: "en-US",
  });
  if (!read.isValid) return undefined;
  const hours = /[Hht]/.test(format);
  const seconds = /[sS]/.test(format);
  const offset = withOffset ? "ZZ" : "";
  if (!hours) return read.toFormat("yyyy-MM-dd");
  return read.toFormat(`yyyy-MM-dd'T'HH:mm${seconds ? ":ss" : ""}${offset}`);
}

/** A canonical word: written in the file, else what the expression gave, by `codes.words`. */
export function wordAt<T extends string>(
  reader: Reader,
  node: JsonNode,
  written: T | { from: unknown } | undefined,
  words: readonly T[],
  name: string,
): T | undefined {
  if (typeof written === "string") return written;
  const raw = textAt(node, 64);
  if (raw === undefined) return undefined;
  const { words: known } = reader.mapping.codes;
  const said = Object.hasOwn(known, raw) ? known[raw] : raw;
  const word = words.find((it) => it === said);
  if (word !== undefined) return word;
  reader.builder.finding("error", "unknown_word", reader.path, `${name}: "${raw}" is not known`);
  return undefined;
}
