/** What must be invoiced, by what the TMS knows to have proven and the prices of the sales team. */
import { Decimal } from "decimal.js";
import type { OrderTruth, QuantityTruth, StopTruth } from "../simulator/ledger.ts";
import { KIT, priceOf, TRANSPORT, zoneOf } from "./sales.ts";

/** Hold reasons of Odoo for what a proof says against a clean delivery. */
const REASONS: Readonly<Record<Exclude<QuantityTruth["outcome"], "accepted">, string>> = {
  accepted_damaged: "damage",
  short: "qty_short",
  refused: "qty_refused",
};

export interface ExpectedInvoice {
  /** A complete, clean, signed proof of every delivery was known: an invoice is due. */
  isDue: boolean;
  /** Reasons of the holds that must be open, sorted. */
  holds: string[];
  /** Accepted quantity of each product, sorted: `<product> <quantity>`. */
  lines: string[];
  /** Money of these quantities, without tax. */
  amount: string;
  /** Each customer on the truck gets one. */
  invoices: number;
  /** Days of delivery at the site; more than one when an earlier invoice may name an earlier word. */
  days: string[];
}

/**
 * What the customer must be invoiced for the shipment.
 *
 * @param customer name of the order's customer
 * @param wasBilled the shipment was invoiced while things still happened: then what was proven
 *   before it was set right counts, too, because a posted invoice stands
 */
export function expectedInvoice(
  truth: OrderTruth,
  customer: string,
  wasBilled: boolean,
): ExpectedInvoice {
  const deliveries = truth.stops.filter((stop) => stop.kind === "delivery");
  const isDue = deliveries.every(
    (stop) => isClean(stop) || (wasBilled && stop.earlier.some(isClean)),
  );
  const quantities = deliveries.flatMap((stop) => stop.quantities);
  const said = new Set(quantities.map(({ outcome }) => outcome));
  const sold = soldOf(truth, quantities);
  const money = sold.map(({ product, quantity }) => quantity.times(priceOf(product)));
  const instants = deliveries.flatMap((stop) => [
    stop.completed,
    ...(wasBilled ? stop.earlier.map(({ completed }) => completed) : []),
  ]);
  const zone = zoneOf(customer);
  return {
    isDue: isDue && truth.state !== "cancelled",
    holds: Object.entries(REASONS)
      .filter(([outcome]) => said.has(outcome as QuantityTruth["outcome"]))
      .map(([, reason]) => reason)
      .toSorted(),
    lines: sold.map(({ product, quantity }) => `${product} ${quantity.toFixed()}`).toSorted(),
    amount: Decimal.sum(0, ...money).toFixed(2),
    invoices: isDue && truth.state !== "cancelled" ? deliveries.length : 0,
    days: [...new Set(instants.flatMap((at) => (at === null ? [] : dayIn(zone, at))))].toSorted(),
  };
}

const isClean = ({ outcome, quantities }: Pick<StopTruth, "outcome" | "quantities">): boolean =>
  outcome === "delivered" && quantities.every((it) => it.outcome === "accepted");

interface Sold {
  product: string;
  quantity: Decimal;
}

/** What was accepted, as it was sold: whole kits instead of their parts, transport without goods. */
function soldOf(truth: OrderTruth, quantities: readonly QuantityTruth[]): Sold[] {
  if (truth.goods.length === 0) return [{ product: TRANSPORT.name, quantity: new Decimal(1) }];
  const accepted = new Set<QuantityTruth["outcome"]>(["accepted", "accepted_damaged"]);
  const found = new Map<string, Decimal>();
  for (const { id, description } of truth.goods) {
    const own = quantities.filter((it) => it.goods === id && accepted.has(it.outcome));
    const sum = Decimal.sum(found.get(description) ?? 0, ...own.map((it) => it.quantity));
    found.set(description, sum);
  }
  const needs = Object.entries(KIT.parts);
  if (needs.some(([part]) => found.has(part))) {
    const wholes = needs.map(([part, need]) => (found.get(part) ?? new Decimal(0)).div(need));
    for (const [part] of needs) found.delete(part);
    found.set(KIT.name, Decimal.min(...wholes).floor());
  }
  return [...found].map(([product, quantity]) => ({ product, quantity }));
}

/** The calendar day of an instant in a time zone: `2026-03-29`. */
function dayIn(zone: string, instant: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date(instant));
}
