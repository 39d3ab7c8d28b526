/**
 * RECADV, the receiving advice of the customer or a warehouse: whoever took the goods says how many
 * came, and in which state. That is a proof of delivery with quantities, as an X12 861 is.
 *
 * A newer advice of the same number replaces an earlier one, BGM 1225 1 withdraws it.
 */
import { Decimal } from "decimal.js";
import { defined } from "../shared/reading/reading.ts";
import { type Condition, quantitiesOfLine, type ReceivedLine } from "../shared/reading/received.ts";
import { openAdvice } from "./advice.ts";
import type { MessageContext } from "./message_context.ts";
import { decimalOf } from "./numbers.ts";
import { readNad } from "./places.ts";
import { isCancellation } from "./said_event.ts";
import type { Segment } from "./segments.ts";
import { readDtms } from "./times.ts";

interface Line extends ReceivedLine {
  segment: Segment;
  /** 194: what was accepted, where the advice says so itself. */
  accepted: Decimal | undefined;
}

const DAMAGED: Condition = { outcome: "accepted_damaged", reason: "damage" };
const SHORT: Condition = { outcome: "short", reason: "shortage_overage" };
const OVER: Condition = { outcome: "over", reason: "shortage_overage" };
const REFUSED: Condition = { outcome: "refused", reason: "refused" };

/** 6063 (D.96A, D.07B): received, pieces delivered, delivery, final delivery quantity. */
const RECEIVED = new Set(["48", "46", "131", "92"]);
const ACCEPTED = "194";
const DESPATCHED = "12";
/** Short, over, damaged; received and not accepted, to be returned or destroyed. */
const EXCEPTIONS: Readonly<Record<string, Condition>> = {
  119: SHORT,
  121: OVER,
  124: DAMAGED,
  195: REFUSED,
  196: REFUSED,
};
/** 4221 of a QVR (D.96A): why a quantity differs. */
const DISCREPANCIES: Readonly<Record<string, Condition>> = {
  AC: OVER,
  AE: OVER,
  AF: DAMAGED,
  BP: SHORT,
  CP: SHORT,
};
/** 2005: goods receipt, delivered, received. */
const TIMES = ["50", "35", "310"];
const RECEIVERS = ["DP", "ST", "CN", "UC", "WH", "BY"];
const MAX_QUANTITIES = 500;

/** Reads the message into one proof of delivery; what it lacks to be one is an error finding. */
export function readRecadv(context: MessageContext): void {
  const advice = openAdvice(context, "RECADV");
  if (advice === undefined) return;
  const { bgm, names, event: source_event } = advice;
  const lane = names[0]?.value ?? "-";
  const common = {
    message_path: context.path(bgm),
    identifiers: names,
    recorded_at: context.recordedAt,
  };
  if (isCancellation(context)) {
    const target = { source_event };
    const retraction = { kind: "retraction", ...common, applies_to: "every", target } as const;
    return void context.builder.add(retraction, "billing", lane);
  }
  const quantities = quantitiesIn(context);
  if (quantities.length === 0) {
    return context.finding("error", "no_quantity", "the advice counts nothing", bgm);
  }
  const proof = defined({
    kind: "proof_of_delivery" as const,
    ...common,
    applies_to: "one" as const,
    source_event,
    version: context.recordedAt,
    stop: { kind: "delivery" as const },
    delivered: receivedAt(context),
    quantities: quantities.slice(0, MAX_QUANTITIES),
    remark: `RECADV ${context.document}`.trim().slice(0, 512),
  });
  context.builder.add(proof, "billing", lane);
  if (quantities.length <= MAX_QUANTITIES) return;
  const text = `${quantities.length} quantities; the first ${MAX_QUANTITIES} were taken`;
  context.finding("error", "quantities_cut", text, bgm);
}

/** When the goods came, by the clock of the receiver's address. */
function receivedAt(context: MessageContext) {
  const parties = context.message.segments.filter((it) => it.tag === "NAD").map(readNad);
  const receivers = RECEIVERS.map((it) => parties.find(({ qualifier }) => qualifier === it));
  const zone = receivers.find((it) => it?.zone !== undefined)?.zone;
  const dtms = readDtms(context.message.segments);
  const told = TIMES.map((it) => dtms.find(({ qualifier }) => qualifier === it));
  const dtm = told.find((it) => it !== undefined);
  return dtm === undefined ? undefined : context.instant(dtm, zone);
}

