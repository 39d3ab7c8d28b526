/** Which keys a board has. */
import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "../../translation.ts";

export interface KeyHelp {
  /** As they are written on the keyboard; any of them does it. */
  keys: string[];
  text: string;
}

export class KeysDialog extends Component<{ keys: KeyHelp[]; close: () => void }> {
  static override template = "milepost.KeysDialog";
  static components = { Dialog };
  static override props = { keys: Array, close: Function };

  get title(): string {
    return _t("Keys of this board");
  }
}
