/**
 * Interchanges and messages out of segments, with every count and reference that the envelope
 * promises checked. A wrong count is a warning: the message is there, whatever its sender counted.
 */
import type { Finding } from "../../canonical/reading.ts";
import type { Delimiters, Segment } from "./segments.ts";

export interface Interchange {
  /** Which segment of the file its UNB is; nothing where messages came without one. */
  number: number | undefined;
  /** UNB 0020. */
  reference: string;
  syntax: string;
  sender: string[];
  receiver: string[];
  /** UNB S004: date and time, YYMMDD or CCYYMMDD and HHMM. */
  prepared: string[];
  test: boolean;
  delimiters: Delimiters;
}

/** A fault of the envelope, in CONTRL's words (data element 0085) too. */
export interface Fault extends Finding {
  syntaxError: string;
}

export interface Message {
  interchange: Interchange;
  /** Position in the file, from 1. */
  number: number;
  /** UNH 0062. */
  reference: string;
  /** `IFTSTA`. */
  type: string;
  /** `D:96A:UN`. */
  release: string;
  /** UNH first, without UNT. */
  segments: Segment[];
  faults: Fault[];
}

export type Walked =
  | { message: Message }
  /** The end of an interchange, with faults of its own. */
  | { end: Interchange; messages: number; faults: Fault[] }
  | { stray: Fault };

const part = (segment: Segment, element: number, component = 0): string =>
  segment.elements[element]?.[component] ?? "";

interface Open {
  unb: Segment;
  interchange: Interchange;
  messages: number;
  faults: Fault[];
  /** Messages since UNG, and its reference. */
  group: { reference: string; messages: number } | undefined;
  groups: number;
}

/** Walks the segments once; gives each message as soon as it is complete. */
// oxlint-disable-next-line max-lines-per-function -- one pass: where in the envelope it is is its state
export function* walk(segments: Iterable<Segment>): Generator<Walked> {
  let open: Open | undefined;
  let message: Message | undefined;
  let number = 0;
  const fault = (segment: Segment, code: string, syntaxError: string, text: string): Fault => ({
    severity: code === "count_mismatch" || code === "reference_mismatch" ? "warning" : "error",
    code,
    path: `${segment.tag || "?"}${segment.number}`,
    text,
    syntaxError,
  });
  function* endMessage(segment: Segment | undefined): Generator<Walked> {
    if (message === undefined) return;
    const done = message;
    message = undefined;
    if (segment?.tag !== "UNT") {
      const first = done.segments[0] as Segment;
      done.faults.push(fault(first, "truncated", "13", "the message has no UNT: it was cut off"));
    }
    yield { message: done };
  }
  function* endInterchange(segment: Segment | undefined): Generator<Walked> {
    yield* endMessage(undefined);
    if (open === undefined) return;
    const { unb, interchange, messages, faults } = open;
    if (segment === undefined) {
      faults.push(fault(unb, "truncated", "13", "the interchange has no UNZ: it was cut off"));
    }
    yield { end: interchange, messages, faults };
    open = undefined;
  }

  for (const segment of segments) {
    if (segment.fault !== undefined) {
      const bad = fault(segment, "bad_segment", "18", segment.fault);
      if (message !== undefined) message.faults.push(bad);
      else if (open !== undefined) open.faults.push(bad);
      else yield { stray: bad };
      continue;
    }
    switch (segment.tag) {
      case "UNB":
        yield* endInterchange(undefined);
        open = opened(segment);
        break;
      case "UNG":
        if (open === undefined) break;
        open.groups++;
        open.group = { reference: part(segment, 4), messages: 0 };
        break;
      case "UNH": {
        yield* endMessage(undefined);
        // A lone message without UNB, as some gateways hand it on.
        open ??= opened({ ...segment, tag: "UNB", elements: [] });
        open.messages++;
        if (open.group !== undefined) open.group.messages++;
        const [type = "", ...release] = segment.elements[1] ?? [];
        message = {
          interchange: open.interchange,
          number: ++number,
          reference: part(segment, 0),
          type,
          release: release.slice(0, 3).join(":"),
          segments: [segment],
          faults: [],
        };
        break;
      }
      case "UNT":
        if (message === undefined) {
          yield { stray: fault(segment, "stray_segment", "15", "UNT without UNH") };
          break;
        }
        message.faults.push(...messageFaults(message, segment, fault));
        yield* endMessage(segment);
        break;
      case "UNE":
        yield* endMessage(undefined);
        if (open?.group === undefined) break;
        open.faults.push(
          ...counted(segment, open.group.messages, open.group.reference, "messages", fault),
        );
        open.group = undefined;
        break;
      case "UNZ": {
        yield* endMessage(undefined);
        if (open === undefined) {
          yield { stray: fault(segment, "stray_segment", "15", "UNZ without UNB") };
          break;
        }
        const { groups, messages, interchange, faults } = open;
        // UNZ counts groups when there are any.
        const what = groups > 0 ? "groups" : "messages";
        const count = groups > 0 ? groups : messages;
        faults.push(...counted(segment, count, interchange.reference, what, fault));
        yield* endInterchange(segment);
        break;
      }
      default:
        if (message !== undefined) message.segments.push(segment);
        else yield { stray: fault(segment, "stray_segment", "15", "outside of any message") };
    }
  }
  yield* endInterchange(undefined);
}

type MakeFault = (segment: Segment, code: string, syntaxError: string, text: string) => Fault;

function counted(
  segment: Segment,
  count: number,
  reference: string,
  what: string,
  fault: MakeFault,
): Fault[] {
  const faults: Fault[] = [];
  const said = part(segment, 0);
  if (Number(said) !== count) {
    const text = `${segment.tag} counts ${said} ${what}, there are ${count}`;
    faults.push(fault(segment, "count_mismatch", "29", text));
  }
  if (reference !== "" && part(segment, 1) !== reference) {
    const text = `${segment.tag} names "${part(segment, 1)}", it began as "${reference}"`;
    faults.push(fault(segment, "reference_mismatch", "28", text));
  }
  return faults;
}

/** UNT counts the message's segments, UNH and itself included. */
function messageFaults(message: Message, unt: Segment, fault: MakeFault): Fault[] {
  return counted(unt, message.segments.length + 1, message.reference, "segments", fault);
}

function opened(unb: Segment): Open {
  const interchange = readInterchange(unb);
  return { unb, interchange, messages: 0, faults: [], group: undefined, groups: 0 };
}

function readInterchange(unb: Segment): Interchange {
  return {
    number: unb.elements.length === 0 ? undefined : unb.number,
    reference: part(unb, 4),
    syntax: (unb.elements[0] ?? ["UNOC", "3"]).join(":"),
    sender: unb.elements[1] ?? [],
    receiver: unb.elements[2] ?? [],
    prepared: unb.elements[3] ?? [],
    test: part(unb, 10) === "1",
    delimiters: unb.delimiters,
  };
}
