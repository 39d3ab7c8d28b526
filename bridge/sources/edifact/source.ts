/** EDIFACT, D.93A to D.07B: IFTSTA, INVOIC, RECADV and DESADV in, IFTMIN and INSDES out, CONTRL and APERAK both ways. */
import { unreadable } from "../shared/reading/unreadable.ts";
import { ReadingBuilder } from "../shared/reading/reading.ts";
import { isTracking, trackedElements } from "../shared/reading/field_tracking.ts";
import { ACCEPT_HINT, isReadable, unknownVersion } from "../shared/reading/version.ts";
import type { MilepostError } from "../../errors.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading, Reply } from "../../canonical/reading.ts";
import { aperak, contrl, type Judged } from "./acknowledgements.ts";
import { readAperak, readContrl } from "./answers.ts";
import { type Fault, type Message, walk } from "./envelope.ts";
import { foreignParties } from "./parties.ts";
import { readIftsta } from "./iftsta.ts";
import { readInvoic } from "./invoic.ts";
import { MessageContext } from "./message_context.ts";
import { readDesadv } from "./desadv.ts";
import { readRecadv } from "./recadv.ts";
import { sendOrder } from "./send_order.ts";
import { decode, type Segment, segments } from "./segments.ts";
import { type EdifactSettings, settings } from "./settings.ts";
import { KNOWN, versionOf } from "./version.ts";

const ID = "edifact";

const READERS: Readonly<Record<string, (context: MessageContext) => void>> = {
  IFTSTA: readIftsta,
  INVOIC: readInvoic,
  RECADV: readRecadv,
  DESADV: readDesadv,
};

/** Answers to what we sent. Service messages count their versions otherwise: all are read. */
const ANSWERS: typeof READERS = { CONTRL: readContrl, APERAK: readAperak };

export const edifactSource: Source<EdifactSettings> = {
  id: ID,
  mapping: `${ID}@4`,
  settings,
  contentTypes: ["application/edifact", "text/plain", "application/octet-stream"],
  check,
  read,
  readParts,
  sendOrder,
  // Few carriers answer an instruction by APERAK: it is expected where the connection says so.
  answerHours: { receipt: 24, status: 24 },
};

/** Refuses what is no EDIFACT or holds no message; everything else is read as far as it goes. */
function check({ body }: RawMessage): void {
  const text = decode(body);
  for (const segment of segments(text)) {
    const { tag, number, fault } = segment;
    if (number === 1 && !["UNA", "UNB", "UNH"].includes(tag)) {
      throw unreadable(ID, "not_edifact", "", "begins neither with UNA, UNB nor UNH");
    }
    if (number === 1 && fault !== undefined) {
      throw unreadable(ID, "bad_segment", `${tag}1`, fault);
    }
    if (segment.tag === "UNH" && segment.fault === undefined) return;
  }
  throw unreadable(ID, "no_message", "UNB1", "holds no message (UNH)");
}

function read(message: RawMessage, given: EdifactSettings): Reading {
  const whole: Reading = { facts: [], findings: [], replies: [] };
  for (const part of readParts(message, given)) {
    whole.facts.push(...part.facts);
    whole.findings.push(...part.findings);
    whole.replies?.push(...(part.replies ?? []));
  }
  return whole;
}

/**
 * A part per message, and one for the end of each interchange with its CONTRL. Throws
 * `unknown_version` or `foreign_interchange` (quarantine) behind the last part when a message's
 * version is not known or its interchange is another's: the others are read before, and all of the
 * file again when it is released; the CONTRL of an interchange with such a message waits for that.
 */
function* readParts(raw: RawMessage, given: EdifactSettings): Generator<Reading> {
  check(raw);
  const text = decode(raw.body);
  if (text.replaced > 0) {
    const words = `${text.replaced} control characters were read as spaces`;
    yield {
      facts: [],
      findings: [{ severity: "warning", code: "bad_characters", path: "", text: words }],
    };
  }
  let judged: Judged[] = [];
  let refusal: MilepostError | undefined;
  let waits = false;
  for (const walked of walk(segments(text))) {
    if ("message" in walked) {
      const { message } = walked;
      judged.push(message);
      const strange = foreignParties(message.interchange, given) ?? unknownOf(message, given);
      if (strange !== undefined) {
        refusal ??= strange;
        waits = true;
        continue;
      }
      yield readMessage(message, given, raw.receivedAt);
    } else if ("end" in walked) {
      const foreign = foreignParties(walked.end, given);
      refusal ??= foreign;
      waits ||= foreign !== undefined;
      const replies: Reply[] = [];
      // A CONTRL is never answered: two gateways would go on for ever.
      const asked = judged.filter((it) => it.type !== "CONTRL");
      if (given.acknowledge !== "none" && !waits && (asked.length > 0 || judged.length === 0)) {
        replies.push(contrl(walked.end, asked, walked.faults, raw.receivedAt));
      }
      judged = [];
      waits = false;
      yield { facts: [], findings: walked.faults.map(toFinding), replies };
    } else yield { facts: [], findings: [toFinding(walked.stray)] };
  }
  if (refusal !== undefined) throw refusal;
}

/** The refusal of a message that would be read if it were in a version that is known or allowed. */
function unknownOf(message: Message, given: EdifactSettings): MilepostError | undefined {
  const said = Object.hasOwn(READERS, message.type) ? versionOf(message) : undefined;
  const readable = said === undefined || isReadable(said.text, KNOWN, given.accept_versions);
  return readable ? undefined : unknownVersion(ID, said, KNOWN.words, ACCEPT_HINT);
}

function toFinding({ severity, code, path, text }: Fault): Reading["findings"][number] {
  return { severity, code, path, text };
}

function trackedSegment(type: string, segment: Segment): Segment {
  if (segment.tag === "UNH") return segment;
  return {
    ...segment,
    elements: trackedElements(segment.elements, `${type}/${segment.tag}`, 0),
  };
}

function readMessage(message: Message, given: EdifactSettings, receivedAt: Date): Reading {
  const builder = new ReadingBuilder(receivedAt);
  for (const { severity, code, path, text } of message.faults) {
    builder.finding(severity, code, path, text);
  }
  if (isTracking()) {
    message.segments = message.segments.map((segment) => trackedSegment(message.type, segment));
  }
  const context = new MessageContext(message, given, builder, receivedAt);
  const [unh] = message.segments;
  const reader = Object.hasOwn(READERS, message.type) ? READERS[message.type] : undefined;
  const answer = Object.hasOwn(ANSWERS, message.type) ? ANSWERS[message.type] : undefined;
  if (answer !== undefined) answer(context);
  else if (reader === undefined) {
    const text = `message ${message.type || "without a type"} is not read`;
    if (unh !== undefined) context.finding("error", "unsupported_message", text, unh, 2);
  } else {
    if (versionOf(message) === undefined && unh !== undefined) {
      const text = "names no version and release; it is read as D.96A";
      context.finding("warning", "no_version", text, unh, 2);
    }
    reader(context);
  }
  if (builder.isEmpty) {
    builder.finding("warning", "no_events", `UNH${unh?.number ?? ""}`, "the message says nothing");
  }
  // An answer is never answered: two gateways would go on for ever.
  const replies = given.acknowledge === "contrl_and_aperak" && answer === undefined;
  const reply = replies ? aperak(context, receivedAt) : undefined;
  return { ...builder.done(), replies: reply === undefined ? [] : [reply] };
}
