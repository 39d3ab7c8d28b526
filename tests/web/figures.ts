/** Figures as Odoo answers them. */
import type { Kpis, Lag, LagAnswer, Part, PartKey } from "../../web/billing_lag/lag_data.ts";

const RATE = { value: 50, n: 1, of: 2 };

export function part(key: PartKey, hours: number, values: Partial<Part> = {}): Part {
  return {
    key,
    seconds: hours * 3600,
    share: 0,
    mean_hours: hours.toFixed(2),
    median_hours: hours.toFixed(2),
    p90_hours: hours.toFixed(2),
    open: 0,
    open_seconds: 0,
    ...values,
  };
}

export function lag(values: Partial<Lag> = {}): Lag {
  return {
    n: 3,
    median_hours: "6.00",
    p90_hours: "40.00",
    mean_hours: "16.00",
    open: 1,
    open_ages_hours: ["30.00"],
    ...values,
  };
}

export function kpis(values: Partial<Kpis> = {}): Kpis {
  return {
    missing_pod: RATE,
    first_pass: RATE,
    unbilled: {
      n: 3,
      amount: 400,
      buckets: [
        { from: 0, to: 1, n: 1, amount: 100 },
        { from: 2, to: 3, n: 2, amount: 300 },
        { from: 4, to: 7, n: 0, amount: 0 },
        { from: 8, to: null, n: 0, amount: 0 },
      ],
    },
    charge_exceptions: RATE,
    charge_exception_value: { value: 6.107, amount: 88.8, of_amount: 1454.1 },
    touchless: RATE,
    hold_pareto: [],
    hold_cost: { n: 1, amount: 0.5 },
    false_holds: { value: null, n: 0, of: 0 },
    late_charge_leak: { n: 1, amount: 18 },
    billing_accuracy: RATE,
    on_time_last: RATE,
    on_time_first: RATE,
    otif: RATE,
    dwell: { n: 4, median_hours: "0.50", p90_hours: "1.00" },
    detention_recovery: { value: null, amount: 0, of_amount: 0 },
    event_latency: { n: 9, p95_hours: "0.20" },
    completeness: RATE,
    ...values,
  };
}

export function figures(values: Partial<LagAnswer> = {}): LagAnswer {
  return {
    now: "2026-11-25 14:00:00",
    currency_id: 1,
    n: 3,
    posted: 2,
    total_seconds: 20 * 3600,
    parts: [
      part("carrier_reporting", 1),
      part("bridge", 0),
      part("pod_wait", 4, { open: 1, open_seconds: 30 * 3600 }),
      part("charge_wait", 3),
      part("review_wait", 2),
      part("posting_wait", 10, { share: 50 }),
    ],
    readiness: lag(),
    posting: lag({ open: 0, open_ages_hours: [] }),
    proof: lag({ n: 0, median_hours: null, p90_hours: null, mean_hours: null }),
    whole: lag(),
    kpis: kpis(),
    ...values,
  };
}
