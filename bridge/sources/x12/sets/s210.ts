/**
 * 210, freight invoice: one carrier invoice.
 *
 * B307, L104 and L305 have two implied decimals. The bill's total is what the services cost: B307 is
 * what is left to pay of it where L307 was prepaid. Whether they add up is checked here and said
 * (`money_mismatch`); the invoice goes on all the same, and Odoo holds it.
 */
import { Decimal } from "decimal.js";
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import type { SetContext } from "../set_context.ts";
import {
  amountAt,
  type Charges,
  type InvoiceLine,
  readCharges,
  settledLines,
  sumOf,
  withinLimit,
} from "./charges.ts";
import {
  carrierName,
  correctionOf,
  currencyOf,
  dayAt,
  dueDate,
  lacks,
  partyWith,
  scacOf,
} from "./invoice_head.ts";
import { type Named, namesAt } from "./names.ts";

/** B310: the date in B309 is when it was delivered; 017 is only an estimate. */
const DELIVERED = "035";
/** The contract's limit for the names of one shipment. */
const MAX_IDENTIFIERS = 40;

export function read210(context: SetContext): void {
  const b3 = context.indexOf("B3");
  if (b3 === -1) return context.missing("B3", "a 210 without B3 is no invoice");
  const number = context.text(b3, 2, 64);
  const billDate = dayAt(context, b3, 6);
  const due = amountAt(context, b3, 7);
  if (number === undefined) lacks(context, b3, 2, "no invoice number");
  if (billDate === undefined && context.text(b3, 6) === undefined) {
    lacks(context, b3, 6, "no bill date");
  }
  const charges = readCharges(context);
  const total = totalOf(context, b3, due, charges);
  if (total === undefined) lacks(context, b3, 7, "no amount due");
  if (number === undefined || billDate === undefined || total === undefined) {
    context.rejected = true;
    return;
  }
  const lines = settledLines(context, charges, total);
  checkMoney(context, b3, total, charges, lines);
  context.builder.add(
    defined({
      kind: "carrier_invoice" as const,
      message_path: context.path(b3),
      identifiers: namesOf(context, b3, number),
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      number,
      document: new Decimal(total).isNegative() ? ("credit_note" as const) : ("invoice" as const),
      correction: correctionOf(context, b3),
      corrects: originalNumber(context, number),
      carrier_scac: scacOf(context, b3),
      carrier_name: carrierName(context),
      bill_date: billDate,
      due_date: dueDate(context, b3, billDate),
      ship_date: shipDate(context),
      delivered: deliveredAt(context, b3),
      currency: currencyOf(context),
      total,
      lines: withinLimit(context, lines),
    }),
    "billing",
    context.text(b3, 3) ?? number,
  );
}

/** B307, else L305; L305 where B307 is what is left of it after L307. */
function totalOf(
  context: SetContext,
  b3: number,
  due: string | undefined,
  { total, prepaid }: Charges,
): string | undefined {
  if (due === undefined || total === undefined || prepaid === undefined) return due ?? total;
  if (new Decimal(prepaid).isZero() || !new Decimal(due).plus(prepaid).eq(total)) return due;
  const text = `${due} is left to pay of ${total}, ${prepaid} was prepaid`;
  context.finding("warning", "prepaid", text, b3, { element: 7 });
  return total;
}

/** ΣL104 = L305 = the bill's total. */
function checkMoney(
  context: SetContext,
  b3: number,
  owed: string,
  { total, incomplete }: Charges,
  lines: readonly InvoiceLine[],
): void {
  const said = [
    ["B307", owed],
    ["L305", total],
    ["the sum of L104", incomplete ? undefined : sumOf(lines).toFixed(2)],
  ] as const;
  const amounts = said.filter(([, amount]) => amount !== undefined);
  if (amounts.every(([, amount]) => new Decimal(amount ?? 0).eq(owed))) return;
  const text = amounts.map(([name, amount]) => `${name} is ${amount}`).join(", ");
  const hint = lines.length === 0 ? "; there is no L1" : "";
  context.finding("error", "money_mismatch", `${text}${hint}`, b3, { element: 7 });
}

/** N9*OI or N9*IV beside another number: the invoice that this one corrects. */
function originalNumber(context: SetContext, number: string): string | undefined {
  for (const [index, { id }] of context.segments.entries()) {
    const qualifier = id === "N9" ? context.text(index, 1, 8) : undefined;
    if (qualifier !== "OI" && qualifier !== "IV") continue;
    const value = context.text(index, 2, 64);
    if (value !== undefined && value !== number) return value;
  }
  return undefined;
}

function namesOf(context: SetContext, b3: number, number: string) {
  const named: Named[] = [
    ...shipmentNumber(context.text(b3, 3, 128)),
    // Carriers use the PRO as the number of its invoice.
    ["pro", number],
  ];
  for (const index of context.segments.keys()) named.push(...namesAt(context, index));
  const distinct = new Set(named.map(([type, value]) => `${type}|${value}`)).size;
  if (distinct > MAX_IDENTIFIERS) {
    const text = `the invoice names ${distinct} references; the first ${MAX_IDENTIFIERS} were taken`;
    context.builder.finding("warning", "identifiers_cut", context.set.path, text);
  }
  return identifiers(...named);
}

/** G62: 11 shipped, 86 picked up. */
function shipDate(context: SetContext): string | undefined {
  const index = context.segments.findIndex(
    ({ id }, at) => id === "G62" && ["11", "86"].includes(context.text(at, 1, 8) ?? ""),
  );
  return index === -1 ? undefined : dayAt(context, index, 2);
}

/** The day of the delivery, in the consignee's zone. */
function deliveredAt(context: SetContext, b3: number): Instant | undefined {
  if (context.text(b3, 10, 8) !== DELIVERED || context.text(b3, 9) === undefined) return undefined;
  const consignee = partyWith(context, "CN", "ST");
  return context.instant(b3, [9], consignee?.where.zone);
}
