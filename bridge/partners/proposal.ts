/**
 * A first mapping out of a sample: how it is written, where its events are, fields by their names
 * and values, codes by what they and the texts beside them sound like. It is a beginning for a
 * person to go through, and says so in its comments; money is told and never guessed.
 */
import { stringify } from "yaml";
import type { MilestoneCode } from "../canonical/codes.ts";
import type { IdentifierType } from "../canonical/identifiers.ts";
import { parseFormat } from "../sources/mapped/formats.ts";
import { soundsLike } from "./code_words.ts";
import * as words from "./field_words.ts";
import { guessFormat, guessNumbers, type SampleType } from "./sample_format.ts";
import { type Leaf, nameOf, pathText, type Shape, shapeOf, wholeNameOf } from "./sample_shape.ts";
import { clockForm, type TimeForm, timeForm } from "./sample_times.ts";

const CONTAINER = /^[A-Z]{3}[UJZ]\d{7}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;
const LONGEST_CODE = 64;

interface FoundTime {
  leaf: Leaf;
  /** Where date and clock stand apart. */
  clock: Leaf | undefined;
  form: TimeForm;
  isPlanned: boolean;
}

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
  type: SampleType,
  body: Buffer,
  zone: string,
): Proposal {
  const { format, written } = guessFormat(type, body);
  const isAmerican = zone.startsWith("America/");
  const shape = shapeOf(
    parseFormat(name, format, body),
    type === "xml",
    (leaves) => Number(codeIn(leaves) !== undefined) + Number(timesIn(leaves, isAmerican) > 0),
    (leaves) => Object.keys(identifiersIn(leaves)).length > 0,
  );
  const seen = lookAt(shape, isAmerican);
  const { time, code, identifiers, own, numbers, meanings } = seen;
  const tree = {
    mapping: { name, version: 1 },
    transport: {},
    format: written,
    ...(numbers !== undefined && { numbers }),
    ...(time?.form.format !== undefined && !isEpoch(time) && { dates: [time.form.format] }),
    zone,
    ...(shape.records !== undefined && { records: pathText(shape.records) }),
    identifiers,
    facts: factsOf(shape, seen, own),
    codes: { milestones: Object.fromEntries(meanings.filter(([, meaning]) => meaning)) },
  };
  const unsure = unsureOf(seen);
  const used = JSON.stringify(tree);
  const others = shape.event.map((it) => pathText(it.keys)).filter((it) => !used.includes(it));
  return {
    text: fileText(tree, unsure, others),
    found: {
      identifiers: [...Object.keys(identifiers), ...Object.keys(own)],
      time: time === undefined ? null : atText(time),
      code: code === undefined ? null : pathText(code.keys),
      codes: meanings.length,
      unsure,
    },
  };
}

function lookAt({ event, record, each }: Shape, isAmerican: boolean) {
  const code = codeIn(event);
  const time = timeIn(event, isAmerican);
  const text = textBeside(event, code);
  const outside = identifiersIn(record);
  const inside = identifiersIn(event.filter((it) => it !== code && it !== time?.leaf));
  const own = Object.fromEntries(
    Object.entries(inside).filter(([type]) => each !== undefined && !(type in outside)),
  );
  const money = event.concat(record).filter((it) => words.MONEY_NAMES.test(nameOf(it)));
  return {
    code,
    time,
    text,
    identifiers: each === undefined ? inside : outside,
    own,
    place: placeIn(event),
    signer: event.find((it) => words.SIGNER_NAMES.test(wholeNameOf(it))),
    id: event.find((it) => words.EVENT_ID_NAMES.test(nameOf(it)) && isDistinct(it)),
    meanings: meaningsOf(code, text),
    numbers: guessNumbers(money.flatMap((it) => it.values)),
    money: money.map((it) => pathText(it.keys)),
  };
}

type Seen = ReturnType<typeof lookAt>;

