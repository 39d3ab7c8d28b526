/**
 * EDIFACT text as segments (ISO 9735): character set, UNA, release characters, positions.
 *
 * The split is ours: a fault costs one segment and has a position, and UNA may name any sign. The
 * public parser puts UNA's signs into regular expressions, where `>` and `*` end the reading.
 */

export interface Segment {
  tag: string;
  /** Elements after the tag, each with its components. */
  elements: string[][];
  /** Number in the file, from 1. */
  number: number;
  /** The signs of its interchange. */
  delimiters: Delimiters;
  /** Why it could not be taken apart. */
  fault?: string;
}

export interface Delimiters {
  component: string;
  element: string;
  decimal: string;
  /** Empty when there is none: UNA has a space there, level B knows none. */
  release: string;
  terminator: string;
}

/** Above this a segment is no segment but a file that is something else, or a bomb. */
const MAX_SEGMENT = 100_000;
/** A file with more faults than this is no EDIFACT with faults. */
const MAX_BROKEN = 1000;

/** ISO 9735, level A, where no UNA says otherwise. */
const DEFAULTS: Delimiters = {
  component: ":",
  element: "+",
  decimal: ".",
  release: "?",
  terminator: "'",
};
/** ISO 9735, level B: the information separators IS1, IS3 and IS4. */
const LEVEL_B: Delimiters = {
  component: "\u001f",
  element: "\u001d",
  decimal: ".",
  release: "",
  terminator: "\u001c",
};

export interface EdifactText {
  text: string;
  /** Characters that no level allows and that were read as spaces. */
  replaced: number;
}

/**
 * The text of a file. UTF-8 when the bytes are such, else ISO 8859-1, whatever UNB says: senders
 * write UNOA over umlauts in either.
 */
export function decode(body: Buffer): EdifactText {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    text = body.toString("latin1");
  }
  const separators = separatorsIn(text);
  let replaced = 0;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  text = text.replace(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff]/g, (found) => {
    if (separators.has(found)) return found;
    if (found !== "\ufeff" && found !== "\t") replaced++;
    return found === "\ufeff" ? "" : " ";
  });
  return { text: text.trimStart(), replaced };
}

/** Signs that some UNA, or level B, makes separators of: a control character may be one. */
function separatorsIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, signs = ""] of text.matchAll(/UNA([^]{6})\s*(?=UN[BGH])/g)) {
    for (const sign of signs) found.add(sign);
  }
  if (text.includes(`UNB${LEVEL_B.element}`)) {
    for (const sign of Object.values(LEVEL_B) as string[]) found.add(sign);
  }
  return found;
}

/** The segments in their order; what follows the last terminator is a segment with a fault. */
export function* segments({ text }: EdifactText): Generator<Segment> {
  let delimiters = DEFAULTS;
  let number = 0;
  let broken = 0;
  let start = 0;
  while (true) {
    start = pastSpace(text, start, delimiters.terminator);
    if (start === text.length) return;
    const service = text.startsWith("UN", start) ? text.charAt(start + 2) : "";
    if (service === "A" && isAdvice(text, start)) {
      const told = adviceOf(text.slice(start + 3, start + 9));
      delimiters = told ?? DEFAULTS;
      start += 9;
      if (told !== undefined) continue;
      const fault = "UNA gives one sign two meanings: the usual signs were taken";
      yield { tag: "UNA", elements: [], number: ++number, delimiters, fault };
      continue;
    }
    if (service === "B") delimiters = delimitersOf(text.charAt(start + 3), delimiters);
    const end = terminatorAt(text, start, delimiters);
    const raw = text.slice(start, end === -1 ? text.length : end);
    start = end === -1 ? text.length : end + 1;
    // Nothing before the terminator.
    if (raw === "") continue;
    number++;
    const tag = tagOf(raw);
    const fault = end === -1 ? "the file ends inside this segment" : faultOf(raw, tag, delimiters);
    if (fault === undefined) {
      yield new ReadSegment(tag, number, delimiters, raw);
      continue;
    }
    const enough = broken++ > MAX_BROKEN;
    const rest = `more than ${MAX_BROKEN} broken segments: the rest is not read`;
    yield { tag, elements: [], number, delimiters, fault: enough ? rest : fault };
    if (enough) return;
  }
}

/** A segment that is taken apart when somebody looks into it. */
class ReadSegment implements Segment {
  readonly tag: string;
  readonly number: number;
  readonly delimiters: Delimiters;
  // Private names (#) cost a sixth of the time of a million of these.
  private readonly raw: string;
  private taken: string[][] | undefined;

