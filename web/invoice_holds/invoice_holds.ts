/** The client action: money that waits, in Odoo's search. */
import { Component } from "@odoo/owl";
import { WithSearch } from "@web/search/with_search/with_search";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Notice } from "../components/notice/notice.ts";
import { useSearchSetup, type ActionProps, type SearchSetup } from "../components/search_setup.ts";
import { HoldBoard, type Shown } from "./hold_board/hold_board.ts";

interface Props extends ActionProps {
  /** What the board showed when another action was opened over it. */
  state?: { shown: Shown };
}

export class InvoiceHolds extends Component<Props> {
  static override template = "milepost.InvoiceHolds";
  static components = { HoldBoard, Notice, WithSearch };
  static override props = { ...standardActionServiceProps };

  search!: SearchSetup;

  override setup(): void {
    this.search = useSearchSetup(this.props, { model: "milepost.hold" });
  }
}
