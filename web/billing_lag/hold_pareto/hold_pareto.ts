/** Holds by reason, those that keep money longest first; overlap once (primary) and raw. */
import { Component } from "@odoo/owl";
import { moneyText } from "../../billing/money.ts";
import { _t } from "../../translation.ts";
import type { ParetoRow } from "../lag_data.ts";
import { hoursText } from "../lag_words.ts";

interface Props {
  rows: ParetoRow[];
  currencyId: number;
  open: (key: string) => Promise<void>;
}

export class HoldPareto extends Component<Props> {
  static override template = "milepost.HoldPareto";
  static override props = { rows: Array, currencyId: Number, open: Function };

  hoursText = hoursText;

  money(amount: number): string {
    return moneyText({ amount, currency_id: this.props.currencyId });
  }

  sideText(row: ParetoRow): string {
    return row.side === "ar" ? _t("invoice") : _t("bill");
  }
}
