/** In place of a board: why there is none, and what to do. */
import { Component } from "@odoo/owl";
import { _t } from "../../translation.ts";

interface Props {
  kind: "refused" | "failed" | "empty";
  title?: string;
  text?: string;
  retry?: () => void;
}

export class Notice extends Component<Props> {
  static override template = "milepost.Notice";
  static override props = {
    kind: String,
    title: { type: String, optional: true },
    text: { type: String, optional: true },
    retry: { type: Function, optional: true },
  };

  get title(): string {
    const titles = {
      refused: _t("You may not see shipments"),
      failed: _t("The board could not be read"),
      empty: "",
    };
    return this.props.title ?? titles[this.props.kind];
  }

  get text(): string {
    const texts = {
      refused: _t("Ask your administrator for one of the Milepost roles."),
      failed: _t("Odoo did not answer. The board tries again by itself."),
      empty: "",
    };
    return this.props.text ?? texts[this.props.kind];
  }
}
