/** Holds as Odoo answers them, each test saying only what it is about. */
import type { HoldAnswer, HoldGroup, HoldLine } from "../../web/invoice_holds/hold_data.ts";

export const NOW = "2026-11-25 14:00:00";

export function hold(id: number, values: Partial<HoldLine> = {}): HoldLine {
  return {
    id,
    reason: "POD Missing",
    severity: "soft",
    state: "open",
    state_label: "Open",
    explanation: "Lyon has no valid proof of delivery",
    remedy: "get the proof of delivery from the carrier",
    amount: 100,
    currency_id: 1,
    blocked_amount: 100,
    blocked_currency_id: 1,
    percent: false,
    opened_at: "2026-11-25 09:00:00",
    shipment_id: 70 + id,
    shipment: `SHP/${id}`,
    carrier_invoice_id: false,
    carrier_invoice: false,
    customer: `Customer ${id}`,
    carrier: "Alpina",
    reviewer: false,
    needs: "Billing Analyst",
    people: 1,
    agreed: [],
    may_release: true,
    why_not: false,
    may_review: true,
    is_mine: false,
    fix: false,
    ...values,
  };
}

export function group(key: string, holds: HoldLine[], values: Partial<HoldGroup> = {}): HoldGroup {
  return {
    key,
    label: key,
    count: holds.length,
    totals: [{ currency_id: 1, amount: holds.reduce((sum, one) => sum + one.blocked_amount, 0) }],
    oldest: "2026-11-23 12:00:00",
    hold_ids: holds.map(({ id }) => id),
    holds,
    ...values,
  };
}

export function answer(groups: HoldGroup[], values: Partial<HoldAnswer> = {}): HoldAnswer {
  return {
    now: NOW,
    role: "analyst",
    release_codes: [
      ["evidence", "Evidence Seen"],
      ["contract", "Covered by the Contract"],
    ],
    sides: [
      { key: "ar", count: 3, totals: [{ currency_id: 1, amount: 300 }] },
      {
        key: "ap",
        count: 2,
        totals: [
          { currency_id: 1, amount: 44.4 },
          { currency_id: 2, amount: 7 },
        ],
      },
    ],
    groups,
    ...values,
  };
}
