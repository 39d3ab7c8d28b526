/** What else needs an eye, each with its icon. */
import { Component } from "@odoo/owl";
import type { Remark } from "../shipment_remarks.ts";

export class RemarkList extends Component<{ remarks: Remark[] }> {
  static override template = "milepost.RemarkList";
  static override props = { remarks: Array };
}
