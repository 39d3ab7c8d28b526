/** L1, L9 and L3 of a 210 or 110 as invoice lines and totals. */
import { Decimal } from "decimal.js";
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { defined } from "../../shared/reading/reading.ts";
import { ACCESSORIAL_TOTAL, chargeTypeOf, isKnownCharge } from "../../shared/x12_codes/charges.ts";
import { amountOf, decimalOf } from "../numbers.ts";
import type { SetContext } from "../set_context.ts";

export type InvoiceLine = CarrierInvoice["lines"][number];

/** The contract's limit; longer bills are summed up by code. */
const MAX_LINES = 500;

export interface Charges {
  lines: InvoiceLine[];
  /** L9: what single packages cost. Some senders split an L1 up so, others have no L1 for it. */
  packages: InvoiceLine[];
  /** L105: what the carrier laid out (duties, taxes) and asks for beside the charge of the L1. */
  advances: InvoiceLine[];
  /** L305, of the last L3. */
  total: string | undefined;
  /** L306: what of the invoice was laid out, beside L305. */
  advanced: string | undefined;
  /** L307: what of it was paid before. */
  prepaid: string | undefined;
  /** An L1 had no readable amount, so that the sum proves nothing. */
  incomplete: boolean;
}

/** The charges of a set, or of a part of it. */
export function readCharges(
  context: SetContext,
  part: Iterable<number> = context.segments.keys(),
): Charges {
  const charges: Charges = {
    lines: [],
    packages: [],
    advances: [],
    total: undefined,
    advanced: undefined,
    prepaid: undefined,
    incomplete: false,
  };
  for (const index of part) {
    const id = context.segments[index]?.id;
    if (id === "L1") addLine(context, charges, index);
    else if (id === "L9") addPackage(context, charges, index);
    else if (id === "L3") {
      charges.total = amountAt(context, index, 5) ?? charges.total;
      charges.advanced = amountAt(context, index, 6) ?? charges.advanced;
      charges.prepaid = amountAt(context, index, 7) ?? charges.prepaid;
    }
  }
  return charges;
}

/** The charges of several parts as those of one bill. */
export function joined(parts: readonly Charges[]): Charges {
  const said = (name: "total" | "advanced" | "prepaid") =>
    parts.map((it) => it[name]).findLast((it) => it !== undefined);
  return {
    lines: parts.flatMap(({ lines }) => lines),
    packages: parts.flatMap(({ packages }) => packages),
    advances: parts.flatMap(({ advances }) => advances),
    total: said("total"),
    advanced: said("advanced"),
    prepaid: said("prepaid"),
    incomplete: parts.some(({ incomplete }) => incomplete),
  };
}

export function sumOf(lines: readonly InvoiceLine[]): Decimal {
  return lines.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
}

/**
 * The lines that make up the total: without one that only adds up others, with what was laid out and
 * with the packages' charges where those of L1 do not tell them already. Lines that fit neither way
 * stay as they are.
 */
export function settledLines(context: SetContext, charges: Charges, total: string): InvoiceLine[] {
  const { advances, packages } = charges;
  const fits = (candidate: readonly InvoiceLine[]) => sumOf(candidate).eq(total);
  if (charges.incomplete || fits(charges.lines)) return charges.lines;
  const laidOut = charges.advanced !== undefined && sumOf(advances).eq(charges.advanced);
  const lines = laidOut ? [...charges.lines, ...advances] : charges.lines;
  if (fits(lines)) return lines;
  const parts = lines.filter((line) => !isSum(line));
  if (parts.length < lines.length && fits(parts)) {
    const text = "a line that adds up others stands beside them; it was left out";
    context.builder.finding("warning", "total_beside_parts", context.set.path, text);
    return parts;
  }
  if (packages.length === 0) return lines;
  if (fits([...lines, ...packages])) return [...lines, ...packages];
  const text = `${packages.length} charges of packages (L9) do not fit the total; they are left out`;
  context.builder.finding("warning", "package_charges", context.set.path, text);
  return lines;
}

function isSum({ raw_code, description }: InvoiceLine): boolean {
  return raw_code === ACCESSORIAL_TOTAL || /^(grand |sub)?total\b/i.test(description ?? "");
}

/** At most as many lines as the contract allows: more are summed up by charge code. */
export function withinLimit(context: SetContext, lines: InvoiceLine[]): InvoiceLine[] {
  if (lines.length <= MAX_LINES) return lines;
  const text = `${lines.length} lines, summed up by charge code`;
  context.builder.finding("warning", "lines_summed", context.set.path, text);
  return summed(lines);
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
  const advance = context.text(index, 5) === undefined ? undefined : amountAt(context, index, 5);
  if (advance !== undefined) {
    const description = context.text(index, 12);
    charges.advances.push(defined({ ...codeAt(context, index, 8), amount: advance, description }));
  }
  if (amount === undefined) {
    if (context.text(index, 4) !== undefined) charges.incomplete = true;
    else if (advance === undefined)
      context.finding("warning", "no_amount", "an L1 without charge", index, { element: 4 });
    return;
  }
  const { charge_type, raw_code } = codeAt(context, index, 8);
  charges.lines.push(
    defined({
      charge_type,
      amount,
      rate: decimalOf(context.text(index, 2, 24)),
      quantity: decimalOf(context.text(index, 17, 24)),
      unit: context.text(index, 18, 32),
      description: context.text(index, 12),
      raw_code,
    }),
  );
}

/** L9: the code and the amount. */
function addPackage(context: SetContext, charges: Charges, index: number): void {
  const amount = amountAt(context, index, 2);
  if (amount !== undefined) charges.packages.push({ ...codeAt(context, index, 1), amount });
}

export function codeAt(
  context: SetContext,
  index: number,
  n: number,
): Pick<InvoiceLine, "charge_type" | "raw_code"> {
  const code = context.text(index, n, 64);
  if (!isKnownCharge(code)) {
    const text = `no charge type is known for ${code}; it counts as misc`;
    context.warnOnce("unmapped_charge", text, index, n);
  }
  return { charge_type: chargeTypeOf(code), raw_code: code ?? "none" };
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
