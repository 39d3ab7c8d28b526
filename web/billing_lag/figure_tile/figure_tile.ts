/** One key figure, what it was counted over, and the way to the records behind it. */
import { Component } from "@odoo/owl";
import type { Figure } from "../lag_words.ts";

interface Props {
  figure: Figure;
  open: (key: string) => Promise<void>;
}

export class FigureTile extends Component<Props> {
  static override template = "milepost.FigureTile";
  static override props = { figure: Object, open: Function };
}
