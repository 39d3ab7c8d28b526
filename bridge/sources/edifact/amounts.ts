/**
 * The amounts of an INVOIC, each where it stands: of a line, a charge or a tax, in the header, the
 * lines or the summary. A MOA is worth what the LIN, ALC, TAX or PAT before it makes of it; nothing
 * of one group reaches into the next.
 */
import { Decimal } from "decimal.js";
import type { CarrierInvoice } from "../../canonical/fact.ts";
import { defined } from "../shared/reading/reading.ts";
import type { MessageContext } from "./message_context.ts";
import * as codes from "./money_codes.ts";
import { decimalOf } from "./numbers.ts";
import type { Segment } from "./segments.ts";

export type Line = CarrierInvoice["lines"][number];
export type Scope = "header" | "line" | "summary";

export interface GatheredLine {
  line: Line;
  /** By 5025. */
  amounts: Map<string, string>;
  charges: GatheredCharge[];
}

export interface GatheredCharge {
  scope: Scope;
  /** Its code, for comparing what the summary repeats. */
  code: string;
  line: Line;
  amounts: Map<string, string>;
  segment: Segment;
}

export interface GatheredTax {
  scope: Scope;
  rate: string | undefined;
  amounts: Map<string, string>;
}

export interface Amounts {
  lines: GatheredLine[];
  charges: GatheredCharge[];
  taxes: GatheredTax[];
  /** Of the message, by 5025: those outside of lines, charges and taxes. */
  totals: Map<string, string>;
  /** A number could not be read: the sums mean nothing. */
  broken: boolean;
}

/** Tags that begin a group of their own, in which a MOA is none of the line's or the message's. */
const OTHER_GROUPS = new Set(["PAT", "RCS", "AJT", "INP"]);
const GROUPS = new Set("RFF NAD CUX TDT TOD PAC LOC PRI".split(" "));

/** Gathers what is in the invoice's currency; other currencies repeat it (and are said once). */
export function gatherAmounts(context: MessageContext, currency: string | undefined): Amounts {
  return new Gatherer(context, currency).gather();
}

