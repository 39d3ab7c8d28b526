/**
 * DESADV, the despatch advice of a warehouse or supplier: what left, in which packages. That is the
 * loading, with its quantities, as an X12 945 is.
 *
 * A newer advice of the same number replaces an earlier one, BGM 1225 1 withdraws it.
 */
import { Decimal } from "decimal.js";
import {
  lineText,
  linesText,
  type LoadedPackage,
  loadedOf,
  type ToldLine,
} from "../shared/reading/loaded.ts";
import { defined } from "../shared/reading/reading.ts";
import { openAdvice } from "./advice.ts";
import type { MessageContext } from "./message_context.ts";
import { decimalOf } from "./numbers.ts";
import { readNad } from "./places.ts";
import { expandedRange } from "./ranges.ts";
import { isCancellation } from "./said_event.ts";
import type { Segment } from "./segments.ts";
import { readDtms } from "./times.ts";

interface Line extends Omit<ToldLine, "quantity"> {
  segment: Segment;
  lots: string[];
  /** Nothing while none was told that can be read. */
  quantity: Decimal | undefined;
}

interface Unit {
  lines: Line[];
  marks: LoadedPackage[];
}

/** 6063 (D.96A): despatched; ordered. */
const DESPATCHED = "12";
const ORDERED = "21";
/** 2005: despatch, departure as it was. */
const TIMES = ["11", "186"];
/** Whose place the goods left, the nearest first. */
const SHIPPERS = ["SF", "WH", "SU", "SE"];
const MAX_NAMES = 200;

/** Reads the message into one loading; what it lacks to be one is an error finding. */
export function readDesadv(context: MessageContext): void {
  const advice = openAdvice(context, "DESADV");
  if (advice === undefined) return;
  const { bgm, names: all, event: source_event } = advice;
  const names = all.filter(({ type }) => type !== "sscc");
  const own = names.length > 0 ? names : all;
  const lane = own[0]?.value ?? "-";
  const common = {
    message_path: context.path(bgm),
    identifiers: own.slice(0, 40),
    recorded_at: context.recordedAt,
    applies_to: "one" as const,
  };
  if (isCancellation(context)) {
    const target = { source_event };
    const retraction = { kind: "retraction", ...common, applies_to: "every", target } as const;
    return void context.builder.add(retraction, "billing", lane);
  }
  context.builder.milestone(
    defined({
      kind: "milestone" as const,
      ...common,
      source_event,
      version: context.recordedAt,
      code: "loaded" as const,
      classifier: "actual" as const,
      occurred: leftAt(context, bgm),
      stop: { kind: "pickup" as const },
      raw_code: "DESADV",
      ...readLoaded(context, bgm),
    }),
    lane,
  );
  if (all.length === own.length) return;
  const declares = [...own, ...all.filter(({ type }) => type === "sscc")].slice(0, MAX_NAMES);
  const plan = { kind: "itinerary" as const, ...common, declares, stops: [] };
  context.builder.add(
    { ...plan, source_event: `${source_event}|names`.slice(0, 128) },
    "eta",
    lane,
  );
}

/** When the goods left, by the clock of the place they left; the day of the message where none is told. */
function leftAt(context: MessageContext, bgm: Segment) {
  const parties = context.message.segments.filter((it) => it.tag === "NAD").map(readNad);
  const shippers = SHIPPERS.map((it) => parties.find(({ qualifier }) => qualifier === it));
  const zone = shippers.find((it) => it?.zone !== undefined)?.zone;
  const dtms = readDtms(context.head);
  const told = TIMES.map((it) => dtms.find(({ qualifier }) => qualifier === it));
  const dtm = told.find((it) => it !== undefined);
  const instant = dtm === undefined ? undefined : context.instant(dtm, zone);
  return instant ?? context.dayOfMessage(bgm);
}

