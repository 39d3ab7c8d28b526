/** A shipment as a card: who waits for it, where it is, when it comes, what is wrong. */
import { Component, useEffect, useRef } from "@odoo/owl";
import type { DateTime } from "luxon";
import type { ColumnKey, ShipmentRow } from "../board_data.ts";
import type { Labels } from "../labels.ts";
import { LatenessChip } from "../lateness_chip/lateness_chip.ts";
import { ageText, clockText, durationText, fullText } from "../moments.ts";
import {
  arrival,
  lastStep,
  overdueMinutes,
  remarks,
  route,
  trouble,
  type Arrival,
  type Remark,
} from "../shipment_words.ts";
import { flash } from "./flash.ts";

interface Props {
  row: ShipmentRow;
  column: ColumnKey;
  labels: Labels;
  now: DateTime;
  isChanged: boolean;
  isTabStop: boolean;
  isOpen: boolean;
  open: (id: number) => void;
  onFocus: (id: number) => void;
}

export class ShipmentCard extends Component<Props> {
  static override template = "milepost.ShipmentCard";
  static components = { LatenessChip };
  static override props = {
    row: Object,
    column: String,
    labels: Object,
    now: Object,
    isChanged: Boolean,
    isTabStop: Boolean,
    isOpen: Boolean,
    open: Function,
    onFocus: Function,
  };

  clockText = clockText;
  fullText = fullText;
  root!: { el: HTMLElement | null };

  override setup(): void {
    this.root = useRef("root");
    useEffect(
      (isChanged) => {
        if (isChanged) flash(this.root.el);
      },
      () => [this.props.isChanged, this.props.row.rev],
    );
  }

  get arrival(): Arrival {
    return arrival(this.props.row);
  }

  get overdueText(): string {
    const minutes = overdueMinutes(this.props.row, this.props.now);
    return minutes === null ? "" : durationText(minutes);
  }

  get route(): string {
    return route(this.props.row);
  }

  get lastStep(): string {
    return lastStep(this.props.row, this.props.labels);
  }

  get lastStepAge(): string {
    return ageText(this.props.row.current_milestone_at, this.props.now);
  }

  get trouble(): string {
    const { row, column, labels, now } = this.props;
    return trouble(row, column, labels, now);
  }

  get remarks(): Remark[] {
    return remarks(this.props.row, this.props.column);
  }

  /** The plan is worth a word only beside something else. */
  get showsPlan(): boolean {
    return this.arrival.isMeasured;
  }
}
