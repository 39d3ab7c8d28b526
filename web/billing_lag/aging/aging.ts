/** What was delivered and is on no invoice yet, by days since the delivery. */
import { Component } from "@odoo/owl";
import { moneyText } from "../../billing/money.ts";
import { _t } from "../../translation.ts";
import type { Bucket, Kpis } from "../lag_data.ts";

interface Props {
  unbilled: Kpis["unbilled"];
  currencyId: number;
  open: (key: string) => Promise<void>;
}

export class Aging extends Component<Props> {
  static override template = "milepost.Aging";
  static override props = { unbilled: Object, currencyId: Number, open: Function };

  money(amount: number): string {
    return moneyText({ amount, currency_id: this.props.currencyId });
  }

  daysText(bucket: Bucket): string {
    return bucket.to === null
      ? _t("%s days and more", bucket.from)
      : _t("%s–%s days", bucket.from, bucket.to);
  }

  width(bucket: Bucket): string {
    const most = Math.max(...this.props.unbilled.buckets.map((one) => one.amount));
    return `width: ${most > 0 ? ((100 * bucket.amount) / most).toFixed(2) : 0}%`;
  }

  get countText(): string {
    const { n } = this.props.unbilled;
    return n === 1 ? _t("1 shipment") : _t("%s shipments", n);
  }
}
