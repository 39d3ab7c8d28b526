/** What a run of the demo to its end is asked for and says, and whether it is right. */
import type { InvoiceResult } from "./invoice_comparison.ts";
import { type Way, WAYS } from "./ways.ts";

/** Fewer sales change nothing: too few would be left to deliver. */
export const AMENDED_FROM = 4;
/** Fewer are plain deliveries alone. */
export const ALL_WAYS_FROM = 12;

export interface OnceOptions {
  /** In all; those of the other ways are among them. */
  shipments: number;
  seed: string;
  /** Kill the bridge in the middle and start it again. */
  kill: boolean;
}

export interface OnceResult {
  mismatches: number;
  shipments: number;
  facts: { sent: number; duplicates_sent: number; stored: number };
  orders: {
    wanted: number;
    sent: number;
    accepted: number;
    missing: number;
    twice: number;
    /** Changed, and called off, at the sales team's word after they were sent. */
    changed: number;
    called_off: number;
  };
  invoices: InvoiceResult;
  /** Of the other ways: shipments, and how many of them must be and are invoiced. */
  ways: Partial<Record<Way, { shipments: number; expected: number; posted: number }>>;
  /** How far the TMS's clock is ahead of ours. A pickup before the goods are ready is a mismatch. */
  clock_ahead_seconds: number;
  states: Record<string, number>;
  transfers_done: number;
  faults: number;
  kills: number;
  seconds: number;
}

/** Everything that was wanted happened once, and Odoo knows and has invoiced it. */
export function isRight(result: OnceResult): boolean {
  const { mismatches, shipments, orders, invoices } = result;
  const { wanted, accepted, missing, twice, changed, called_off } = orders;
  const areAll = wanted >= ALL_WAYS_FROM;
  const amendments = wanted < AMENDED_FROM ? 0 : 1;
  const isChanged = changed >= amendments + Number(areAll) && called_off === amendments;
  const { expected, posted, told, wrong } = invoices;
  const isInvoiced = wrong === 0 && posted === expected && told === posted;
  const isSent = shipments === wanted && accepted === wanted && missing + twice === 0;
  const isVaried = !areAll || WAYS.every((way) => (result.ways[way]?.posted ?? 0) > 0);
  const isInTime = result.clock_ahead_seconds === 0;
  return mismatches === 0 && isSent && isChanged && isInvoiced && isVaried && isInTime;
}
