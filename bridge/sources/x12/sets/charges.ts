/** L1 and L3 of a 210 as invoice lines and totals. */
import { Decimal } from "decimal.js";
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { defined } from "../../shared/reading/reading.ts";
import { chargeTypeOf, isKnownCharge } from "../codes/charges.ts";
import { amountOf, decimalOf } from "../numbers.ts";
import type { SetContext } from "../set_context.ts";

export type InvoiceLine = CarrierInvoice["lines"][number];

/** The contract's limit; longer bills are summed up by code. */
const MAX_LINES = 500;

export interface Charges {
  lines: InvoiceLine[];
  /** Sum of the L104 that could be read. */
  sum: Decimal;
  /** L305, of the last L3. */
  total: string | undefined;
  /** An L1 had no readable amount, so that the sum proves nothing. */
  incomplete: boolean;
}

export function readCharges(context: SetContext): Charges {
  const charges: Charges = { lines: [], sum: new Decimal(0), total: undefined, incomplete: false };
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "L1") addLine(context, charges, index);
    else if (id === "L3") charges.total = amountAt(context, index, 5) ?? charges.total;
  }
  if (charges.lines.length > MAX_LINES) {
    const text = `${charges.lines.length} lines, summed up by charge code`;
    context.builder.finding("warning", "lines_summed", context.set.path, text);
    charges.lines = summed(charges.lines);
  }
  return charges;
}

/** An N2 amount; nothing, and a finding, when it is no number. */
export function amountAt(context: SetContext, index: number, n: number): string | undefined {
  const text = context.text(index, n, 24);
  const amount = amountOf(text, context.settings.amounts);
  if (text !== undefined && amount === undefined) {
    context.finding("error", "unreadable_amount", `"${text}" is no amount`, index, {
      element: n,
      elementCode: "6",
    });
  }
  return amount;
}

function addLine(context: SetContext, charges: Charges, index: number): void {
  const amount = amountAt(context, index, 4);
  if (amount === undefined) {
    if (context.text(index, 4) === undefined) {
      context.finding("warning", "no_amount", "an L1 without charge", index, { element: 4 });
    } else charges.incomplete = true;
    return;
  }
  const code = context.text(index, 8, 64);
  const description = context.text(index, 12);
  if (!isKnownCharge(code)) {
    const text = `no charge type is known for ${code}; it counts as misc`;
    context.warnOnce("unmapped_charge", text, index, 8);
  }
  charges.sum = charges.sum.plus(amount);
  charges.lines.push(
    defined({
      charge_type: chargeTypeOf(code),
      amount,
      rate: decimalOf(context.text(index, 2, 24)),
      quantity: decimalOf(context.text(index, 17, 24)),
      unit: context.text(index, 18, 32),
      description,
      raw_code: code ?? "none",
    }),
  );
}

/** One line for each charge type and code. */
function summed(lines: readonly InvoiceLine[]): InvoiceLine[] {
  const byCode = new Map<string, InvoiceLine>();
  for (const { charge_type, raw_code, amount } of lines) {
    const key = `${charge_type}|${raw_code}`;
    const known = byCode.get(key)?.amount ?? "0";
    byCode.set(key, { charge_type, raw_code, amount: new Decimal(known).plus(amount).toFixed(2) });
  }
  return [...byCode.values()].slice(0, MAX_LINES);
}
