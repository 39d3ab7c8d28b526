/** When a shipment comes, or came: the plan, struck once it no longer holds, and how far off it is. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { ShipmentRow } from "../board_data.ts";
import type { Labels } from "../labels.ts";
import { LatenessChip } from "../lateness_chip/lateness_chip.ts";
import { clockText, durationText, fullText } from "../../components/moments.ts";
import { SiteTime } from "../../components/site_time/site_time.ts";
import { arrival, overdueMinutes, type Arrival } from "../shipment_words.ts";

interface Props {
  row: ShipmentRow;
  labels: Labels;
  now: DateTime;
}

export class ArrivalLine extends Component<Props> {
  static override template = "milepost.ArrivalLine";
  static components = { LatenessChip, SiteTime };
  static override props = { row: Object, labels: Object, now: Object };

  clockText = clockText;
  fullText = fullText;

  get arrival(): Arrival {
    return arrival(this.props.row, this.props.labels);
  }

  get overdueText(): string {
    const minutes = overdueMinutes(this.props.row, this.props.now);
    return minutes === null ? "" : _t("%s overdue", durationText(minutes));
  }
}
