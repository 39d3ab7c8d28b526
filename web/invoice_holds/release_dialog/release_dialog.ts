/** Letting money go: a reason code and a text, or why the user may not. */
import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { moneyText } from "../../billing/money.ts";
import { _t } from "../../translation.ts";
import type { HoldLine } from "../hold_data.ts";

interface Props {
  line: HoldLine;
  codes: [string, string][];
  /** Gives the server's refusal; null when it is done. */
  release: (code: string, text: string) => Promise<string | null>;
  close: () => void;
}

/** Why money is let go; the state behind the template `milepost.ReleaseForm`. */
export interface ReleaseState {
  code: string;
  text: string;
  /** What is missing was pointed out. */
  isChecked: boolean;
  isSending: boolean;
  refusal: string | null;
}

export function newReleaseState(): ReleaseState {
  return { code: "", text: "", isChecked: false, isSending: false, refusal: null };
}

export function isGiven(state: ReleaseState): boolean {
  return state.code !== "" && state.text.trim() !== "";
}

export class ReleaseDialog extends Component<Props> {
  static override template = "milepost.ReleaseDialog";
  static components = { Dialog };
  static override props = { line: Object, codes: Array, release: Function, close: Function };

  code!: { el: HTMLElement | null };
  state!: ReleaseState;

  override setup(): void {
    this.code = useRef("code");
    this.state = useState(newReleaseState());
    onMounted(() => this.code.el?.focus());
  }

  get title(): string {
    const { line } = this.props;
    if (!line.may_release) return _t("You cannot release this hold");
    return line.people > 1 ? _t("Agree to the release") : _t("Release the hold");
  }

  get amountText(): string {
    const { amount, currency_id, percent } = this.props.line;
    const text = moneyText({ amount, currency_id });
    return percent === false ? text : `${text} (${percent} %)`;
  }

  get twoText(): string {
    const { people, agreed } = this.props.line;
    if (people < 2) return "";
    return agreed.length === 0
      ? _t("Two people must approve: the second approval releases the hold.")
      : _t("%s approved already: your approval releases the hold.", agreed.join(", "));
  }

  get whoText(): string {
    const { line } = this.props;
    return line.severity === "hard"
      ? _t("What clears it: %s", line.remedy || "")
      : _t("It can be released by: %s.", line.needs);
  }

  async confirm(): Promise<void> {
    this.state.isChecked = true;
    if (!isGiven(this.state) || this.state.isSending) return;
    this.state.isSending = true;
    try {
      this.state.refusal = await this.props.release(this.state.code, this.state.text.trim());
    } finally {
      this.state.isSending = false;
    }
    if (this.state.refusal === null) this.props.close();
  }
}
