/** On a phone: all columns with their counts, and a way to each. */
import { Component } from "@odoo/owl";
import type { BoardColumn, ColumnKey } from "../board_data.ts";
import type { ColumnLook } from "../columns.ts";

interface Props {
  columns: BoardColumn[];
  looks: Record<ColumnKey, ColumnLook>;
  scrollTo: (key: ColumnKey) => void;
}

export class ColumnTabs extends Component<Props> {
  static override template = "milepost.ColumnTabs";
  static override props = { columns: Array, looks: Object, scrollTo: Function };
}