class Gatherer {
  readonly #context: MessageContext;
  readonly #currency: string | undefined;
  readonly #amounts: Amounts = {
    lines: [],
    charges: [],
    taxes: [],
    totals: new Map(),
    broken: false,
  };
  #scope: Scope = "header";
  #line: GatheredLine | undefined;
  #charge: GatheredCharge | undefined;
  #tax: GatheredTax | undefined;
  /** Inside payment terms and the like. */
  #elsewhere = false;
  readonly #hasSummary: boolean;
  readonly #unread = new Set<string>();

  constructor(context: MessageContext, currency: string | undefined) {
    const { segments } = context.message;
    this.#context = context;
    this.#currency = currency;
    this.#hasSummary = segments.some((it) => it.tag === "UNS" && it.elements[0]?.[0] === "S");
  }

  gather(): Amounts {
    for (const segment of this.#context.message.segments) this.#take(segment);
    const { lines, charges } = this.#amounts;
    for (const { amounts, segment } of [...charges, ...lines.flatMap((it) => it.charges)]) {
      if (firstOf(amounts, codes.CHARGE_AMOUNTS) !== undefined) continue;
      this.#context.finding("warning", "no_amount", "a charge without an amount", segment);
    }
    return this.#amounts;
  }

  #take(segment: Segment): void {
    const { tag, elements } = segment;
    if (GROUPS.has(tag) || OTHER_GROUPS.has(tag)) this.#elsewhere = OTHER_GROUPS.has(tag);
    switch (tag) {
      case "UNS":
        // UNS+D stands before the lines.
        if (elements[0]?.[0] === "S") this.#enter("summary");
        break;
      case "LIN":
        this.#enter("line");
        this.#addLine(elements);
        break;
      case "ALC":
        this.#addCharge(segment);
        break;
      case "TAX":
        this.#addTax(elements);
        break;
      case "IMD":
        this.#describe(elements[2] ?? []);
        break;
      case "FTX":
        this.#describe(elements[3] ?? []);
        break;
      case "QTY":
        this.#addQuantity(segment);
        break;
      case "PRI":
        if (this.#line !== undefined && this.#charge === undefined) {
          const rate = this.#number(segment, elements[0]?.[1] ?? "");
          Object.assign(this.#line.line, defined({ rate }));
        }
        break;
      case "MOA":
        this.#addAmount(segment);
        break;
      default:
    }
  }

  #enter(scope: Scope): void {
    this.#scope = scope;
    this.#line = this.#charge = this.#tax = undefined;
    this.#elsewhere = false;
  }

  #addLine(elements: Segment["elements"]): void {
    const code = elements[2]?.[0] || elements[0]?.[0] || "LIN";
    const { type } = codes.chargeTypeOf(code);
    const line: Line = { charge_type: type, amount: "0", raw_code: code.slice(0, 64) };
    this.#line = { line, amounts: new Map(), charges: [] };
    this.#amounts.lines.push(this.#line);
  }

  #addCharge(segment: Segment): void {
    const { elements } = segment;
    const [kind = ""] = elements[0] ?? [];
    const code = elements[4]?.[0] || elements[1]?.[0] || kind;
    const { type, known } = codes.chargeTypeOf(code);
    if (!known) {
      const text = `charge code "${code}" is read as misc`;
      this.#context.builder.finding("warning", "unmapped_code", this.#context.path(segment), text);
    }
    // An allowance of which no more is known takes something off.
    const charge_type = kind === "A" && !known ? "discount" : type;
    const description = (elements[4] ?? []).slice(3).join(" ").trim();
    const line: Line = {
      charge_type,
      amount: "0",
      raw_code: code.slice(0, 64),
      ...(description === "" ? {} : { description: description.slice(0, 256) }),
    };
    this.#charge = { scope: this.#scope, code, line, amounts: new Map(), segment };
    this.#tax = undefined;
    this.#elsewhere = false;
    (this.#line?.charges ?? this.#amounts.charges).push(this.#charge);
  }

  #addTax(elements: Segment["elements"]): void {
    const rate = decimalOf(elements[4]?.[3] ?? "", this.#mark);
    // In the summary taxes are of the message; before, a TAX behind an ALC is the charge's.
    if (this.#scope === "summary") this.#charge = undefined;
    const scope = this.#charge === undefined ? this.#scope : "line";
    this.#tax = { scope, rate, amounts: new Map() };
    this.#amounts.taxes.push(this.#tax);
    this.#elsewhere = false;
  }

  #describe(texts: readonly string[]): void {
    const owner = this.#charge?.line ?? this.#line?.line;
    const text = texts.filter((it) => it !== "").join(" ");
    if (owner !== undefined && text !== "") owner.description ??= text.slice(0, 256);
  }

  #addQuantity(segment: Segment): void {
    const [, text = "", unit = ""] = segment.elements[0] ?? [];
    const owner = this.#charge?.line ?? this.#line?.line;
    if (owner === undefined) return;
    Object.assign(owner, defined({ quantity: this.#number(segment, text) }));
    if (unit !== "") owner.unit = unit.slice(0, 32);
  }

  #addAmount(segment: Segment): void {
    const [kind = "", text = "", currency = ""] = segment.elements[0] ?? [];
    const amount = this.#number(segment, text);
    if (amount === undefined || this.#elsewhere) return;
    if (currency !== "" && this.#currency !== undefined && currency !== this.#currency) {
      return this.#say(segment, "other_currency", `${kind} in ${currency} is not counted`);
    }
    const put = (amounts: Map<string, string>) => {
      if (!amounts.has(kind)) amounts.set(kind, amount);
    };
    const is = (list: readonly string[]) => list.includes(kind);
    // Totals may stand behind the last tax or charge of the summary: they are never theirs. Where
    // somebody left out the UNS that begins it, they stand behind the last line.
    const total = is([...codes.TOTALS, ...codes.PREPAID, codes.PAYABLE, codes.LINES_TOTAL]);
    if (total && (this.#line === undefined || !this.#hasSummary)) return put(this.#amounts.totals);
    if (this.#tax !== undefined && (is(codes.TAX_AMOUNTS) || kind === codes.TAX_TOTAL)) {
      return put(this.#tax.amounts);
    }
    if (this.#charge !== undefined && this.#tax === undefined) {
      if (is(codes.CHARGE_AMOUNTS) || codes.CHARGE_TOTALS.has(kind))
        return put(this.#charge.amounts);
    }
    if (this.#line !== undefined && is(codes.LINE_AMOUNTS)) return put(this.#line.amounts);
    const known =
      is(codes.TAX_AMOUNTS) || kind === codes.TAX_TOTAL || codes.CHARGE_TOTALS.has(kind);
    if (this.#line === undefined && known) return put(this.#amounts.totals);
    if (this.#line !== undefined && is(codes.TAX_AMOUNTS)) {
      return void this.#amounts.taxes.push({
        scope: "line",
        rate: undefined,
        amounts: new Map([[kind, amount]]),
      });
    }
    if (!known && !codes.INFORMATIVE.has(kind)) {
      this.#say(segment, "amount_not_read", `an amount of kind ${kind} is not counted`);
    }
  }

  get #mark(): string {
    return this.#context.message.interchange.delimiters.decimal;
  }

  #number(segment: Segment, text: string): string | undefined {
    const value = decimalOf(text, this.#mark);
    if (value === undefined && text !== "") {
      this.#amounts.broken ||= segment.tag === "MOA";
      this.#context.finding("error", "bad_number", `"${text}" is no number`, segment, 1);
    }
    return value;
  }

  /** Once a kind: lines repeat it. */
  #say(segment: Segment, code: string, text: string): void {
    if (this.#unread.has(code + text)) return;
    this.#unread.add(code + text);
    this.#context.finding("warning", code, text, segment, 1);
  }
}

/** The first amount of some kinds that is there. */
export function firstOf(
  amounts: ReadonlyMap<string, string>,
  kinds: readonly string[],
): string | undefined {
  const kind = kinds.find((it) => amounts.has(it));
  return kind === undefined ? undefined : amounts.get(kind);
}

export const sumOf = (lines: readonly Line[]): Decimal =>
  lines.reduce((so_far, it) => so_far.plus(it.amount), new Decimal(0));
