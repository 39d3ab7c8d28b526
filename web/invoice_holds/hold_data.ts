/** What Odoo answers to the board: `hold_board` of milepost.hold. */
import type { Money } from "../billing/money.ts";
import type { OdooInstant } from "../components/odoo_values.ts";

export type SideKey = "ar" | "ap";
export type GroupBy = "reason" | "customer" | "carrier" | "release";

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
