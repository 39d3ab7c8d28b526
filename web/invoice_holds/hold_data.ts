/** What Odoo answers to the board: `hold_board` of milepost.hold. */
import type { Money } from "../billing/money.ts";
import type { OdooInstant } from "../components/odoo_values.ts";

export const SIDES = ["ar", "ap"] as const;
export type SideKey = (typeof SIDES)[number];
export const GROUPINGS = ["reason", "customer", "carrier", "release"] as const;
export type GroupBy = (typeof GROUPINGS)[number];

export interface HoldLine {
  id: number;
  reason: string;
  /** Hard ones go only when their cause is fixed. */
  severity: "hard" | "soft";
  state: "open" | "in_review" | "rejected";
  state_label: string;
  explanation: string | false;
  remedy: string | false;
  /** What the hold is about. */
  amount: number;
  currency_id: number;
  /** What it keeps back: all of the shipment's invoice, or of the bill. */
  blocked_amount: number;
  blocked_currency_id: number;
  percent: number | false;
  opened_at: OdooInstant;
  shipment_id: number | false;
  shipment: string | false;
  carrier_invoice_id: number | false;
  carrier_invoice: string | false;
  customer: string | false;
  carrier: string | false;
  reviewer: string | false;
  /** Who may release it, in words. */
  needs: string;
  people: number;
  /** Who agreed already. */
  agreed: string[];
  may_release: boolean;
  why_not: string | false;
  may_review: boolean;
  is_mine: boolean;
  /** What the user can do about the cause: validate or supply a proof, decide on quantities, look at the bill. */
  fix: "review" | "proof" | "quantities" | "bill" | false;
}

export interface HoldGroup {
  key: string;
  label: string;
  /** All of the group, of which `holds` are the first. */
  count: number;
  totals: Money[];
  oldest: OdooInstant;
  holds: HoldLine[];
  /** All of the group. */
  hold_ids: number[];
}

/** A hold that stays when its likes are released. */
export interface Skipped {
  id: number;
  name: string;
  why: string;
}

/** `release_outlook` of milepost.hold. */
export interface Outlook {
  free: number[];
  skipped: Skipped[];
}

/** `release_alike` of milepost.hold. */
export interface Released {
  released: number[];
  /** A second person must agree to these. */
  agreed: number[];
  skipped: Skipped[];
}

export interface HoldSide {
  key: SideKey;
  count: number;
  totals: Money[];
}

export interface HoldAnswer {
  now: string;
  /** The user's role of finance; false when he decides on nothing. */
  role: string | false;
  release_codes: [string, string][];
  sides: HoldSide[];
  groups: HoldGroup[];
}
