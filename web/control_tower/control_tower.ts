/** The client action: loads what the board needs and puts it into Odoo's search. */
import { Component, onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { WithSearch } from "@web/search/with_search/with_search";
import type { OdooServices } from "@web/services";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Board } from "./board/board.ts";
import { LABELLED_FIELDS, labelsOf, type Labels } from "./labels.ts";
import { isAccessError } from "./server_error.ts";

const MODEL = "milepost.shipment";

interface Props {
  action: { id?: number; context?: object };
  className?: string;
  globalState?: object;
  /** What the board left behind when another action was opened over it. */
  state?: { openId?: number };
}

export class ControlTower extends Component<Props> {
  static override template = "milepost.ControlTower";
  static components = { Board, WithSearch };
  static override props = { ...standardActionServiceProps };

  view!: OdooServices["view"];
  fields!: OdooServices["field"];
  state!: { refused: boolean };
  labels!: Labels;
  withSearchProps!: object;

  override setup(): void {
    this.view = useService("view");
    this.fields = useService("field");
    this.state = useState({ refused: false });
    onWillStart(() => this.load());
  }

  /** A menu's groups hide only the menu: whoever comes by the address may lack the right to read. */
  async load(): Promise<void> {
    try {
      const [descriptions, fields] = await Promise.all([
        this.loadSearchView(),
        this.fields.loadFields(MODEL, { fieldNames: LABELLED_FIELDS, attributes: ["selection"] }),
      ]);
      const { search } = descriptions.views;
      this.labels = labelsOf(fields);
      this.withSearchProps = {
        resModel: MODEL,
        context: this.props.action.context ?? {},
        searchViewArch: search.arch,
        searchViewFields: descriptions.fields,
        searchViewId: search.id,
        irFilters: search.irFilters ?? [],
        activateFavorite: true,
        searchMenuTypes: ["filter", "favorite"],
        ...(this.props.globalState === undefined ? {} : { globalState: this.props.globalState }),
      };
    } catch (error) {
      if (!isAccessError(error)) throw error;
      this.state.refused = true;
    }
  }

  loadSearchView() {
    return this.view.loadViews(
      { resModel: MODEL, context: this.props.action.context ?? {}, views: [[false, "search"]] },
      { actionId: this.props.action.id ?? false, loadIrFilters: true },
    );
  }
}
