/** Whether what is shown is what is: the line to the server, in a word. */
import { Component } from "@odoo/owl";
import { _t } from "../../translation.ts";

export class LiveMark extends Component<{ isLive: boolean }> {
  static override template = "milepost.LiveMark";
  static override props = { isLive: Boolean };

  get text(): string {
    return this.props.isLive ? _t("Live") : _t("Not connected");
  }

  get explanation(): string {
    return this.props.isLive
      ? _t("Changes appear by themselves")
      : _t("The board may be outdated; it is read again as soon as Odoo answers");
  }
}
