/**
 * 110, air freight details and invoice (FedEx): a bill of each shipment, so that each meets its shipment
 * and its agreed cost. Its number is that of the invoice and the waybill, however many shipments the
 * invoice has: so a correction of one of them meets the bill that it is about.
 *
 * B307, L104, L305 and ACS01 have two implied decimals. An LX loop has no total of its own. One
 * shipment's bill has the invoice's, and Odoo holds what does not add up to it. Of several each bill is
 * the sum of its charges, so none is told unless together they are what the invoice wants: a single one
 * would not show it. The invoice is rejected and a dead letter then.
 */
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { readParty } from "../geography.ts";
import type { SetContext } from "../set_context.ts";
import {
  amountAt,
  type Charges,
  codeAt,
  type InvoiceLine,
  joined,
  readCharges,
  settledLines,
  sumOf,
  withinLimit,
} from "./charges.ts";
import {
  checkMoney,
  dayAt,
  documentOf,
  type InvoiceHead,
  lacks,
  originalNumber,
  readHead,
  totalOf,
} from "./invoice_head.ts";
import { type Named, namesAt } from "./names.ts";

/** Indexes of segments. */
type Part = readonly number[];

/** A shipment: its segments, of all loops that bear its waybill. */
interface Shipment {
  part: Part;
  /** Its waybill, else another of its names; nothing of one that nothing names. */
  name: string | undefined;
  names: CarrierInvoice["identifiers"];
}

interface Bill extends Shipment {
  lines: InvoiceLine[];
  total: string;
}

/** FedEx numbers its packages with 12, 15, 20 or 22 digits; an airline's waybill has eleven. */
const PACKAGE = /^(\d{12}|\d{15}|\d{20}|\d{22})$/;

export function read110(context: SetContext): void {
  const b3 = context.indexOf("B3");
  if (b3 === -1) return context.missing("B3", "a 110 without B3 is no invoice");
  const head = readHead(context, b3);
  if (head === undefined) {
    context.rejected = true;
    return;
  }
  const loops = loopsOf(context);
  if (loops.length === 0) return context.missing("LX", "a 110 without LX bills no shipment");
  const bills = billsOf(context, b3, head, shipmentsOf(context, loops));
  if (bills === undefined) context.rejected = true;
  else for (const bill of bills) tell(context, b3, head, bill);
}

/** From each LX to the next, the last one to the total behind it. */
function loopsOf(context: SetContext): Part[] {
  const loops: number[][] = [];
  for (const [at, { id }] of context.segments.entries()) {
    if (id === "LX") loops.push([]);
    if (id === "L3") break;
    loops.at(-1)?.push(at);
  }
  return loops;
}

/** The loops of one waybill (pieces, adjustments) are one shipment. */
function shipmentsOf(context: SetContext, loops: readonly Part[]): Shipment[] {
  const byName = new Map<string | symbol, Part>();
  for (const loop of loops) {
    const name = waybillOf(context, loop) ?? namesOf(context, loop)[0]?.value ?? Symbol("nameless");
    byName.set(name, [...(byName.get(name) ?? []), ...loop]);
  }
  return [...byName].map(([name, part]) => ({
    part,
    name: typeof name === "string" ? name : undefined,
    names: namesOf(context, part),
  }));
}

/** A bill of each shipment; nothing, and findings, when what they cost is not what the invoice wants. */
function billsOf(
  context: SetContext,
  b3: number,
  head: InvoiceHead,
  shipments: readonly Shipment[],
): Bill[] | undefined {
  const within = new Set(shipments.flatMap(({ part }) => part));
  const outside = [...context.segments.keys()].filter((at) => !within.has(at));
  const apart = chargesOf(context, outside);
  const own = shipments.map(({ part }) => chargesOf(context, part));
  const all = joined([...own, apart]);
  const total = totalOf(context, b3, amountAt(context, b3, 7), all);
  if (total === undefined) {
    lacks(context, b3, 7, "no amount due");
    return undefined;
  }
  const [only, ...others] = shipments;
  if (only !== undefined && others.length === 0) {
    const lines = settledLines(context, all, total);
    checkMoney(context, b3, total, all, { lines, hint: "" });
    return [{ ...only, lines, total }];
  }
  // What is charged outside the loops is of no shipment.
  const charges = { ...all, lines: own.flatMap((it) => it.lines) };
  const lines = settledLines(context, charges, total);
  if (!isDivided(context, b3, head, { charges, total, lines })) return undefined;
  return shipments.map((shipment, at) => {
    const its = lines.filter((it) => own[at]?.lines.includes(it) || own[at]?.packages.includes(it));
    return { ...shipment, lines: its, total: sumOf(its).toFixed(2) };
  });
}

