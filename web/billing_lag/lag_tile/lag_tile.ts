/** How long one stretch takes: median, P90, mean, of how many; and the open ones by their age. */
import { Component } from "@odoo/owl";
import { _t } from "../../translation.ts";
import type { Lag } from "../lag_data.ts";
import { hoursText } from "../lag_words.ts";

interface Props {
  figure: string;
  title: string;
  lag: Lag;
  open: (key: string) => Promise<void>;
}

export class LagTile extends Component<Props> {
  static override template = "milepost.LagTile";
  static override props = { figure: String, title: String, lag: Object, open: Function };

  hoursText = hoursText;

  get spreadText(): string {
    const { p90_hours, mean_hours, n } = this.props.lag;
    return _t("P90 %s · mean %s · of %s", hoursText(p90_hours), hoursText(mean_hours), n);
  }

  get openText(): string {
    const { open, open_ages_hours: ages } = this.props.lag;
    return _t("%s open, oldest %s", open, hoursText(ages[0] ?? null));
  }
}
