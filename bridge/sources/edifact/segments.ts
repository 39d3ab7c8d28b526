/**
 * EDIFACT text as segments: character set, UNA, release characters, positions.
 *
 * The split into segments is ours, so that a fault costs one segment and has a position; npm
 * `edifact` takes each apart into elements and components. It is set to the widest character
 * level (UNOY): at UNOA it refuses lower case, which senders of UNOA write all the same.
 */
import Parser from "edifact/parser.js";

export interface Segment {
  tag: string;
  /** Elements after the tag, each with its components. */
  elements: string[][];
  /** Number in the file, from 1. */
  number: number;
  /** Why it could not be taken apart. */
  fault?: string;
}

export interface Delimiters {
  component: string;
  element: string;
  decimal: string;
  release: string;
  terminator: string;
}

/** Above this a segment is no segment but a file that is something else, or a bomb. */
const MAX_SEGMENT = 100_000;
/** A file with more faults than this is no EDIFACT with faults. */
const MAX_BROKEN = 1000;

const DEFAULTS: Delimiters = {
  component: ":",
  element: "+",
  decimal: ".",
  release: "?",
  terminator: "'",
};

export interface EdifactText {
  text: string;
  delimiters: Delimiters;
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
  let replaced = 0;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  text = text.replace(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff]/g, (found) => {
    if (found !== "\ufeff" && found !== "\t") replaced++;
    return found === "\ufeff" ? "" : " ";
  });
  text = text.trimStart();
  const una = /^UNA([^\r\n]{6})/.exec(text)?.[1];
  if (una === undefined) return { text, delimiters: DEFAULTS, replaced };
  const [component = "", element = "", decimal = "", release = "", , terminator = ""] = una;
  return {
    text: text.slice(9),
    delimiters: { component, element, decimal, release, terminator },
    replaced,
  };
}

/** The segments in their order; what follows the last terminator is a segment with a fault. */
export function* segments({ text, delimiters }: EdifactText): Generator<Segment> {
  const split = splitter(delimiters);
  let number = 0;
  let broken = 0;
  let start = 0;
  while (start < text.length) {
    const end = terminatorAt(text, start, delimiters);
    const raw = text.slice(start, end === -1 ? text.length : end + 1);
    start = end === -1 ? text.length : end + 1;
    // Nothing before the terminator, or nothing after the last one.
    if (raw.trim() === "" || raw.trim() === delimiters.terminator) continue;
    number++;
    const tag = /^\s*([A-Z]{3})/.exec(raw)?.[1] ?? "";
    if (broken > MAX_BROKEN) {
      const fault = `more than ${MAX_BROKEN} broken segments: the rest is not read`;
      yield { tag, elements: [], number, fault };
      return;
    }
    if (end === -1) yield { tag, elements: [], number, fault: "the file ends inside this segment" };
    else if (raw.length > MAX_SEGMENT) {
      yield { tag, elements: [], number, fault: `longer than ${MAX_SEGMENT} characters` };
    } else {
      const segment = { number, ...split(raw.trimStart(), tag) };
      if (segment.fault !== undefined) broken++;
      yield segment;
    }
  }
}

/** The next terminator that no release character hides. */
function terminatorAt(text: string, from: number, { terminator, release }: Delimiters): number {
  for (let at = text.indexOf(terminator, from); at !== -1; at = text.indexOf(terminator, at + 1)) {
    let releases = 0;
    if (release !== " ") while (text[at - 1 - releases] === release) releases++;
    if (releases % 2 === 0) return at;
  }
  return -1;
}

function splitter(delimiters: Delimiters) {
  const { component, element, decimal, release, terminator } = delimiters;
  const parser = new Parser(undefined, {
    componentDataSeparator: component.charCodeAt(0),
    dataElementSeparator: element.charCodeAt(0),
    decimalMark: decimal.charCodeAt(0),
    // A space says that there is none: a character that cannot occur.
    releaseCharacter: release === " " ? 1 : release.charCodeAt(0),
    segmentTerminator: terminator.charCodeAt(0),
  });
  parser.encoding("UNOY");
  let elements: string[][] = [];
  parser.onopensegment = () => (elements = []);
  parser.onelement = () => void elements.push([]);
  parser.oncomponent = (data) => void elements.at(-1)?.push(data.trim());
  parser.onclosesegment = () => undefined;
  return (raw: string, tag: string): Omit<Segment, "number"> => {
    try {
      if (tag === "") throw new Error("it does not begin with a tag of three letters");
      parser.write(raw);
      return { tag, elements };
    } catch (error) {
      parser.state = Parser.states.segment;
      parser._tokenizer.reset();
      return { tag, elements: [], fault: error instanceof Error ? error.message : String(error) };
    }
  };
}
