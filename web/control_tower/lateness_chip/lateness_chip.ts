/** How much later than planned: told in words and colour, early and on time too. */
import { Component } from "@odoo/owl";
import { _t } from "../../translation.ts";
import { durationText } from "../../components/moments.ts";

interface Props {
  /** Minutes after the planned time; negative when early. */
  minutes: number;
  /** Beyond the connection's grace. */
  isLate: boolean;
}

/** Earliness below this is not worth a word. */
const NOTABLE_MINUTES = 15;

export class LatenessChip extends Component<Props> {
  static override template = "milepost.LatenessChip";
  static override props = { minutes: Number, isLate: Boolean };

  get tone(): string {
    return this.props.isLate ? "o_mp_chip_late" : "o_mp_chip_on_time";
  }

  get text(): string {
    const { minutes, isLate } = this.props;
    if (isLate) return _t("%s late", durationText(minutes));
    return minutes <= -NOTABLE_MINUTES ? _t("%s early", durationText(minutes)) : _t("on time");
  }
}
