/**
 * Transaction sets to an interchange.
 *
 * X12 has no escape character: a separator inside a value would end it there. So free text has
 * such characters replaced, and a number, code or reference that holds one is refused, because
 * another reference would be a wrong one.
 */
import { MilepostError } from "../../errors.ts";
import type { Interchange } from "./settings.ts";

/** Text for people: separators and what ASCII cannot say are replaced, and it is cut to `max`. */
export interface FreeText {
  readonly free: string;
  readonly max: number;
}

/** A code, number or reference as it must stand; free text; or an empty element. */
export type OutElement = string | FreeText | undefined;

/** Segment name and elements. Empty elements at the end are left out. */
export type OutSegment = readonly [id: string, ...elements: OutElement[]];

export interface OutSet {
  /** ST01. */
  type: string;
  /** From behind ST to before SE. */
  segments: readonly OutSegment[];
}

export interface OutGroup {
  /** GS01. */
  functionalId: string;
  /** GS08. */
  version?: string;
  sets: readonly OutSet[];
}

export interface OutHead {
  interchange: Interchange;
  /** For ISA13 and GS06; the last nine digits are taken. */
  control: number;
  /** ISA09/10 and GS04/05, written in UTC. */
  made: Date;
}

const VERSION = "004010";
const CONTROL_DIGITS = 1_000_000_000;

export const free = (text: string | undefined, max: number): FreeText | undefined =>
  text === undefined ? undefined : { free: text, max };

/** The whole file. Throws MilepostError `x12_value` (never) for a value that cannot be written. */
export function writeInterchange(head: OutHead, groups: readonly OutGroup[]): string {
  checkSeparators(head.interchange);
  const control = controlNumber(head.control);
  const lines = [isaLine(head, control)];
  for (const [index, group] of groups.entries()) {
    writeGroup(lines, head, group, String(Number(control) + index));
  }
  lines.push(line(head.interchange, ["IEA", String(groups.length), control]));
  const end = `${head.interchange.segment_terminator}\n`;
  return lines.map((text) => text + end).join("");
}

/** Nine digits of a number that grows; never zero. */
export function controlNumber(number: number): string {
  const digits = Math.trunc(number) % CONTROL_DIGITS;
  return String(digits === 0 ? CONTROL_DIGITS - 1 : digits).padStart(9, "0");
}

function writeGroup(lines: string[], head: OutHead, group: OutGroup, control: string): void {
  const { interchange, made } = head;
  const { day, minute } = clock(made);
  const write = (segment: OutSegment) => void lines.push(line(interchange, segment));
  const sender = interchange.group_sender ?? interchange.sender;
  const receiver = interchange.group_receiver ?? interchange.receiver;
  const version = group.version ?? VERSION;
  write(["GS", group.functionalId, sender, receiver, day, minute, control, "X", version]);
  for (const [index, set] of group.sets.entries()) {
    const number = String(index + 1).padStart(4, "0");
    write(["ST", set.type, number]);
    for (const segment of set.segments) write(segment);
    write(["SE", String(set.segments.length + 2), number]);
  }
  write(["GE", String(group.sets.length), control]);
}

/** The ISA's columns are fixed, so that its 106 bytes tell the separators to any reader. */
function isaLine({ interchange: it, made }: OutHead, control: string): string {
  const { day, minute } = clock(made);
  const empty = "".padEnd(10);
  const elements = [
    ...["ISA", "00", empty, "00", empty],
    ...[it.sender_qualifier, checked(it, "ISA", it.sender).padEnd(15)],
    ...[it.receiver_qualifier, checked(it, "ISA", it.receiver).padEnd(15)],
    ...[day.slice(2), minute, "U", "00401", control, "0", it.usage, it.component_separator],
  ];
  return elements.join(it.element_separator);
}

function clock(made: Date): { day: string; minute: string } {
  const text = made.toISOString();
  return {
    day: text.slice(0, 10).replaceAll("-", ""),
    minute: text.slice(11, 16).replace(":", ""),
  };
}

function line(interchange: Interchange, [id, ...elements]: OutSegment): string {
  const texts = elements.map((value) => {
    if (value === undefined) return "";
    return typeof value === "string"
      ? checked(interchange, id, value)
      : replaced(interchange, value);
  });
  while (texts.at(-1) === "") texts.pop();
  return [id, ...texts].join(interchange.element_separator);
}

const PRINTABLE = /^[\u0020-\u007E]*$/;

function separatorsOf(it: Interchange): string[] {
  return [it.element_separator, it.component_separator, it.segment_terminator];
}

function checked(interchange: Interchange, id: string, value: string): string {
  const bad = separatorsOf(interchange).find((separator) => value.includes(separator));
  if (bad === undefined && PRINTABLE.test(value)) return value;
  const what = bad === undefined ? "a character that X12 cannot carry" : `the separator "${bad}"`;
  throw new MilepostError(`x12: "${value}" holds ${what}`, {
    code: "x12_value",
    retry: "never",
    culprit: "x12",
    path: id,
    hint: "change the value, or the connection's separators under settings.interchange",
  });
}

/** Marks above letters are dropped, `ß` becomes `ss`, separators a space, the rest `?`. */
function replaced(interchange: Interchange, { free: text, max }: FreeText): string {
  let clean = text.normalize("NFKD").replace(/\p{M}/gu, "");
  for (const [from, to] of LETTERS) clean = clean.replaceAll(from, to);
  for (const separator of separatorsOf(interchange)) clean = clean.replaceAll(separator, " ");
  clean = clean.replace(/[\s\p{Cc}]+/gu, " ").replace(/[^\u0020-\u007E]/gu, "?");
  return clean.trim().slice(0, max).trim();
}

const LETTERS = [
  ["ß", "ss"],
  ["æ", "ae"],
  ["Æ", "AE"],
  ["ø", "o"],
  ["Ø", "O"],
  ["ł", "l"],
  ["Ł", "L"],
  ["–", "-"],
  ["—", "-"],
  ["’", "'"],
] as const;

/** Separators must differ, and must not occur in numbers, names or the control segments. */
function checkSeparators(it: Interchange): void {
  const separators = separatorsOf(it);
  const distinct = new Set(separators).size === separators.length;
  if (distinct && separators.every((separator) => USABLE.test(separator))) return;
  throw new MilepostError("x12: the separators under settings.interchange cannot be used", {
    code: "x12_separators",
    retry: "pause",
    culprit: "x12",
    hint: "take three different signs that are no letters, digits or spaces, such as * > ~",
  });
}

// eslint-disable-next-line no-control-regex -- some partners separate by FS, GS, RS and US
const USABLE = /^[!-/:-@[-`{-~\u001C-\u001F]$/;