/**
 * Whether the shipments' lines are the whole invoice: otherwise it is a dead letter. What is cancelled
 * nobody pays, so that it need not be.
 */
function isDivided(
  context: SetContext,
  b3: number,
  { told }: InvoiceHead,
  { charges, total, lines }: { charges: Charges; total: string; lines: readonly InvoiceLine[] },
): boolean {
  if (told.correction === "cancelled") return true;
  const fits = checkMoney(context, b3, total, charges, { lines, hint: "" });
  if (fits && !charges.incomplete) return true;
  const text = `the charges of its shipments are not ${total}; none of them is billed`;
  context.builder.lost("not_billed", [{ path: context.path(b3), text }]);
  return false;
}

/** L1, L9, L3, and ACS: the ancillary charges. */
function chargesOf(context: SetContext, part: Part): Charges {
  const charges = readCharges(context, part);
  for (const at of part) {
    if (context.segments[at]?.id !== "ACS") continue;
    const amount = amountAt(context, at, 1);
    if (amount === undefined) charges.incomplete ||= context.text(at, 1) !== undefined;
    else {
      const description = context.text(at, 3);
      charges.lines.push(defined({ ...codeAt(context, at, 2), amount, description }));
    }
  }
  return charges;
}

function tell(context: SetContext, b3: number, { number, told }: InvoiceHead, bill: Bill): void {
  const { part, name, names, lines, total } = bill;
  const [first = b3] = part;
  // What cancels a bill need not repeat its charges.
  if (lines.length === 0 && told.correction !== "cancelled") {
    return context.finding("warning", "no_charges", "a shipment without charges", first);
  }
  if (name === undefined || names.length === 0) {
    const text = `${total} of a shipment that nothing names; not billed`;
    return context.builder.lost("no_identifier", [{ path: context.path(first), text }]);
  }
  context.builder.add(
    defined({
      kind: "carrier_invoice" as const,
      ...told,
      message_path: context.path(first),
      identifiers: names,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      number: numberOf(number, name),
      document: documentOf(total),
      corrects: correctedBy(context, number, bill),
      ship_date: dayOf(context, part, "P1", 2),
      delivered: deliveredAt(context, part),
      total,
      lines: withinLimit(context, lines),
    }),
    "billing",
    names[0]?.value ?? number,
  );
}

/** Of an invoice's bill of a shipment. */
const numberOf = (invoice: string, name: string) => `${invoice}/${name}`.slice(0, 64);

/** The bill of the same shipment in the invoice that its loop names, else in the one that the head names. */
function correctedBy(
  context: SetContext,
  number: string,
  { part, name }: Shipment,
): string | undefined {
  const lx = context.indexOf("LX");
  const head = [...context.segments.keys()].slice(0, lx);
  const original = originalNumber(context, number, [...part, ...head]);
  return original === undefined || name === undefined ? undefined : numberOf(original, name);
}

function namesOf(context: SetContext, part: Part): CarrierInvoice["identifiers"] {
  return identifiers(...part.flatMap((at) => namesIn(context, at)));
}

/** A waybill of FedEx is a package's tracking number. */
function namesIn(context: SetContext, at: number): Named[] {
  const named = namesAt(context, at);
  const isWaybill = context.segments[at]?.id === "N9" && context.text(at, 1, 8) === "AW";
  const value = isWaybill ? context.text(at, 2, 128) : undefined;
  if (value === undefined || !PACKAGE.test(value)) return named;
  return [["tracking", value], ...named];
}

function waybillOf(context: SetContext, part: Part): string | undefined {
  const at = part.find(
    (it) => context.segments[it]?.id === "N9" && context.text(it, 1, 8) === "AW",
  );
  return at === undefined ? undefined : context.text(at, 2, 40);
}

function segmentOf(context: SetContext, part: Part, id: string): number | undefined {
  return part.find((it) => context.segments[it]?.id === id);
}

function dayOf(context: SetContext, part: Part, id: string, n: number): string | undefined {
  const at = segmentOf(context, part, id);
  return at === undefined ? undefined : dayAt(context, at, n);
}

/** POD, by the clock of the shipment's consignee. */
function deliveredAt(context: SetContext, part: Part) {
  const pod = segmentOf(context, part, "POD");
  if (pod === undefined) return undefined;
  const consignee = part.find(
    (it) => context.segments[it]?.id === "N1" && context.text(it, 1, 8) === "CN",
  );
  const zone = consignee === undefined ? undefined : readParty(context, consignee).where.zone;
  return context.instant(pod, [1, 2], zone);
}
