/**
 * 110, air freight details and invoice (FedEx): a bill of each shipment, so that each meets its shipment
 * and its agreed cost. Its number is that of the invoice and the waybill, however many shipments the
 * invoice has: so a correction of one of them meets the bill that it is about.
 *
 * B307, L104, L305 and ACS01 have two implied decimals. An LX loop has no total of its own. One
 * shipment's bill has the invoice's, and Odoo holds what does not add up to it. Of several each bill is
 * the sum of its charges, and what is charged outside the loops is a bill of its own, which a person
 * assigns. None is told unless together they are what the invoice wants: a single one would not show
 * it. The invoice is rejected and a dead letter then.
 */
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
import { loopsOf, type Part, type Shipment, shipmentsOf } from "./s110_shipments.ts";

interface Bill extends Shipment {
  lines: InvoiceLine[];
  total: string;
}

export function read110(context: SetContext): void {
  const b3 = context.indexOf("B3");
  if (b3 === -1) return context.missing("B3", "a 110 without B3 is no invoice");
  const head = readHead(context, b3);
  if (head === undefined) {
    context.rejected = true;
    return;
  }
  const { loops, outside } = loopsOf(context);
  if (loops.length === 0) return context.missing("LX", "a 110 without LX bills no shipment");
  const bills = billsOf(context, b3, head, { shipments: shipmentsOf(context, loops), outside });
  if (bills === undefined) context.rejected = true;
  else for (const bill of bills) tell(context, b3, head, bill);
}

/** A bill of each shipment; nothing, and findings, when what they cost is not what the invoice wants. */
function billsOf(
  context: SetContext,
  b3: number,
  head: InvoiceHead,
  { shipments, outside }: { shipments: readonly Shipment[]; outside: Part },
): Bill[] | undefined {
  const apart = chargesOf(context, outside);
  const own = shipments.map(({ part }) => chargesOf(context, part));
  // An L3 in a loop is no total of the invoice.
  const ofLoops = { ...joined(own), total: undefined, advanced: undefined, prepaid: undefined };
  const all = joined([ofLoops, apart]);
  const total = totalOf(context, b3, amountAt(context, b3, 7), all);
  if (total === undefined) {
    lacks(context, b3, 7, "no amount due");
    notBilled(context, b3, "it says no amount");
    return undefined;
  }
  const [only, ...others] = shipments;
  if (only !== undefined && others.length === 0) {
    const lines = settledLines(context, all, total);
    checkMoney(context, b3, total, all, { lines, hint: "" });
    return [{ ...only, lines, total }];
  }
  const charges = withoutSums(context, ofLoops, { all, apart, total });
  const lines = settledLines(context, charges, total);
  if (!isDivided(context, b3, head, { charges, total, lines })) return undefined;
  return divided([...shipments, restOf(head.number)], [...own, apart], lines);
}

/** Lines outside the loops that only add up those inside are left out. */
function withoutSums(
  context: SetContext,
  { lines }: Charges,
  { all, apart, total }: { all: Charges; apart: Charges; total: string },
): Charges {
  if (apart.lines.length === 0 || !sumOf(lines).eq(total)) return all;
  const text = "charges outside the shipments are not in the total; they were left out";
  context.builder.finding("warning", "total_beside_parts", context.set.path, text);
  return { ...all, lines };
}

/** Each with its own of the lines. */
function divided(
  shipments: readonly Shipment[],
  charges: readonly Charges[],
  lines: readonly InvoiceLine[],
): Bill[] {
  const whose = new Map<InvoiceLine, number>();
  for (const [at, it] of charges.entries()) {
    for (const line of [...it.lines, ...it.packages, ...it.advances]) whose.set(line, at);
  }
  const shares = shipments.map((): InvoiceLine[] => []);
  for (const line of lines) shares[whose.get(line) ?? -1]?.push(line);
  return shipments
    .map((shipment, at) => {
      const its = shares[at] ?? [];
      return { ...shipment, lines: its, total: sumOf(its).toFixed(2) };
    })
    .filter(({ part, lines: its }) => part.length > 0 || its.length > 0);
}

/** What is charged outside the loops is for no shipment that the message names: a person says for which. */
function restOf(invoice: string): Shipment {
  const name = "invoice";
  return { part: [], name, names: identifiers(["entity", numberOf(invoice, name)]) };
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
  notBilled(context, b3, `its charges are not ${total}; none of its shipments is billed`);
  return false;
}

function notBilled(context: SetContext, b3: number, text: string): void {
  context.builder.lost("not_billed", [{ path: context.path(b3), text }]);
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
  const head = Array.from({ length: context.indexOf("LX") }, (_, at) => at);
  const original = originalNumber(context, number, [...part, ...head]);
  return original === undefined || name === undefined ? undefined : numberOf(original, name);
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
