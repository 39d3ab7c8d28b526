/** What Odoo answers to the board: `figures` of milepost.billing.lag. Hours are decimal text. */

export type PartKey =
  "carrier_reporting" | "bridge" | "pod_wait" | "charge_wait" | "review_wait" | "posting_wait";

export interface Part {
  key: PartKey;
  /** Of posted shipments. */
  seconds: number;
  /** Percent of the whole. */
  share: number;
  mean_hours: string | null;
  median_hours: string | null;
  p90_hours: string | null;
  /** Shipments that wait in it now. */
  open: number;
  open_seconds: number;
}

export interface Lag {
  n: number;
  median_hours: string | null;
  p90_hours: string | null;
  mean_hours: string | null;
  open: number;
  /** The oldest first. */
  open_ages_hours: string[];
}

/** Percent; null without anything to count. */
export interface Rate {
  value: number | null;
  n: number;
  of: number;
}

export interface Value {
  value: number | null;
  amount: number;
  of_amount: number;
}

export interface Sum {
  n: number;
  amount: number;
}

export interface Bucket extends Sum {
  from: number;
  to: number | null;
}

export interface ParetoRow {
  side: "ar" | "ap";
  reason: string;
  label: string;
  n: number;
  hours: number;
  amount: number;
  primary_n: number;
  primary_hours: number;
  primary_amount: number;
}

export interface Kpis {
  missing_pod: Rate;
  first_pass: Rate;
  unbilled: Sum & { buckets: Bucket[] };
  charge_exceptions: Rate;
  charge_exception_value: Value;
  touchless: Rate;
  hold_pareto: ParetoRow[];
  hold_cost: Sum;
  false_holds: Rate;
  late_charge_leak: Sum;
  billing_accuracy: Rate;
  on_time_last: Rate;
  on_time_first: Rate;
  otif: Rate;
  dwell: { n: number; median_hours: string | null; p90_hours: string | null };
  detention_recovery: Value;
  event_latency: { n: number; p95_hours: string | null };
  completeness: Rate;
}

export interface LagAnswer {
  now: string;
  currency_id: number;
  n: number;
  posted: number;
  total_seconds: number;
  parts: Part[];
  readiness: Lag;
  posting: Lag;
  proof: Lag;
  whole: Lag;
  kpis: Kpis;
}
