/** A shipment as a card: who waits for it, where it is, when it comes, what is wrong. */
import { Component, useEffect, useRef, type ComponentConstructor } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import { ArrivalLine } from "../arrival_line/arrival_line.ts";
import type { ColumnKey, ShipmentRow } from "../board_data.ts";
import type { Labels } from "../labels.ts";
import { ageText, fullText } from "../../components/moments.ts";
import { RemarkList } from "../remark_list/remark_list.ts";
import { remarks, type Remark } from "../shipment_remarks.ts";
import {
  arrival,
  isTroubleLastStep,
  lastStep,
  nextStep,
  route,
  trouble,
} from "../shipment_words.ts";
import { flash } from "../../components/flash.ts";

interface Props {
  row: ShipmentRow;
  column: ColumnKey;
  labels: Labels;
  now: DateTime;
  isChanged: boolean;
  isTabStop: boolean;
  isOpen: boolean;
  isSelected: boolean;
  open: (id: number) => void;
  onFocus: (id: number) => void;
}

export class ShipmentCard extends Component<Props> {
  static override template = "milepost.ShipmentCard";
  static components: Record<string, ComponentConstructor> = { ArrivalLine, RemarkList };
  static override props = {
    row: Object,
    column: String,
    labels: Object,
    now: Object,
    isChanged: Boolean,
    isTabStop: Boolean,
    isOpen: Boolean,
    isSelected: Boolean,
    open: Function,
    onFocus: Function,
  };

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

  /** Without what all numbers of a year share: the customer's name needs the room. */
  get shortNumber(): string {
    return this.props.row.name.split("/").at(-1) ?? "";
  }

  get hasArrival(): boolean {
    return arrival(this.props.row, this.props.labels).at !== false;
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

  /** How many stops are done, where there are more than a start and an end. */
  get stopsText(): string {
    const { stop_count: all, stop_done_count: done } = this.props.row;
    return all > 2 ? _t("%s/%s stops", done, all) : "";
  }

  get trouble(): string {
    const { row, column, labels, now } = this.props;
    return trouble(row, column, labels, now);
  }

  get nextStep(): string {
    return nextStep(this.props.row, this.props.column);
  }

  /** An exception that is itself the last step is not told twice, nor is a delivery in its column. */
  get showsStep(): boolean {
    const { row, column } = this.props;
    if (column === "delivered_today") return row.current_milestone !== "delivered";
    return column !== "exception" || !isTroubleLastStep(row);
  }

  get remarks(): Remark[] {
    return remarks(this.props.row, this.props.column);
  }
}
