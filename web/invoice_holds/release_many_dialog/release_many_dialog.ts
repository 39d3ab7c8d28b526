/** Letting alike holds go with one code and text; what stays held is told with its reason, before and after. */
import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "../../translation.ts";
import type { Outlook, Released } from "../hold_data.ts";
import { isGiven, newReleaseState, type ReleaseState } from "../release_dialog/release_dialog.ts";

interface Props {
  outlook: Outlook;
  codes: [string, string][];
  /** Gives what became of them, or the server's refusal. */
  release: (code: string, text: string) => Promise<Released | string>;
  close: () => void;
}

export class ReleaseManyDialog extends Component<Props> {
  static override template = "milepost.ReleaseManyDialog";
  static components = { Dialog };
  static override props = { outlook: Object, codes: Array, release: Function, close: Function };

  code!: { el: HTMLElement | null };
  state!: ReleaseState & { done: Released | null };

  override setup(): void {
    this.code = useRef("code");
    this.state = useState<ReleaseManyDialog["state"]>({ ...newReleaseState(), done: null });
    onMounted(() => this.code.el?.focus());
  }

  get title(): string {
    return _t("Release alike holds");
  }

  get freeText(): string {
    const { free, skipped } = this.props.outlook;
    return _t("%s of %s can be released by you.", free.length, free.length + skipped.length);
  }

  get skipped() {
    return (this.state.done ?? this.props.outlook).skipped;
  }

  get skippedText(): string {
    return _t("%s stay held:", this.skipped.length);
  }

  get doneText(): string {
    const { released, agreed } = this.state.done as Released;
    const texts = [_t("%s released.", released.length)];
    if (agreed.length > 0) texts.push(_t("%s wait for a second person to agree.", agreed.length));
    return texts.join(" ");
  }

  get confirmText(): string {
    return _t("Release %s", this.props.outlook.free.length);
  }

  async confirm(): Promise<void> {
    this.state.isChecked = true;
    if (!isGiven(this.state) || this.state.isSending) return;
    this.state.isSending = true;
    try {
      const answer = await this.props.release(this.state.code, this.state.text.trim());
      if (typeof answer === "string") this.state.refusal = answer;
      else if (answer.skipped.length > 0) this.state.done = answer;
      else this.props.close();
    } finally {
      this.state.isSending = false;
    }
  }
}
