/**
 * INVOIC as a carrier's invoice: lines (LIN), charges and allowances (ALC), taxes, total; what of
 * them repeats what is in `bill.ts`.
 *
 * Whether lines, charges and taxes add up to the total is checked here and said
 * (`money_mismatch`); the invoice goes on all the same, and Odoo holds it.
 */
import type { CarrierInvoice } from "../../canonical/fact.ts";
import type { Instant } from "../../canonical/values.ts";
import { defined, identifiers } from "../shared/reading/reading.ts";
import { gatherAmounts, sumOf } from "./amounts.ts";
import { type Bill, billOf } from "./bill.ts";
import { currencyOf } from "./currency.ts";
import type { MessageContext } from "./message_context.ts";
import { type Located, readNad } from "./places.ts";
import { namesIn, sayUnreadNames } from "./references.ts";
import type { Segment } from "./segments.ts";
import { dayOf, type Dtm, readDtm, readDtms } from "./times.ts";
import { sayUnread } from "./unread.ts";

/** 1001 (D.96A, D.07B): credit notes for goods and services, financial, factored, commission … */
const CREDIT_NOTES = new Set("81 83 261 262 296 308 381 396 420 458 532".split(" "));
/** 384 is a corrected invoice whatever 1225 says. */
const CORRECTIONS: Readonly<Record<string, CarrierInvoice["correction"]>> = {
  1: "cancelled",
  4: "correction",
  5: "rebill",
};
const MAX_LINES = 500;

/** Reads the message into one carrier invoice; what it lacks to be one is an error finding. */
export function readInvoic(context: MessageContext): void {
  const { segments } = context.message;
  const bgm = segments.find((it) => it.tag === "BGM") ?? segments[0];
  if (bgm === undefined) return;
  if (context.isCut) return context.finding("error", "cut_invoice", "the file ends inside it", bgm);
  sayUnread(context);
  sayUnreadNames(context);
  const days = dayOfEach(context);
  const currency = currencyOf(segments);
  const amounts = gatherAmounts(context, currency);
  const bill = billOf(amounts);
  const billDate = days.get("137") ?? days.get("3");
  if (context.document === "") context.finding("error", "no_number", "no invoice number", bgm, 2);
  if (billDate === undefined)
    context.finding("error", "no_bill_date", "no date of the invoice", bgm);
  if (bill === undefined) context.finding("error", "no_total", "no MOA tells the total", bgm);
  if (context.document === "" || billDate === undefined || bill === undefined) return;
  if (currency === undefined) {
    const text = `no currency is named, ${context.settings.currency} was taken`;
    context.finding("warning", "currency_inferred", text, bgm);
  }
  const { lines, total } = bill;
  sayOfBill(context, bill, amounts.broken, bgm);
  const parties = segments.filter((it) => it.tag === "NAD").map(readNad);
  const seller = parties.find((it) => ["CA", "SE", "SU", "II", "PE"].includes(it.qualifier));
  const named = namesIn(segments);
  context.builder.add(
    defined({
      kind: "carrier_invoice" as const,
      message_path: context.path(bgm),
      identifiers: identifiers(...named, ["pro", context.document]),
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      number: context.document.slice(0, 64),
      document: CREDIT_NOTES.has(context.kind) ? ("credit_note" as const) : ("invoice" as const),
      correction:
        CORRECTIONS[context.function] ?? (context.kind === "384" ? "correction" : "original"),
      corrects: correctedNumber(context),
      carrier_scac: named.find(([type]) => type === "scac")?.[1],
      carrier_name: seller?.name === "" ? undefined : seller?.name.slice(0, 128),
      bill_date: billDate,
      due_date: days.get("13") ?? days.get("140") ?? days.get("265"),
      ship_date: days.get("11") ?? days.get("200"),
      delivered: deliveredAt(context, parties),
      currency: currency ?? context.settings.currency,
      total,
      lines: lines.slice(0, MAX_LINES),
    }),
    "billing",
    named[0]?.[1] ?? context.document,
  );
}

/** What is odd about the bill; of one with a number that is none, sums say nothing. */
function sayOfBill(context: MessageContext, bill: Bill, broken: boolean, bgm: Segment): void {
  const { lines, total, balanced, inferred } = bill;
  if (inferred) {
    const text = `only the total of the lines is told; with charges and taxes ${total} was taken`;
    context.finding("warning", "total_inferred", text, bgm);
  }
  if (!balanced && !broken) {
    const sum = sumOf(lines).toFixed();
    const text = `lines, charges and taxes add up to ${sum}, the total is ${total}`;
    context.finding("error", "money_mismatch", text, bgm);
  }
  if (lines.length > MAX_LINES) {
    const text = `only the first ${MAX_LINES} of ${lines.length} lines are kept`;
    context.finding("error", "lines_not_read", text, bgm);
  }
}

/**
 * Days by DTM qualifier, the message's own before those of its groups. The date behind a RFF is that
 * of the paper it names.
 */
function dayOfEach(context: MessageContext): Map<string, string> {
  const days = new Map<string, string>();
  const own = new Set(context.head);
  const { segments } = context.message;
  const dated = segments.filter(({ tag }, at) => tag === "DTM" && segments[at - 1]?.tag !== "RFF");
  const others = segments.filter((it) => it.tag === "DTM" && !dated.includes(it));
  const inOrder = [...dated.filter((it) => own.has(it)), ...dated.filter((it) => !own.has(it))];
  for (const segment of inOrder) {
    const dtm = readDtm(segment);
    const day = readable(context, dtm);
    if (day !== undefined && !days.has(dtm.qualifier)) days.set(dtm.qualifier, day);
  }
  for (const segment of others) readable(context, readDtm(segment));
  return days;
}

function readable(context: MessageContext, dtm: Dtm): string | undefined {
  const day = dayOf(dtm);
  if (day === undefined) {
    const text = `"${dtm.value}" is no day of format ${dtm.format || "(none)"}`;
    context.finding("warning", "unreadable_time", text, dtm.segment, 1);
  }
  return day;
}

/** DTM+35: when the last of the goods was delivered, at the place of delivery. */
function deliveredAt(context: MessageContext, parties: readonly Located[]): Instant | undefined {
  const zone = ["DP", "CN", "UC"]
    .map((it) => parties.find(({ qualifier }) => qualifier === it)?.zone)
    .find((it) => it !== undefined);
  const told = readDtms(context.message.segments).filter(({ qualifier }) => qualifier === "35");
  const instants = told.flatMap((it) => context.instant(it, zone) ?? []);
  return instants.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
}

/** RFF+IV (or OI) beside another number: the invoice that this one corrects. */
function correctedNumber(context: MessageContext): string | undefined {
  for (const { tag, elements } of context.message.segments) {
    const [qualifier = "", value = ""] = elements[0] ?? [];
    if (tag !== "RFF" || !["IV", "OI"].includes(qualifier)) continue;
    if (value !== "" && value !== context.document) return value.slice(0, 64);
  }
  return undefined;
}
