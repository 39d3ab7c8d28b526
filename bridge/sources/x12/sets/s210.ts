/**
 * 210, freight invoice: one carrier invoice.
 *
 * B307, L104 and L305 have two implied decimals. The bill's total is what the services cost: B307 is
 * what is left to pay of it where L307 was prepaid. Whether they add up is checked here and said
 * (`money_mismatch`); the invoice goes on all the same, and Odoo holds it.
 */
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import type { SetContext } from "../set_context.ts";
import { amountAt, readCharges, settledLines, withinLimit } from "./charges.ts";
import {
  checkMoney,
  dayAt,
  documentOf,
  lacks,
  originalNumber,
  partyWith,
  readHead,
  totalOf,
} from "./invoice_head.ts";
import { type Named, namesAt } from "./names.ts";

/** B310: the date in B309 is when it was delivered; 017 is only an estimate. */
const DELIVERED = "035";
/** The contract's limit for the names of one shipment. */
const MAX_IDENTIFIERS = 40;

export function read210(context: SetContext): void {
  const b3 = context.indexOf("B3");
  if (b3 === -1) return context.missing("B3", "a 210 without B3 is no invoice");
  const head = readHead(context, b3);
  const due = amountAt(context, b3, 7);
  const charges = readCharges(context);
  const total = totalOf(context, b3, due, charges);
  if (total === undefined) lacks(context, b3, 7, "no amount due");
  if (head === undefined || total === undefined) {
    context.rejected = true;
    return;
  }
  const { number, told } = head;
  const lines = settledLines(context, charges, total);
  const hint = lines.length === 0 ? "; there is no L1" : "";
  checkMoney(context, b3, total, charges, { lines, hint });
  context.builder.add(
    defined({
      kind: "carrier_invoice" as const,
      ...told,
      message_path: context.path(b3),
      identifiers: namesOf(context, b3, number),
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      number,
      document: documentOf(total),
      corrects: originalNumber(context, number),
      ship_date: shipDate(context),
      delivered: deliveredAt(context, b3),
      total,
      lines: withinLimit(context, lines),
    }),
    "billing",
    context.text(b3, 3) ?? number,
  );
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
