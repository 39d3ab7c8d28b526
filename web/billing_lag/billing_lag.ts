/** The client action: how long money takes from the door to the books, in Odoo's search. */
import { Component } from "@odoo/owl";
import { WithSearch } from "@web/search/with_search/with_search";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Notice } from "../components/notice/notice.ts";
import { useSearchSetup, type ActionProps, type SearchSetup } from "../components/search_setup.ts";
import { LagBoard } from "./lag_board/lag_board.ts";

export class BillingLag extends Component<ActionProps> {
  static override template = "milepost.BillingLag";
  static components = { LagBoard, Notice, WithSearch };
  static override props = { ...standardActionServiceProps };

  search!: SearchSetup;

  override setup(): void {
    this.search = useSearchSetup(this.props, { model: "milepost.shipment" });
  }
}
