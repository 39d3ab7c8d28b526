/** A shipment as a line of the list: what the card says, side by side. */
import { _t } from "../../translation.ts";
import { LatenessChip } from "../lateness_chip/lateness_chip.ts";
import { clockText, durationText } from "../../components/moments.ts";
import { SiteTime } from "../../components/site_time/site_time.ts";
import { RemarkList } from "../remark_list/remark_list.ts";
import { ShipmentCard } from "../shipment_card/shipment_card.ts";
import { arrival, isTroubleLastStep, overdueMinutes, type Arrival } from "../shipment_words.ts";

export class ShipmentLine extends ShipmentCard {
  static override template = "milepost.ShipmentLine";
  static override components = { LatenessChip, RemarkList, SiteTime };

  clockText = clockText;

  get arrival(): Arrival {
    return arrival(this.props.row, this.props.labels);
  }

  get overdueText(): string {
    const minutes = overdueMinutes(this.props.row, this.props.now);
    return minutes === null ? "" : _t("%s overdue", durationText(minutes));
  }

  /** Beside the last step only its reason is news. */
  override get trouble(): string {
    const { row, column, labels } = this.props;
    if (column !== "exception" || !isTroubleLastStep(row)) return super.trouble;
    return row.exception_reason === false ? "" : labels.reason(row.exception_reason);
  }
}
