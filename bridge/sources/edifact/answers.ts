/**
 * CONTRL and APERAK, answers to what we sent: whether it was received, and whether the partner's
 * application could use it. Receipt is never acceptance of the load by the carrier.
 *
 * A receipt is a warning, a rejection an error finding, so that somebody mends the order. Where an
 * order of ours is meant, its shipment is told as well: tendered, or rejected. Codes: 0083 and 0085 of ISO 9735 version 3,
 * 1225 and 4343 of D.96A.
 */
import type { Identifier } from "../../canonical/identifiers.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { addReceipt, addRejection, type OrderAnswer } from "../shared/reading/order_answer.ts";
import type { MessageContext } from "./message_context.ts";
import { isOurOrder, orderName } from "./our_order.ts";
import { namesIn } from "./references.ts";
import type { Segment } from "./segments.ts";

/** Our orders count their interchanges; our replies have references of fourteen digits. */
const ORDER_REFERENCE = /^\d{1,9}$/;

/** 0083: this level and all below rejected; UNB and UNZ rejected. */
const REJECTED = new Set(["4", "6"]);
/** Acknowledged; with errors that were reported; some below rejected; UNB and UNZ accepted … */
const RECEIVED: Readonly<Record<string, string>> = {
  1: "received",
  2: "received with errors",
  3: "took only a part of",
  5: "received",
  7: "received",
  8: "received",
};
/** Of these the order was taken, if perhaps with errors; 3 leaves open which part was not. */
const TAKEN = new Set(["1", "2", "5", "7", "8"]);

/** 0085, in our words; others stay numbers. */
const SYNTAX_ERRORS: Readonly<Record<string, string>> = {
  2: "syntax version not supported",
  3: "directory not supported",
  6: "a segment is missing or invalid",
  7: "we are not its recipient",
  8: "too many elements",
  9: "a mandatory element is missing",
  10: "wrong type or length",
  12: "invalid value",
  13: "missing",
  14: "value not supported here",
  15: "not supported here",
  16: "too many components",
  17: "no agreement",
  18: "unspecified error",
  21: "invalid character",
  23: "unknown sender",
  26: "a duplicate",
  28: "references disagree",
  29: "counts disagree",
  35: "too many segments",
  39: "too long",
  40: "too short",
};
const MAX_WORDS = 5;

const text = ({ elements }: Segment, element: number, component = 0): string =>
  elements[element]?.[component] ?? "";

interface Verdict {
  segment: Segment;
  /** IFTMIN, INSDES, or nothing when the whole interchange is meant. */
  type: string;
  name: string;
  action: string;
  words: string[];
}

/** UCI judges the interchange, UCM a message of it, UCS a segment, UCD an element of that. */
export function readContrl(context: MessageContext): void {
  const { segments } = context.message;
  const uci = segments.find((it) => it.tag === "UCI");
  if (uci === undefined) {
    const [unh] = segments;
    if (unh !== undefined) context.finding("error", "no_verdict", "a CONTRL without UCI", unh);
    return;
  }
  const reference = text(uci, 0);
  const verdicts: Verdict[] = [];
  for (const segment of segments) {
    const { tag } = segment;
    if (tag === "UCI") verdicts.push(verdictOf(segment, 3, "", `interchange ${reference}`));
    else if (tag === "UCM") {
      const type = text(segment, 1);
      const name = `${type} ${text(segment, 0)} of interchange ${reference}`;
      verdicts.push(verdictOf(segment, 2, type, name));
    } else if (tag === "UCS" || tag === "UCD") addWords(verdicts.at(-1), segment);
  }
  for (const verdict of verdicts) sayVerdict(context, verdict);
  const ofOrder = verdicts.filter((it) => isOrder(it, verdicts));
  const rejected = ofOrder.find((it) => REJECTED.has(it.action));
  // The message's own word says more than that of its interchange.
  const judged = rejected ?? ofOrder.findLast((it) => TAKEN.has(it.action));
  if (judged === undefined || !ORDER_REFERENCE.test(reference)) return;
  const tell = judged === rejected ? addRejection : addReceipt;
  tell(context.builder, {
    ...answerAt(context, judged.segment),
    names: [orderName(reference)],
    raw: `CONTRL/${judged.action}`,
    words: judged.words,
  });
}

function verdictOf(segment: Segment, at: number, type: string, name: string): Verdict {
  const error = text(segment, at + 1);
  return {
    segment,
    type,
    name,
    action: text(segment, at),
    words: error === "" ? [] : [wordsOf(error)],
  };
}

function wordsOf(error: string): string {
  const known = Object.hasOwn(SYNTAX_ERRORS, error) ? SYNTAX_ERRORS[error] : undefined;
  return known === undefined ? `error ${error}` : `${known} (${error})`;
}

