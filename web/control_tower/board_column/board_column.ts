/** One column: its name, how many shipments, the first of them as cards. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { BoardColumn, ColumnKey } from "../board_data.ts";
import type { ColumnLook } from "../columns.ts";
import type { Labels } from "../labels.ts";
import { MoreButton } from "../more_button/more_button.ts";
import { isIdOrNull } from "../../components/prop_types.ts";
import { ShipmentCard } from "../shipment_card/shipment_card.ts";

interface Props {
  column: BoardColumn;
  look: ColumnLook;
  labels: Labels;
  now: DateTime;
  isFolded: boolean;
  changed: ReadonlySet<number>;
  tabStopId: number | null;
  openId: number | null;
  selected: ReadonlySet<number>;
  toggleFold: (key: ColumnKey) => void;
  open: (id: number) => void;
  onFocus: (id: number) => void;
  showMore: (key: ColumnKey) => Promise<void>;
}

export class BoardColumnView extends Component<Props> {
  static override template = "milepost.BoardColumn";
  static components = { MoreButton, ShipmentCard };
  static override props = {
    column: Object,
    look: Object,
    labels: Object,
    now: Object,
    isFolded: Boolean,
    changed: Object,
    tabStopId: { validate: isIdOrNull },
    openId: { validate: isIdOrNull },
    selected: Object,
    toggleFold: Function,
    open: Function,
    onFocus: Function,
    showMore: Function,
  };

  get foldTitle(): string {
    return this.props.isFolded ? _t("Unfold") : _t("Fold");
  }
}
