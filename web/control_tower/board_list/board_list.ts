/** The same shipments as dense lines, grouped as the columns are. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import type { BoardColumn, ColumnKey } from "../board_data.ts";
import type { ColumnLook } from "../columns.ts";
import type { Labels } from "../labels.ts";
import { MoreButton } from "../more_button/more_button.ts";
import { isIdOrNull } from "../../components/prop_types.ts";
import { ShipmentLine } from "../shipment_line/shipment_line.ts";

interface Props {
  columns: BoardColumn[];
  looks: Record<ColumnKey, ColumnLook>;
  labels: Labels;
  now: DateTime;
  changed: ReadonlySet<number>;
  tabStopId: number | null;
  openId: number | null;
  selected: ReadonlySet<number>;
  open: (id: number) => void;
  onFocus: (id: number) => void;
  showMore: (key: ColumnKey) => Promise<void>;
}

export class BoardList extends Component<Props> {
  static override template = "milepost.BoardList";
  static components = { MoreButton, ShipmentLine };
  static override props = {
    columns: Array,
    looks: Object,
    labels: Object,
    now: Object,
    changed: Object,
    tabStopId: { validate: isIdOrNull },
    openId: { validate: isIdOrNull },
    selected: Object,
    open: Function,
    onFocus: Function,
    showMore: Function,
  };

  get groups(): BoardColumn[] {
    return this.props.columns.filter((column) => column.count > 0);
  }
}
