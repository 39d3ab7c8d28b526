/**
 * 110, air freight details and invoice (FedEx): a bill of each shipment, which stands in an LX loop, so
 * that each meets its shipment and its agreed cost. Its number is that of the invoice and the waybill.
 *
 * B307, L104, L305 and ACS01 have two implied decimals. A loop has no total of its own: its charges
 * are summed, and the sums compared with what the invoice wants (`money_mismatch`).
 */
import { Decimal } from "decimal.js";
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { readParty } from "../geography.ts";
import type { SetContext } from "../set_context.ts";
import { amountAt, codeAt, type InvoiceLine, readCharges, sumOf, withinLimit } from "./charges.ts";
import {
  carrierName,
  correctionOf,
  currencyOf,
  dayAt,
  dueDate,
  lacks,
  scacOf,
} from "./invoice_head.ts";
import { type Named, namesAt } from "./names.ts";

/** A shipment's segments. */
type Loop = readonly number[];

interface Head {
  b3: number;
  number: string;
  billDate: string;
  dueDate: string | undefined;
  correction: CarrierInvoice["correction"];
  currency: string;
  carrierName: string | undefined;
}

/** FedEx numbers its packages with 12, 15, 20 or 22 digits; an airline's waybill has eleven. */
const PACKAGE = /^(\d{12}|\d{15}|\d{20}|\d{22})$/;

export function read110(context: SetContext): void {
  const head = headOf(context);
  if (head === undefined) return;
  const loops = loopsOf(context);
  if (loops.length === 0) return context.missing("LX", "a 110 without LX bills no shipment");
  const bills = loops.map((loop) => ({ loop, lines: linesOf(context, loop) }));
  const all = bills.flatMap(({ lines }) => lines);
  checkMoney(context, head.b3, all);
  for (const { loop, lines } of bills) tell(context, head, loop, lines, loops.length === 1);
}

function headOf(context: SetContext): Head | undefined {
  const b3 = context.indexOf("B3");
  if (b3 === -1) {
    context.missing("B3", "a 110 without B3 is no invoice");
    return undefined;
  }
  const number = context.text(b3, 2, 64);
  const billDate = dayAt(context, b3, 6);
  if (number === undefined) lacks(context, b3, 2, "no invoice number");
  if (context.text(b3, 6) === undefined) lacks(context, b3, 6, "no bill date");
  if (number === undefined || billDate === undefined) {
    context.rejected = true;
    return undefined;
  }
  return {
    b3,
    number,
    billDate,
    dueDate: dueDate(context, b3, billDate),
    correction: correctionOf(context, b3),
    currency: currencyOf(context),
    carrierName: carrierName(context),
  };
}

/** From each LX to the next, the last one to the total behind it. */
function loopsOf(context: SetContext): Loop[] {
  const loops: number[][] = [];
  for (const [at, { id }] of context.segments.entries()) {
    if (id === "LX") loops.push([]);
    if (id === "L3") break;
    loops.at(-1)?.push(at);
  }
  return loops;
}

/** L1, and ACS: the ancillary charges. */
function linesOf(context: SetContext, loop: Loop): InvoiceLine[] {
  const { lines } = readCharges(context, loop);
  for (const at of loop) {
    const amount = context.segments[at]?.id === "ACS" ? amountAt(context, at, 1) : undefined;
    if (amount === undefined) continue;
    lines.push(defined({ ...codeAt(context, at, 2), amount, description: context.text(at, 3) }));
  }
  return lines;
}

/** What the shipments cost = L305 = B307. */
function checkMoney(context: SetContext, b3: number, lines: readonly InvoiceLine[]): void {
  const l3 = context.indexOf("L3");
  const sum = sumOf(lines).toFixed(2);
  const said = [
    ["B307", amountAt(context, b3, 7)],
    ["L305", l3 === -1 ? undefined : amountAt(context, l3, 5)],
    ["the sum of its shipments", sum],
  ] as const;
  const amounts = said.filter(([, amount]) => amount !== undefined);
  if (amounts.every(([, amount]) => new Decimal(amount ?? 0).eq(sum))) return;
  const text = amounts.map(([name, amount]) => `${name} is ${amount}`).join(", ");
  context.finding("error", "money_mismatch", text, b3, { element: 7 });
}

function tell(
  context: SetContext,
  head: Head,
  loop: Loop,
  lines: InvoiceLine[],
  isAlone: boolean,
): void {
  const { b3, number } = head;
  const [first = b3] = loop;
  const names = identifiers(...loop.flatMap((at) => namesIn(context, at)));
  if (lines.length === 0) {
    return context.finding("warning", "no_charges", "a shipment without charges", first);
  }
  if (names.length === 0) {
    const text = `${sumOf(lines).toFixed(2)} of a shipment that nothing names; not billed`;
    return context.finding("error", "no_identifier", text, first);
  }
  const part = waybillOf(context, loop) ?? context.text(first, 1, 16) ?? String(first);
  const total = sumOf(lines).toFixed(2);
  context.builder.add(
    defined({
      kind: "carrier_invoice" as const,
      message_path: context.path(first),
      identifiers: names,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      number: isAlone ? number : `${number}/${part}`.slice(0, 64),
      document: new Decimal(total).isNegative() ? ("credit_note" as const) : ("invoice" as const),
      correction: head.correction,
      carrier_scac: scacOf(context, b3),
      carrier_name: head.carrierName,
      bill_date: head.billDate,
      due_date: head.dueDate,
      ship_date: dayOf(context, loop, "P1", 2),
      delivered: deliveredAt(context, loop),
      currency: head.currency,
      total,
      lines: withinLimit(context, lines),
    }),
    "billing",
    names[0]?.value ?? number,
  );
}

/** A waybill of FedEx is a package's tracking number. */
function namesIn(context: SetContext, at: number): Named[] {
  const named = namesAt(context, at);
  const isWaybill = context.segments[at]?.id === "N9" && context.text(at, 1, 8) === "AW";
  const value = isWaybill ? context.text(at, 2, 128) : undefined;
  if (value === undefined || !PACKAGE.test(value)) return named;
  return [["tracking", value], ...named];
}

function waybillOf(context: SetContext, loop: Loop): string | undefined {
  const at = loop.find(
    (it) => context.segments[it]?.id === "N9" && context.text(it, 1, 8) === "AW",
  );
  return at === undefined ? undefined : context.text(at, 2, 40);
}

function segmentOf(context: SetContext, loop: Loop, id: string): number | undefined {
  return loop.find((it) => context.segments[it]?.id === id);
}

function dayOf(context: SetContext, loop: Loop, id: string, n: number): string | undefined {
  const at = segmentOf(context, loop, id);
  return at === undefined ? undefined : dayAt(context, at, n);
}

/** POD, by the clock of the shipment's consignee. */
function deliveredAt(context: SetContext, loop: Loop) {
  const pod = segmentOf(context, loop, "POD");
  if (pod === undefined) return undefined;
  const consignee = loop.find(
    (it) => context.segments[it]?.id === "N1" && context.text(it, 1, 8) === "CN",
  );
  const zone = consignee === undefined ? undefined : readParty(context, consignee).where.zone;
  return context.instant(pod, [1, 2], zone);
}
