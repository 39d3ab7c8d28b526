/** Is every delivery that was proven clean invoiced once and right, nothing else, and the TMS told? */
import type { OrderTruth } from "../simulator/ledger.ts";
import type { Mismatch } from "./comparison.ts";
import { expectedInvoice } from "./expected_invoices.ts";
import type { Billed, BilledShipment } from "./invoices.ts";

export interface InvoiceResult {
  /** Shipments that must be on a posted invoice, and those that are. */
  expected: number;
  posted: number;
  /** Shipments of which the TMS knows exactly the posted invoices. */
  told: number;
  /** Missing, double, of another amount or day, not told, held for another reason, of no shipment. */
  wrong: number;
}

/**
 * @param early names of the shipments that were invoiced while things still happened
 */
export function compareInvoices(
  truths: readonly OrderTruth[],
  billed: Billed,
  early: ReadonlySet<string>,
): {
  result: InvoiceResult;
  mismatches: Mismatch[];
  /** Names of shipments that must be, and that are, on a posted invoice. */
  isDue: ReadonlySet<string>;
  isPosted: ReadonlySet<string>;
} {
  const known = new Map(truths.map((truth) => [truth.shipment, truth]));
  const mismatches: Mismatch[] = [];
  const isDue = new Set<string>();
  let told = 0;
  for (const shipment of billed.shipments) {
    const truth = known.get(shipment.name);
    if (truth === undefined) continue;
    const wanted = expectedInvoice(truth, shipment.customer, early.has(shipment.name));
    if (wanted.isDue) isDue.add(shipment.name);
    mismatches.push(...compareShipment(shipment, wanted));
    const heard = knownInvoices(truth);
    const isKnown = JSON.stringify(heard) === JSON.stringify(shipment.invoices.toSorted());
    if (isKnown && heard.length > 0) told += 1;
    if (!isKnown) {
      const what = "invoices that the TMS knows";
      mismatches.push({ shipment: shipment.name, what, truth: heard, odoo: shipment.invoices });
    }
  }
  for (const stray of billed.strays) {
    mismatches.push({ shipment: stray, what: "line of no shipment", truth: null, odoo: stray });
  }
  const invoiced = billed.shipments.filter(({ invoices }) => invoices.length > 0);
  const isPosted = new Set(invoiced.map(({ name }) => name));
  const wrong = new Set(mismatches.map(({ shipment }) => shipment)).size;
  const result = { expected: isDue.size, posted: isPosted.size, told, wrong };
  return { result, mismatches, isDue, isPosted };
}

/** Numbers of the invoices that the TMS was told of last. */
function knownInvoices({ outcomes }: OrderTruth): string[] {
  const latest = outcomes.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  return (latest?.documents ?? []).toSorted();
}

function compareShipment(
  shipment: BilledShipment,
  wanted: ReturnType<typeof expectedInvoice>,
): Mismatch[] {
  const found: Mismatch[] = [];
  const expect = (what: string, truth: unknown, odoo: unknown) => {
    if (JSON.stringify(truth) !== JSON.stringify(odoo)) {
      found.push({ shipment: shipment.name, what, truth, odoo });
    }
  };
  expect("holds", wanted.holds, shipment.holds);
  expect("invoices", wanted.invoices, shipment.invoices.length);
  expect("invoiced quantities", wanted.isDue ? wanted.lines : [], shipment.lines);
  expect("invoiced amount", wanted.isDue ? wanted.amount : "0.00", shipment.amount);
  if (!wanted.isDue) return found;
  const { suppliedOn } = shipment;
  if (suppliedOn === null || !wanted.days.includes(suppliedOn)) {
    expect("day of supply", wanted.days, suppliedOn);
  }
  // One invoice of several deliveries names the last of their days.
  const isLast = shipment.invoiceDays.every((day) => suppliedOn !== null && day >= suppliedOn);
  if (!isLast) expect("invoice's day of supply", suppliedOn, shipment.invoiceDays);
  return found;
}
