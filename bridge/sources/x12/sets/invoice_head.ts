/** What the bills of carriers (210, 110) have in common: B3, the terms, the currency, the parties. */
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { readDay } from "../../shared/reading/wall_clock.ts";
import { lookup } from "../codes/lookup.ts";
import { type Party, readParty } from "../geography.ts";
import type { SetContext } from "../set_context.ts";

/** B308. An invoice without is an original; whether it was sent before is seen in Odoo. */
const CORRECTIONS: Readonly<Record<string, CarrierInvoice["correction"]>> = {
  CO: "correction",
  CA: "cancelled",
  RB: "rebill",
  BD: "balance_due",
  AD: "adjustment",
};

export function lacks(context: SetContext, index: number, element: number, text: string): void {
  context.finding("error", "missing_element", text, index, { element, elementCode: "1" });
}

export function correctionOf(context: SetContext, b3: number): CarrierInvoice["correction"] {
  const code = context.text(b3, 8, 8);
  const known = code === undefined ? "original" : lookup(CORRECTIONS, code);
  if (known !== undefined) return known;
  const text = `"${code}" is no known correction; a person should look`;
  context.finding("error", "unmapped_code", text, b3, { element: 8, elementCode: "7" });
  return "correction";
}

export function carrierName(context: SetContext): string | undefined {
  return partyWith(context, "CA")?.name?.slice(0, 128);
}

/** The first party in one of these roles. */
export function partyWith(context: SetContext, ...roles: readonly string[]): Party | undefined {
  const index = context.segments.findIndex(
    ({ id }, at) => id === "N1" && roles.includes(context.text(at, 1, 8) ?? ""),
  );
  return index === -1 ? undefined : readParty(context, index);
}

export function scacOf(context: SetContext, b3: number): string | undefined {
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
export function dueDate(context: SetContext, b3: number, billDate: string): string | undefined {
  const itd = context.indexOf("ITD");
  const net = itd === -1 ? undefined : dayAt(context, itd, 6);
  if (net !== undefined) return net;
  const other = dayAt(context, b3, 12);
  return other !== undefined && other >= billDate ? other : undefined;
}

export function currencyOf(context: SetContext): string {
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