function factsOf({ each }: Shape, seen: Seen, own: object): object[] {
  const { code, time, text, place, signer, id } = seen;
  const occurred = time === undefined ? "$$.received_at" : instantOf(time);
  const common = {
    ...(each !== undefined && { each: pathText(each) }),
    ...(Object.keys(own).length > 0 && { identifiers: own }),
  };
  const event = id !== undefined && { event: pathText(id.keys) };
  const milestone = {
    kind: "milestone",
    ...common,
    ...event,
    code: code === undefined ? { value: "unknown" } : pathText(code.keys),
    ...(text !== undefined && { text: pathText(text.keys) }),
    ...(time?.isPlanned === true && { classifier: "estimated" }),
    occurred,
    ...(Object.keys(place).length > 0 && { place }),
  };
  if (signer === undefined) return [milestone];
  const when = pathText(signer.keys);
  const proof = { kind: "proof_of_delivery", ...common, when, ...event, delivered: occurred };
  return [milestone, { ...proof, signer: when }];
}

function unsureOf({ identifiers, own, time, code, meanings, signer, money }: Seen): string[] {
  const hasNames = Object.keys({ ...identifiers, ...own }).length > 0;
  return [
    ...(hasNames ? [] : ["no identifier was recognised: add one"]),
    ...(time === undefined ? ["no time was recognised: set occurred"] : []),
    ...(time?.form.isUnsure
      ? [`dates may be read as ${time.form.format}, or day and month swapped`]
      : []),
    ...(code === undefined ? ["no code was recognised: set code"] : []),
    ...meanings.flatMap(([it, meaning]) =>
      meaning === undefined ? [`code "${it}" sounds like nothing`] : [],
    ),
    ...(signer === undefined ? [] : ["proofs count once authority/billing has proof_of_delivery"]),
    ...(money.length === 0 ? [] : [`money is not mapped: ${money.slice(0, 8).join(", ")}`]),
  ];
}

function fileText(tree: object, unsure: readonly string[], others: readonly string[]): string {
  const comments = [
    " Made from a sample: go through it, then run milepost partner try.",
    ...unsure.map((it) => ` To do: ${it}`),
    ` Not used: ${others.slice(0, 30).join(", ") || "nothing"}`,
  ];
  const lines = comments.map((it) => `#${it.replaceAll(/\s+/g, " ").trimEnd()}`);
  return `${lines.join("\n")}\n${stringify(tree, { lineWidth: 100 })}`;
}

function instantOf(time: FoundTime): unknown {
  return isEpoch(time) ? { at: atText(time), format: time.form.format } : atText(time);
}

const isEpoch = ({ form }: FoundTime): boolean => form.format?.startsWith("epoch") === true;

/** Date and clock that stand apart are one text. */
function atText({ leaf, clock, form }: FoundTime): string {
  if (clock === undefined) return pathText(leaf.keys);
  return `${pathText(leaf.keys)} & "${form.format === undefined ? "T" : " "}" & ${pathText(clock.keys)}`;
}

/** How many fields are times of something that happened. */
function timesIn(leaves: readonly Leaf[], isAmerican: boolean): number {
  return leaves.filter((it) => timeForm(it.values, isAmerican) !== undefined).length;
}

function timeIn(leaves: readonly Leaf[], isAmerican: boolean): FoundTime | undefined {
  const found = leaves.flatMap((leaf) => {
    const form = timeForm(leaf.values, isAmerican);
    if (form === undefined) return [];
    const name = nameOf(leaf);
    const at = words.TIME_NAMES.findIndex((it) => it.test(name));
    const isPlanned = words.PLANNED_NAMES.test(wholeNameOf(leaf));
    const named = at < 0 ? 0 : words.TIME_NAMES.length - at;
    const written = words.RECORDED_NAMES.test(name) ? 4 : 0;
    const score = named + (form.hasClock ? 1 : 0) - (isPlanned ? 6 : 0) - written;
    return [{ leaf, form, isPlanned, clock: undefined as Leaf | undefined, score }];
  });
  const [best] = found.toSorted((a, b) => b.score - a.score);
  if (best === undefined || best.form.hasClock) return best;
  const clocks = leaves.filter((it) => it !== best.leaf && words.CLOCK_NAMES.test(nameOf(it)));
  const clock = clocks.find((it) => clockForm(it.values) !== undefined);
  const clockTokens = clock === undefined ? undefined : clockForm(clock.values);
  if (clock === undefined || clockTokens === undefined) return best;
  const { format } = best.form;
  const isIso = format === undefined && clockTokens.startsWith("HH:mm");
  const joint = { ...best.form, format: `${format ?? "yyyy-MM-dd"} ${clockTokens}` };
  return { ...best, clock, form: isIso ? { ...best.form, hasClock: true } : joint };
}

