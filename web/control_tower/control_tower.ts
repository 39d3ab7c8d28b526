/** The client action: puts the board into Odoo's search. */
import { Component } from "@odoo/owl";
import { WithSearch } from "@web/search/with_search/with_search";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Notice } from "../components/notice/notice.ts";
import { useSearchSetup, type ActionProps, type SearchSetup } from "../components/search_setup.ts";
import { Board } from "./board/board.ts";
import { LABELLED_FIELDS, labelsOf, type Labels } from "./labels.ts";

interface Props extends ActionProps {
  /** What the board left behind when another action was opened over it. */
  state?: { openId: number | null };
}

export class ControlTower extends Component<Props> {
  static override template = "milepost.ControlTower";
  static components = { Board, Notice, WithSearch };
  static override props = { ...standardActionServiceProps };

  labels!: Labels;
  search!: SearchSetup;

  /** What was left open counts before what the address said when the board was first opened. */
  get openId(): number | undefined {
    const { state, resId } = this.props;
    return (state === undefined ? resId : state.openId) || undefined;
  }

  override setup(): void {
    this.search = useSearchSetup(this.props, {
      model: "milepost.shipment",
      labelled: {
        fieldNames: LABELLED_FIELDS,
        onFields: (fields) => (this.labels = labelsOf(fields)),
      },
    });
  }
}
