/** Shows more of a column; while they are read it says so and cannot be pressed again. */
import { Component, useState } from "@odoo/owl";
import { _t } from "../../translation.ts";
import type { BoardColumn, ColumnKey } from "../board_data.ts";

interface Props {
  column: BoardColumn;
  showMore: (key: ColumnKey) => Promise<void>;
}

export class MoreButton extends Component<Props> {
  static override template = "milepost.MoreButton";
  static override props = { column: Object, showMore: Function };

  state!: { isReading: boolean };

  override setup(): void {
    this.state = useState({ isReading: false });
  }

  get text(): string {
    return _t("Show more (%s)", this.props.column.count - this.props.column.shipments.length);
  }

  async onClick(): Promise<void> {
    this.state.isReading = true;
    try {
      await this.props.showMore(this.props.column.key);
    } finally {
      this.state.isReading = false;
    }
  }
}
