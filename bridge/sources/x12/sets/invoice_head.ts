/** What the bills of carriers (210, 110) have in common: B3, the terms, the currency, the parties. */
import { Decimal } from "decimal.js";
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { readDay } from "../../shared/reading/wall_clock.ts";
import { lookup } from "../codes/lookup.ts";
import { type Party, readParty } from "../geography.ts";
import type { SetContext } from "../set_context.ts";
import { type Charges, type InvoiceLine, sumOf } from "./charges.ts";

/** B308. An invoice without is an original; whether it was sent before is seen in Odoo. */
const CORRECTIONS: Readonly<Record<string, CarrierInvoice["correction"]>> = {
  CO: "correction",
  CA: "cancelled",
  RB: "rebill",
  BD: "balance_due",
  AD: "adjustment",
};

/** What the bill says of itself. */
export interface InvoiceHead {
  number: string;
  /** Members of its fact. */
  told: Pick<CarrierInvoice, "correction" | "bill_date" | "currency"> & {
    carrier_scac: string | undefined;
    carrier_name: string | undefined;
    due_date: string | undefined;
  };
}

/** The head of a bill; nothing, and findings, where it has no number or date. */
export function readHead(context: SetContext, b3: number): InvoiceHead | undefined {
  const number = context.text(b3, 2, 64);
  const billDate = dayAt(context, b3, 6);
  if (number === undefined) lacks(context, b3, 2, "no invoice number");
  if (context.text(b3, 6) === undefined) lacks(context, b3, 6, "no bill date");
  if (number === undefined || billDate === undefined) return undefined;
  return {
    number,
    told: {
      correction: correctionOf(context, b3),
      carrier_scac: scacOf(context, b3),
      carrier_name: partyWith(context, "CA")?.name?.slice(0, 128),
      bill_date: billDate,
      due_date: dueDate(context, b3, billDate),
      currency: currencyOf(context),
    },
  };
}

/**
 * The invoice that this one corrects: N9*OI beside another number, N9*IV in the head alone. In a loop
 * IV is the invoice of whoever ships the goods (element 128: seller's invoice number).
 */
export function originalNumber(
  context: SetContext,
  number: string,
  part: Iterable<number> = context.segments.keys(),
): string | undefined {
  const lx = context.indexOf("LX");
  for (const index of part) {
    const qualifier = context.segments[index]?.id === "N9" ? context.text(index, 1, 8) : undefined;
    const isHead = lx === -1 || index < lx;
    if (qualifier !== "OI" && !(qualifier === "IV" && isHead)) continue;
    const value = context.text(index, 2, 64);
    if (value !== undefined && value !== number) return value;
  }
  return undefined;
}

/**
 * B307, else L305 and what was laid out beside it (L306); these where B307 is what is left of them
 * after L307.
 */
export function totalOf(
  context: SetContext,
  b3: number,
  due: string | undefined,
  charges: Charges,
): string | undefined {
  const { total, prepaid } = charges;
  if (due === undefined || total === undefined) return due ?? wholeOf(charges);
  if (prepaid === undefined || new Decimal(prepaid).isZero()) return due;
  const whole = [wholeOf(charges), total].find((it) => new Decimal(due).plus(prepaid).eq(it ?? 0));
  if (whole === undefined) return due;
  const text = `${due} is left to pay of ${whole}, ${prepaid} was prepaid`;
  context.finding("warning", "prepaid", text, b3, { element: 7 });
  return whole;
}

/** L305 and L306. */
function wholeOf({ total, advanced }: Charges): string | undefined {
  if (total === undefined || advanced === undefined) return total;
  return new Decimal(total).plus(advanced).toFixed(2);
}

/**
 * ΣL104 = L305 = the bill's total, or ΣL104 + ΣL105 = L305 + L306 of what was laid out; the finding
 * says where not, and what becomes of it (`hint`).
 */
export function checkMoney(
  context: SetContext,
  b3: number,
  owed: string,
  charges: Charges,
  { lines, hint }: { lines: readonly InvoiceLine[]; hint: string },
): boolean {
  const { total, incomplete } = charges;
  const whole = wholeOf(charges);
  const isWhole = whole !== undefined && new Decimal(whole).eq(owed);
  const said = [
    ["B307", owed],
    [isWhole && whole !== total ? "L305 and L306" : "L305", isWhole ? whole : total],
    ["the sum of the charges", incomplete ? undefined : sumOf(lines).toFixed(2)],
  ] as const;
  const amounts = said.filter(([, amount]) => amount !== undefined);
  if (amounts.every(([, amount]) => new Decimal(amount ?? 0).eq(owed))) return true;
  const text = amounts.map(([name, amount]) => `${name} is ${amount}`).join(", ");
  context.finding("error", "money_mismatch", `${text}${hint}`, b3, { element: 7 });
  return false;
}

export function documentOf(total: string): CarrierInvoice["document"] {
  return new Decimal(total).isNegative() ? "credit_note" : "invoice";
}

export function lacks(context: SetContext, index: number, element: number, text: string): void {
  context.finding("error", "missing_element", text, index, { element, elementCode: "1" });
}

function correctionOf(context: SetContext, b3: number): CarrierInvoice["correction"] {
  const code = context.text(b3, 8, 8);
  const known = code === undefined ? "original" : lookup(CORRECTIONS, code);
  if (known !== undefined) return known;
  const text = `"${code}" is no known correction; a person should look`;
  context.finding("error", "unmapped_code", text, b3, { element: 8, elementCode: "7" });
  return "correction";
}

/** The first party in one of these roles. */
export function partyWith(context: SetContext, ...roles: readonly string[]): Party | undefined {
  const index = context.segments.findIndex(
    ({ id }, at) => id === "N1" && roles.includes(context.text(at, 1, 8) ?? ""),
  );
  return index === -1 ? undefined : readParty(context, index);
}

function scacOf(context: SetContext, b3: number): string | undefined {
  const scac = context.text(b3, 11, 8);
  return scac !== undefined && scac.length <= 4 ? scac : undefined;
}

export function dayAt(context: SetContext, index: number, n: number): string | undefined {
  const text = context.text(index, n, 16);
  if (text === undefined) return undefined;
  const day = readDay(text);
  if (day === undefined) {
    const wrong = `"${text}" is no date`;
    context.finding("error", "unreadable_date", wrong, index, { element: n, elementCode: "8" });
  }
  return day;
}

/** ITD06, else B312 where that is later than the bill: some carriers write the due date there. */
function dueDate(context: SetContext, b3: number, billDate: string): string | undefined {
  const itd = context.indexOf("ITD");
  const net = itd === -1 ? undefined : dayAt(context, itd, 6);
  if (net !== undefined) return net;
  const other = dayAt(context, b3, 12);
  return other !== undefined && other >= billDate ? other : undefined;
}

function currencyOf(context: SetContext): string {
  const c3 = context.indexOf("C3");
  const code = c3 === -1 ? undefined : context.text(c3, 1, 8)?.toUpperCase();
  if (code === undefined) return context.settings.currency;
  if (/^[A-Z]{3}$/.test(code)) return code;
  context.finding("error", "bad_currency", `"${code}" is no currency`, c3, {
    element: 1,
    elementCode: "7",
  });
  return context.settings.currency;
}
