/**
 * INVOIC as a carrier's invoice: lines (LIN), charges and allowances (ALC), taxes, total.
 *
 * Whether lines, charges and taxes add up to the total is checked here and said
 * (`money_mismatch`); the invoice goes on all the same, and Odoo holds it.
 */
import { Decimal } from "decimal.js";
import type { CarrierInvoice } from "../../canonical/fact.ts";
import { defined } from "../shared/reading/reading.ts";
import { chargeTypeOf } from "./codes.ts";
import type { MessageContext } from "./message_context.ts";
import { decimalOf } from "./numbers.ts";
import { readNad } from "./places.ts";
import { namesIn } from "./references.ts";
import { identifiers } from "../shared/reading/reading.ts";
import type { Segment } from "./segments.ts";
import { dayOf, readDtm } from "./times.ts";

type Line = CarrierInvoice["lines"][number];

/** MOA 5025 of a line, of a charge, of taxes, and of the whole, the most binding first. */
const LINE_AMOUNT = new Set(["203", "66", "38"]);
const CHARGE_AMOUNT = new Set(["8", "23", "204", "131"]);
const TAX_AMOUNT = new Set(["124", "150", "176"]);
const TOTALS = ["9", "77", "39", "128", "86"];

const CREDIT_NOTES = new Set(["381", "396", "420", "83"]);
/** 384 is a corrected invoice whatever 1225 says. */
const CORRECTIONS: Readonly<Record<string, CarrierInvoice["correction"]>> = {
  1: "cancelled",
  4: "correction",
  5: "rebill",
};
const MAX_LINES = 500;

interface Gathered {
  lines: Line[];
  totals: Map<string, string>;
  taxes: Array<{ amount: string; segment: Segment }>;
  taxRate: string | undefined;
  currency: string | undefined;
  broken: boolean;
}

/** Reads the message into one carrier invoice; what it lacks to be one is an error finding. */
export function readInvoic(context: MessageContext): void {
  const { segments } = context.message;
  const bgm = segments.find((it) => it.tag === "BGM") ?? segments[0];
  if (bgm === undefined) return;
  if (context.isCut) return context.finding("error", "cut_invoice", "the file ends inside it", bgm);
  const days = dayOfEach(context);
  const gathered = gather(context);
  const total = TOTALS.map((it) => gathered.totals.get(it)).find((it) => it !== undefined);
  const billDate = days.get("137") ?? days.get("3");
  if (context.document === "") context.finding("error", "no_number", "no invoice number", bgm, 2);
  if (billDate === undefined)
    context.finding("error", "no_bill_date", "no date of the invoice", bgm);
  if (total === undefined) context.finding("error", "no_total", "no MOA tells the total", bgm);
  if (context.document === "" || billDate === undefined || total === undefined) return;
  if (gathered.currency === undefined) {
    const text = `no currency is named, ${context.settings.currency} was taken`;
    context.finding("warning", "currency_inferred", text, bgm);
  }
  const lines = withTaxes(gathered);
  checkMoney(context, lines, total, gathered.broken, bgm);
  const seller = segments
    .filter((it) => it.tag === "NAD")
    .map(readNad)
    .find((it) => ["CA", "SE", "SU", "II", "PE"].includes(it.qualifier));
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
      currency: gathered.currency ?? context.settings.currency,
      total,
      lines: lines.slice(0, MAX_LINES),
    }),
    "billing",
    named[0]?.[1] ?? context.document,
  );
}

