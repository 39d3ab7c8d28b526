/** Beside the board: one shipment with everything that is known of it, and from whom. */
import { Component, onMounted, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import type { DateTime } from "luxon";
import type { TimelineAnswer } from "../board_data.ts";
import { FactList } from "../fact_list/fact_list.ts";
import type { Labels } from "../labels.ts";
import { LatenessChip } from "../lateness_chip/lateness_chip.ts";
import { ageText, clockText, fullText } from "../moments.ts";
import { arrival, remarks, route, trouble, type Arrival, type Remark } from "../shipment_words.ts";
import { StopTimeline } from "../stop_timeline/stop_timeline.ts";

interface Props {
  shipmentId: number;
  /** Rises when the shipment changed. */
  revision: number;
  labels: Labels;
  now: DateTime;
  close: () => void;
  openForm: (id: number) => void;
}

export class ShipmentPanel extends Component<Props> {
  static override template = "milepost.ShipmentPanel";
  static components = { FactList, LatenessChip, StopTimeline };
  static override props = {
    shipmentId: Number,
    revision: Number,
    labels: Object,
    now: Object,
    close: Function,
    openForm: Function,
  };

  clockText = clockText;
  fullText = fullText;
  ageText = ageText;
  orm!: OdooServices["orm"];
  closeButton!: { el: HTMLElement | null };
  keepLast = new KeepLast();
  state!: { answer: TimelineAnswer | null; failed: boolean };

  override setup(): void {
    this.orm = useService("orm");
    this.closeButton = useRef("close");
    this.state = useState<ShipmentPanel["state"]>({ answer: null, failed: false });
    // The panel opens at once and fills when the answer is there.
    onWillStart(() => void this.read(this.props.shipmentId));
    onWillUpdateProps((next) => {
      const other = next.shipmentId !== this.props.shipmentId;
      if (other || next.revision !== this.props.revision) void this.read(next.shipmentId);
    });
    // On a phone the panel covers the board: the focus must not stay behind it.
    onMounted(() => {
      if (this.env["isSmall"]) this.closeButton.el?.focus();
    });
  }

  async read(id: number): Promise<void> {
    try {
      const call = this.orm.silent.call("milepost.shipment", "timeline", [id]);
      this.state.answer = (await this.keepLast.add(call)) as TimelineAnswer;
      this.state.failed = false;
    } catch {
      this.state.failed = true;
    }
  }

  get arrival(): Arrival | null {
    const { answer } = this.state;
    return answer === null ? null : arrival(answer.shipment);
  }

  get route(): string {
    return this.state.answer === null ? "" : route(this.state.answer.shipment);
  }

  get trouble(): string {
    const { answer } = this.state;
    const { labels, now } = this.props;
    return answer === null ? "" : trouble(answer.shipment, "exception", labels, now);
  }

  get remarks(): Remark[] {
    return this.state.answer === null ? [] : remarks(this.state.answer.shipment, "exception");
  }
}