  constructor(tag: string, number: number, delimiters: Delimiters, raw: string) {
    this.tag = tag;
    this.number = number;
    this.delimiters = delimiters;
    this.raw = raw;
  }

  get elements(): string[][] {
    return (this.taken ??= elementsOf(this.raw, this.delimiters));
  }
}

/** The next character that is neither space nor line end; a terminator may be one itself. */
function pastSpace(text: string, from: number, terminator: string): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const space = code === 32 || code === 10 || code === 13 || code === 9;
    if (!space || text[at] === terminator) break;
  }
  return at;
}

/** UNA stands before an interchange, each may have its own (ISO 9735, 6.1). */
function isAdvice(text: string, at: number): boolean {
  if (!text.startsWith("UNA", at) || text.length < at + 9) return false;
  return at === 0 || /^\s*UN[BGH]/.test(text.slice(at + 9, at + 40));
}

function adviceOf(signs: string): Delimiters | undefined {
  const [component = "", element = "", decimal = "", release = "", , terminator = ""] = signs;
  if (new Set([component, element, release, terminator]).size < 4) return undefined;
  return { component, element, decimal, release: release === " " ? "" : release, terminator };
}

/** An interchange without UNA goes on with the signs of the one before, when it is written so. */
function delimitersOf(element: string, current: Delimiters): Delimiters {
  if (element === current.element) return current;
  return [DEFAULTS, LEVEL_B].find((it) => it.element === element) ?? current;
}

/** The next terminator that no release character hides. */
function terminatorAt(text: string, from: number, { terminator, release }: Delimiters): number {
  for (let at = text.indexOf(terminator, from); at !== -1; at = text.indexOf(terminator, at + 1)) {
    let releases = 0;
    if (release !== "") while (text[at - 1 - releases] === release) releases++;
    if (releases % 2 === 0) return at;
  }
  return -1;
}

function tagOf(raw: string): string {
  for (let at = 0; at < 3; at++) {
    const code = raw.charCodeAt(at);
    if (!(code >= 65 && code <= 90)) return "";
  }
  return raw.slice(0, 3);
}

function faultOf(raw: string, tag: string, delimiters: Delimiters): string | undefined {
  if (raw.length > MAX_SEGMENT) return `longer than ${MAX_SEGMENT} characters`;
  // The tag stands alone, before its elements, or with the counters of explicit nesting (`GID:1`).
  const next = raw.charAt(3);
  const ends = next === delimiters.element || next === delimiters.component || !next.trim();
  return tag !== "" && ends ? undefined : "it does not begin with a tag of three letters";
}

const LINE_FEED = 10;
const RETURN = 13;

/** Filled anew for each segment and copied at their size: arrays that grow cost more. */
const elementsScratch: string[][] = [];
const partsScratch: string[] = [];

/** The elements after the tag: one walk over the characters. */
function elementsOf(raw: string, delimiters: Delimiters): string[][] {
  const component = delimiters.component.charCodeAt(0);
  const element = delimiters.element.charCodeAt(0);
  const release = delimiters.release === "" ? -1 : delimiters.release.charCodeAt(0);
  let elementCount = 0;
  let partCount = 0;
  // What a component holds before `from`, when something in it was left out.
  let before = "";
  let from = 0;
  for (let at = 3; at <= raw.length; at++) {
    const sign = at === raw.length ? element : raw.charCodeAt(at);
    if (sign === element || sign === component) {
      const part = trimmed(before === "" ? raw.slice(from, at) : before + raw.slice(from, at));
      before = "";
      from = at + 1;
      if (partCount > 0 || sign === component) partsScratch[partCount++] = part;
      if (sign === component) continue;
      elementsScratch[elementCount++] = partCount > 0 ? partsScratch.slice(0, partCount) : [part];
      partCount = 0;
    } else if (sign === release || sign === LINE_FEED || sign === RETURN) {
      // Some wrap their lines at 80 characters, in the middle of whatever stands there.
      before += raw.slice(from, at);
      from = at + 1;
      if (sign === release) at++;
    }
  }
  return elementsScratch.slice(1, elementCount);
}

/** Most values have nothing to trim; asking is cheaper than trimming. */
function trimmed(value: string): string {
  const isSpace = (code: number) => code <= 32 || code >= 160;
  const ends = isSpace(value.charCodeAt(0)) || isSpace(value.charCodeAt(value.length - 1));
  return ends ? value.trim() : value;
}