/** The field whose name and values are most like a code; ids and texts are less like one. */
function codeIn(leaves: readonly Leaf[]): Leaf | undefined {
  const scored = leaves.flatMap((leaf) => {
    const name = nameOf(leaf);
    const values = [...new Set(leaf.values)];
    const heard = values.filter((it) => soundsLike(it) !== undefined).length / values.length;
    const at = words.CODE_NAMES.findIndex((it) => it.test(name));
    const isId =
      words.EVENT_ID_NAMES.test(name) ||
      words.NO_CODE_NAMES.test(name) ||
      values.some((it) => UUID.test(it));
    const isCode = values.every((it) => it.length <= LONGEST_CODE && !/^\d{6,}$/.test(it));
    if ((at < 0 && heard < 0.5) || isId || !isCode || timeForm(leaf.values, false)) return [];
    const named = at < 0 ? 0 : words.CODE_NAMES.length - at + 1;
    const isText = values.some((it) => /\s/.test(it)) || words.TEXT_NAMES.test(name);
    return [{ leaf, score: named + 2 * heard - (isText ? 1 : 0) - leaf.keys.length / 10 }];
  });
  return scored.toSorted((a, b) => b.score - a.score)[0]?.leaf;
}

function textBeside(leaves: readonly Leaf[], code: Leaf | undefined): Leaf | undefined {
  const texts = leaves.filter((it) => it !== code && words.TEXT_NAMES.test(nameOf(it)));
  return (
    texts.find((it) => it.values.some((value) => /[a-z]\s[a-z]/i.test(value))) ??
    texts.find((it) => it.values.some((value) => soundsLike(value) !== undefined))
  );
}

/** What each code means: by itself, else by the text that comes with it. */
function meaningsOf(
  code: Leaf | undefined,
  text: Leaf | undefined,
): Array<readonly [string, MilestoneCode | undefined]> {
  return [...new Set(code?.values ?? [])].map((value) => {
    const [item] = code?.items.filter((_, index) => code.values[index] === value) ?? [];
    const beside = text?.values[text.items.indexOf(item ?? -1)];
    return [
      value,
      soundsLike(value) ?? (beside === undefined ? undefined : soundsLike(beside)),
    ] as const;
  });
}

function identifiersIn(leaves: readonly Leaf[]): Partial<Record<IdentifierType, string>> {
  const found: Partial<Record<IdentifierType, string>> = {};
  for (const leaf of leaves) {
    const names = [nameOf(leaf), wholeNameOf(leaf)];
    const byValue = leaf.values.every((it) => CONTAINER.test(it))
      ? ("container" as const)
      : undefined;
    const byName = words.IDENTIFIER_NAMES.find(([, it]) =>
      names.some((name) => it.test(name)),
    )?.[0];
    const looksRight = leaf.values.every(
      (it) => it.length <= 64 && timeForm([it], false) === undefined && /[0-9A-Z]/.test(it),
    );
    const type = byValue ?? byName;
    if (type !== undefined && looksRight) found[type] ??= pathText(leaf.keys);
  }
  return found;
}

function placeIn(leaves: readonly Leaf[]): Record<string, string> {
  const place: Record<string, string> = {};
  for (const leaf of leaves) {
    const part = words.PLACE_NAMES.find(([, it]) => it.test(nameOf(leaf)))?.[0];
    if (part !== undefined) place[part] ??= pathText(leaf.keys);
  }
  return place;
}

function isDistinct({ values }: Leaf): boolean {
  return new Set(values).size === values.length;
}
