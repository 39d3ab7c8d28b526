/** Amounts as the user's Odoo writes them. */
import { formatCurrency } from "@web/core/currency";

/** An amount of one currency (Odoo's id of it). */
export interface Money {
  currency_id: number;
  amount: number;
}

export function moneyText(money: Money): string {
  return formatCurrency(money.amount, money.currency_id);
}

/** Sums of several currencies side by side; currencies are never added. */
export function totalsText(totals: readonly Money[]): string {
  return totals.map(moneyText).join(" + ");
}