function quantitiesIn(context: MessageContext) {
  return linesIn(context).flatMap((line) => {
    const { quantities, fault } = quantitiesOfLine(receivedOf(line));
    if (fault !== undefined) context.finding("error", "bad_quantity", fault, line.segment);
    return quantities;
  });
}

/** What came without what was refused; where the advice tells what was accepted, that and the rest. */
function receivedOf({ accepted, ...line }: Line): ReceivedLine {
  const sum = (...outcomes: readonly string[]) =>
    line.exceptions
      .filter(({ outcome }) => outcomes.includes(outcome))
      .reduce((total, { quantity }) => total.plus(quantity), new Decimal(0));
  if (accepted !== undefined) {
    return { ...line, received: accepted.plus(sum("accepted_damaged", "over")), refused: "beside" };
  }
  return line;
}

function linesIn(context: MessageContext): Line[] {
  const lines: Line[] = [];
  for (const segment of context.message.segments) {
    const { tag, elements } = segment;
    if (tag === "LIN") lines.push(newLine(segment));
    const line = lines.at(-1);
    if (line === undefined) continue;
    if (tag === "PIA") line.goods ??= elements[1]?.[0] || undefined;
    else if (tag === "IMD") {
      line.description ??= (elements[2] ?? []).slice(3).join(" ").trim() || undefined;
    } else if (tag === "QTY") addQuantity(context, line, segment);
    else if (tag === "QVR") addVariance(context, line, segment);
  }
  return lines;
}

function newLine(segment: Segment): Line {
  return {
    segment,
    received: new Decimal(0),
    accepted: undefined,
    shipped: undefined,
    unit: undefined,
    goods: segment.elements[2]?.[0] || undefined,
    description: undefined,
    exceptions: [],
    refused: "within",
  };
}

function addQuantity(context: MessageContext, line: Line, segment: Segment): void {
  const [kind = "", text = "", unit = ""] = segment.elements[0] ?? [];
  const quantity = numberIn(context, segment, text);
  if (quantity === undefined) return;
  if (unit !== "") line.unit ??= unit.slice(0, 32);
  const exception = Object.hasOwn(EXCEPTIONS, kind) ? EXCEPTIONS[kind] : undefined;
  if (RECEIVED.has(kind)) line.received = quantity;
  else if (kind === ACCEPTED) line.accepted = quantity;
  else if (kind === DESPATCHED) line.shipped = quantity;
  else if (exception !== undefined && quantity.gt(0))
    line.exceptions.push({ quantity, ...exception });
}

/** `QVR+-2:119+BP`: the difference, what it is, and why; a minus is what is missing. */
function addVariance(context: MessageContext, line: Line, segment: Segment): void {
  const [text = "", kind = ""] = segment.elements[0] ?? [];
  const quantity = numberIn(context, segment, text)?.abs();
  if (quantity === undefined || quantity.isZero()) return;
  const why = segment.elements[1]?.[0] ?? "";
  const condition =
    (Object.hasOwn(DISCREPANCIES, why) ? DISCREPANCIES[why] : undefined) ??
    (Object.hasOwn(EXCEPTIONS, kind) ? EXCEPTIONS[kind] : undefined);
  if (condition !== undefined) {
    const known = line.exceptions.some(({ outcome }) => outcome === condition.outcome);
    // A quantity and the variance beside it say the same.
    if (!known) line.exceptions.push({ quantity, ...condition });
    return;
  }
  const said = `no meaning is known for the difference ${why || kind || "-"}`;
  context.finding("warning", "unmapped_code", said, segment, 2);
}

function numberIn(context: MessageContext, segment: Segment, text: string): Decimal | undefined {
  const value = decimalOf(text, context.message.interchange.delimiters.decimal);
  if (value === undefined && text !== "") {
    context.finding("error", "bad_quantity", `"${text}" is no quantity`, segment, 1);
  }
  return value === undefined ? undefined : new Decimal(value);
}