function readLoaded(context: MessageContext, bgm: Segment) {
  const units = unitsIn(context);
  for (const { lines, marks } of units) {
    const [only, ...others] = marks;
    if (others.length === 0) for (const line of lines) line.package = only;
  }
  const lines = units.flatMap((it) => it.lines).filter(isCounted);
  for (const line of lines) {
    if (line.ordered === undefined || line.ordered.eq(line.quantity)) continue;
    const code = line.quantity.lt(line.ordered) ? "short_shipped" : "over_shipped";
    context.finding("warning", code, `${lineText(line)} were shipped`, line.segment);
  }
  const { loaded, cut } = loadedOf(
    lines,
    units.flatMap((it) => it.marks),
  );
  if (cut) {
    const text = "the advice has more lines or packages than 500; the first were taken";
    context.finding("error", "quantities_cut", text, bgm);
  }
  return { loaded, raw_text: linesText(lines) };
}

function isCounted(line: Line): line is Line & { quantity: Decimal } {
  return line.quantity !== undefined;
}

/** CPS begins a packing unit, GIN+BJ names its packages, LIN and what follows say what is in it. */
function unitsIn(context: MessageContext): Unit[] {
  let unit: Unit = { lines: [], marks: [] };
  const units = [unit];
  for (const segment of context.message.segments) {
    const { tag, elements } = segment;
    if (tag === "CPS") units.push((unit = { lines: [], marks: [] }));
    else if (tag === "GIN" && elements[0]?.[0] === "BJ") unit.marks.push(...marksIn(segment));
    else if (tag === "LIN") unit.lines.push(newLine(segment));
    else addTo(context, unit.lines.at(-1), segment);
  }
  return units;
}

function marksIn({ elements }: Segment): LoadedPackage[] {
  return elements.slice(1).flatMap(([from = "", to = ""]) => {
    const marks = to === "" ? [from] : (expandedRange(from, to) ?? [from, to]);
    return marks.filter((mark) => mark !== "").map((mark) => ({ mark, isSscc: true }));
  });
}

function newLine(segment: Segment): Line {
  return {
    segment,
    goods: segment.elements[2]?.[0] || undefined,
    description: undefined,
    quantity: undefined,
    ordered: undefined,
    unit: undefined,
    lots: [],
    package: undefined,
  };
}

/** Segments below a LIN. PIA+1 is an additional number: the lot (NB), or the goods' number (SA). */
function addTo(context: MessageContext, line: Line | undefined, segment: Segment): void {
  if (line === undefined) return;
  const { tag, elements } = segment;
  if (tag === "IMD") {
    line.description ??= (elements[2] ?? []).slice(3).join(" ").trim() || undefined;
  } else if (tag === "QTY") addQuantity(context, line, segment);
  else if (tag === "PIA") {
    for (const [number = "", kind = ""] of elements.slice(1)) {
      if (kind === "NB" && number !== "") line.lots.push(number);
      // The supplier's own number is ours; the trade's (EAN) is the next best.
      else if (kind === "SA" && number !== "") line.goods = number;
      else line.goods ??= number || undefined;
    }
  } else if (tag === "GIN" && elements[0]?.[0] === "BX") {
    // Batch number.
    line.lots.push(...elements.slice(1).flatMap(([lot = ""]) => (lot === "" ? [] : [lot])));
  }
}

function addQuantity(context: MessageContext, line: Line, segment: Segment): void {
  const [kind = "", text = "", unit = ""] = segment.elements[0] ?? [];
  if (kind !== DESPATCHED && kind !== ORDERED) return;
  const value = decimalOf(text, context.message.interchange.delimiters.decimal);
  if (value === undefined) {
    return context.finding("error", "bad_quantity", `"${text}" is no quantity`, segment, 1);
  }
  if (kind === ORDERED) line.ordered = new Decimal(value);
  else {
    line.quantity = new Decimal(value);
    if (unit !== "") line.unit = unit;
  }
}