function addWords(verdict: Verdict | undefined, segment: Segment): void {
  if (verdict === undefined || verdict.words.length >= MAX_WORDS) return;
  const isSegment = segment.tag === "UCS";
  const where = isSegment ? text(segment, 0) : (segment.elements[1] ?? []).join(".");
  const error = text(segment, isSegment ? 1 : 0);
  const fault = error === "" ? "" : `: ${wordsOf(error)}`;
  verdict.words.push(`${isSegment ? "segment" : "element"} ${where}${fault}`);
}

function isOrder({ type }: Verdict, all: readonly Verdict[]): boolean {
  if (type !== "") return isOurOrder(type);
  const messages = all.filter((it) => it.type !== "");
  return messages.length === 0 || messages.some((it) => isOurOrder(it.type));
}

function sayVerdict(
  context: MessageContext,
  { segment, type, name, action, words }: Verdict,
): void {
  const level = type === "" ? "interchange" : "message";
  const faults = words.length === 0 ? "" : `: ${words.join(", ")}`;
  if (REJECTED.has(action)) {
    const said = `the partner rejected our ${name}${faults}`;
    return context.finding("error", `${level}_rejected`, said, segment);
  }
  const verb = Object.hasOwn(RECEIVED, action) ? RECEIVED[action] : undefined;
  if (verb === undefined) {
    const said = `the partner said "${action}" of our ${name}${faults}`;
    return context.finding("error", "unmapped_code", said, segment);
  }
  const partly = action === "3" || words.length > 0;
  const said = `the partner ${verb} our ${name}${faults}`;
  context.finding(partly ? "error" : "warning", `${level}_received`, said, segment);
}

/** BGM 1225: not accepted, not found, not processed; 4343: rejected. */
const REFUSING = new Set(["27", "10", "12"]);
/** Accepted, as it is or amended. */
const ACCEPTING = new Set("28 29 30 34 44 45".split(" "));

/**
 * BGM with 1225 or 4343 is the verdict; without one, errors (ERC) are. RFF+ACW names the message
 * that is answered: our order is called by the shipment's number.
 */
export function readAperak(context: MessageContext): void {
  const { segments } = context.message;
  const bgm = segments.find((it) => it.tag === "BGM") ?? segments[0];
  if (bgm === undefined) return;
  const errors = errorsIn(segments);
  const [told, response] = [text(bgm, 2), text(bgm, 3)];
  const accepted = ACCEPTING.has(told) || response === "AP" || response === "CA";
  const rejected = REFUSING.has(told) || response === "RE" || (!accepted && errors.length > 0);
  const names = answeredNames(segments);
  const name = names[0]?.value ?? "a message";
  const words = errors.slice(0, MAX_WORDS);
  const faults = words.length === 0 ? "" : `: ${words.join(", ")}`;
  const answer = { ...answerAt(context, bgm), names, words };
  if (!rejected) {
    const said = `the partner took our ${name}${faults}`;
    context.finding("warning", "message_received", said, bgm);
    const verdict = response || told;
    const raw = verdict === "" ? "APERAK" : `APERAK/${verdict}`;
    return addReceipt(context.builder, { ...answer, raw });
  }
  context.finding("error", "message_rejected", `the partner rejected our ${name}${faults}`, bgm);
  const raw = `APERAK/${response || told || "ERC"}`;
  addRejection(context.builder, { ...answer, raw });
}

/** The code of each ERC with the text behind it. */
function errorsIn(segments: readonly Segment[]): string[] {
  const errors: string[] = [];
  let open = false;
  for (const segment of segments) {
    if (segment.tag === "ERC") {
      errors.push(`error ${text(segment, 0)}`);
      open = true;
    } else if (segment.tag === "FTX" && open) {
      const said = (segment.elements[3] ?? []).filter((it) => it !== "").join(" ");
      if (said !== "") errors.push(`${errors.pop() ?? ""}: ${said}`);
      open = false;
    }
  }
  return errors;
}

/** 1153 ACW and AGO: the message that is answered, by the number that we gave it. */
function answeredNames(segments: readonly Segment[]): Identifier[] {
  const answered = segments
    .filter((it) => it.tag === "RFF" && ["ACW", "AGO"].includes(text(it, 0)))
    .map((it) => text(it, 0, 1));
  const ours = answered.flatMap((it) => [["shipment", it] as const, ["shipment_id", it] as const]);
  return identifiers(...ours, ...namesIn(segments));
}

function answerAt(context: MessageContext, segment: Segment): Pick<OrderAnswer, "path" | "at"> {
  return { path: context.path(segment), at: context.recordedAt };
}
