/** What can be done about the open shipment, by mouse and by key. */
import { Component, useExternalListener } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import { isChord, isTyping } from "../../components/keys.ts";
import { asked } from "../../components/server_error.ts";
import type { PanelAction } from "../board_data.ts";

interface Props {
  shipmentId: number;
  actions: PanelAction[];
  /** Called when something was done: the shipment is read again. */
  done: () => void;
}

export class PanelActions extends Component<Props> {
  static override template = "milepost.PanelActions";
  static override props = { shipmentId: Number, actions: Array, done: Function };

  action!: OdooServices["action"];
  notification!: OdooServices["notification"];
  orm!: OdooServices["orm"];

  override setup(): void {
    this.action = useService("action");
    this.notification = useService("notification");
    this.orm = useService("orm");
    useExternalListener(window, "keydown", (event) => this.onKeydown(event as KeyboardEvent));
  }

  async act({ key }: PanelAction): Promise<void> {
    const { shipmentId, done } = this.props;
    const call = this.orm.call("milepost.shipment", "panel_action", [[shipmentId], key]);
    const told = await asked(call);
    if ("refusal" in told) {
      this.notification.add(told.refusal, { type: "warning" });
      return;
    }
    const dialog = told.answer as object | false;
    if (dialog === false) done();
    else await this.action.doAction(dialog, { onClose: done });
  }

  onKeydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || isChord(event) || isTyping(event.target)) return;
    if (document.querySelector(".o_dialog") !== null) return; // it has the keyboard
    const meant = this.props.actions.find(({ hotkey }) => hotkey === event.key);
    if (meant === undefined) return;
    event.preventDefault();
    void this.act(meant);
  }
}