/** Days by DTM qualifier; the first of each counts. */
function dayOfEach(context: MessageContext): Map<string, string> {
  const days = new Map<string, string>();
  for (const segment of context.message.segments) {
    if (segment.tag !== "DTM") continue;
    const dtm = readDtm(segment);
    const day = dayOf(dtm);
    if (day === undefined) {
      const text = `"${dtm.value}" is no date of format ${dtm.format || "(none)"}`;
      context.finding("warning", "unreadable_time", text, segment, 1);
    } else if (!days.has(dtm.qualifier)) days.set(dtm.qualifier, day);
  }
  return days;
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

/** One pass: what a MOA is worth depends on the LIN, ALC or TAX before it. */
// oxlint-disable-next-line max-lines-per-function -- one pass: the group it is in is its state
function gather(context: MessageContext): Gathered {
  const mark = context.message.interchange.delimiters.decimal;
  const gathered: Gathered = {
    lines: [],
    totals: new Map(),
    taxes: [],
    taxRate: undefined,
    currency: undefined,
    broken: false,
  };
  let line: Line | undefined;
  let charge: { sign: string; line: Line; taken: boolean } | undefined;
  let summary = false;
  const number = (segment: Segment, text: string, element: number): string | undefined => {
    const value = decimalOf(text, mark);
    if (value === undefined && text !== "") {
      gathered.broken ||= segment.tag === "MOA";
      context.finding("error", "bad_number", `"${text}" is no number`, segment, element);
    }
    return value;
  };
  for (const segment of context.message.segments) {
    const { tag, elements } = segment;
    const [first = "", second = "", third = ""] = elements[0] ?? [];
    switch (tag) {
      case "UNS":
        [summary, line, charge] = [true, undefined, undefined];
        break;
      case "CUX":
        if (/^[A-Z]{3}$/.test(second)) gathered.currency ??= second;
        break;
      case "LIN": {
        const code = elements[2]?.[0] || first || "LIN";
        line = { charge_type: chargeTypeOf(code).type, amount: "0", raw_code: code.slice(0, 64) };
        gathered.lines.push(line);
        charge = undefined;
        break;
      }
      case "IMD":
      case "FTX": {
        const text = (elements[tag === "IMD" ? 2 : 3] ?? []).filter((it) => it !== "").join(" ");
        const owner = charge?.line ?? line;
        if (owner !== undefined && text !== "") owner.description ??= text.slice(0, 256);
        break;
      }
      case "QTY":
        if (line !== undefined) {
          Object.assign(line, defined({ quantity: number(segment, second, 1) }));
          if (third !== "") line.unit = third.slice(0, 32);
        }
        break;
      case "PRI":
        if (line !== undefined) Object.assign(line, defined({ rate: number(segment, second, 1) }));
        break;
      case "ALC": {
        const code = elements[4]?.[0] || elements[1]?.[0] || first;
        const { type, known } = chargeTypeOf(code);
        if (!known) {
          const text = `charge code "${code}" is read as misc`;
          context.builder.finding("warning", "unmapped_code", context.path(segment), text);
        }
        const description = elements[4]?.[3] ?? "";
        charge = {
          sign: first === "A" ? "-" : "",
          line: {
            charge_type: first === "A" && !known ? "discount" : type,
            amount: "0",
            raw_code: code.slice(0, 64),
            ...(description === "" ? {} : { description }),
          },
          taken: false,
        };
        break;
      }
      case "TAX": {
        const rate = decimalOf(elements[4]?.[3] ?? "", mark);
        if (rate !== undefined) gathered.taxRate ??= rate;
        charge = undefined;
        break;
      }
      case "MOA": {
        const amount = number(segment, second, 1);
        if (/^[A-Z]{3}$/.test(third)) gathered.currency ??= third;
        if (amount === undefined) break;
        if (charge !== undefined && !charge.taken && CHARGE_AMOUNT.has(first)) {
          charge.taken = true;
          charge.line.amount = new Decimal(`${charge.sign}${amount}`).toFixed();
          gathered.lines.push(charge.line);
        } else if (line !== undefined && LINE_AMOUNT.has(first) && line.amount === "0") {
          line.amount = amount;
        } else if (TAX_AMOUNT.has(first) && (summary || line === undefined)) {
          gathered.taxes.push({ amount, segment });
        } else if (TOTALS.includes(first)) gathered.totals.set(first, amount);
        break;
      }
      default:
    }
  }
  return gathered;
}

function withTaxes({ lines, taxes, taxRate }: Gathered): Line[] {
  const read = taxes.map(({ amount, segment }): Line => ({
    charge_type: "tax",
    amount,
    raw_code: `MOA+${segment.elements[0]?.[0] ?? ""}`,
    ...(taxRate === undefined ? {} : { tax_rate: taxRate }),
  }));
  return [...lines, ...read];
}

function checkMoney(
  context: MessageContext,
  lines: readonly Line[],
  total: string,
  broken: boolean,
  bgm: Segment,
): void {
  if (broken) return;
  const sum = lines.reduce((so_far, it) => so_far.plus(it.amount), new Decimal(0));
  if (sum.eq(total)) return;
  const text = `lines, charges and taxes add up to ${sum.toFixed()}, the total is ${total}`;
  context.finding("error", "money_mismatch", text, bgm);
}
