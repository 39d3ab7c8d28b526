/** What the control tower says of the money that waits behind a shipment with which something is wrong. */
import { moneyText } from "../billing/money.ts";
import type { ShipmentRow } from "../control_tower/board_data.ts";
import type { Remark } from "../control_tower/shipment_remarks.ts";
import { _t } from "../translation.ts";

/** Billing's own columns of the board's rows. */
type StakedRow = ShipmentRow & { at_stake_amount: number; at_stake_currency_id: number };

export function stakeRemark(row: ShipmentRow): Remark | null {
  const { at_stake_amount: amount, at_stake_currency_id: currency } = row as StakedRow;
  if (!row.issue || !(amount > 0)) return null;
  const money = moneyText({ amount, currency_id: currency });
  return { key: "stake", icon: "fa-money", text: _t("%s at stake", money), tone: "muted" };
}
