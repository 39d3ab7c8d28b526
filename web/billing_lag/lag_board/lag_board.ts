/** The board inside Odoo's layout: the waterfall, the lags, what is unbilled, holds, key figures. */
import { Component, onWillStart, onWillUpdateProps, useRef } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import type { Domain, OdooServices } from "@web/services";
import { useBoardKeys } from "../../components/board_keys.ts";
import { fullText } from "../../components/moments.ts";
import { Notice } from "../../components/notice/notice.ts";
import { _t } from "../../translation.ts";
import { Aging } from "../aging/aging.ts";
import { FigureTile } from "../figure_tile/figure_tile.ts";
import { HoldPareto } from "../hold_pareto/hold_pareto.ts";
import type { Lag, LagAnswer } from "../lag_data.ts";
import { useLagFeed, type LagFeed } from "../lag_feed.ts";
import { figureGroups, type FigureGroup } from "../lag_words.ts";
import { LagTile } from "../lag_tile/lag_tile.ts";
import { Waterfall } from "../waterfall/waterfall.ts";

export class LagBoard extends Component<{ domain: Domain }> {
  static override template = "milepost.LagBoard";
  static components = {
    Aging,
    FigureTile,
    HoldPareto,
    LagTile,
    Layout,
    Notice,
    SearchBar,
    Waterfall,
  };
  static override props = { domain: Array };

  action!: OdooServices["action"];
  feed!: LagFeed;
  orm!: OdooServices["orm"];
  searchBarToggler!: ReturnType<typeof useSearchBarToggler>;
  fullText = fullText;

  override setup(): void {
    this.action = useService("action");
    this.orm = useService("orm");
    this.searchBarToggler = useSearchBarToggler();
    this.feed = useLagFeed();
    useBoardKeys({ root: useRef("root"), help: () => [] });
    onWillStart(() => void this.feed.search(this.props.domain));
    onWillUpdateProps((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }

  get answer(): LagAnswer | null {
    return this.feed.state.answer;
  }

  get retry(): (() => void) | undefined {
    return this.feed.state.fault === "failed" ? () => void this.feed.retry() : undefined;
  }

  get refusedText(): { title?: string; text?: string } {
    if (this.feed.state.fault !== "refused") return {};
    return {
      title: _t("These figures are for finance"),
      text: _t("Ask your administrator for the role Billing Analyst or above."),
    };
  }

  get emptyText(): { title: string; text: string } {
    return {
      title: _t("No delivered shipments here"),
      text: _t("Figures appear with the first delivery. Change the search to see other periods."),
    };
  }

  get countText(): string {
    const { n, posted } = this.answer as LagAnswer;
    return _t("%s delivered · %s invoiced · %s open", n, posted, n - posted);
  }

  get lags(): { key: "whole" | "readiness" | "posting" | "proof"; title: string; lag: Lag }[] {
    const { whole, readiness, posting, proof } = this.answer as LagAnswer;
    return [
      { key: "whole", title: _t("Delivery → invoice"), lag: whole },
      { key: "readiness", title: _t("Delivery → ready to bill"), lag: readiness },
      { key: "posting", title: _t("Ready to bill → invoice"), lag: posting },
      { key: "proof", title: _t("Delivery → validated proof"), lag: proof },
    ];
  }

  get groups(): FigureGroup[] {
    return figureGroups(this.answer as LagAnswer);
  }

  /** Shows the records that a figure counts; the server knows them by the figure's key. */
  open = async (key: string): Promise<void> => {
    const args = [key, this.feed.domain];
    const action = (await this.orm.call("milepost.billing.lag", "records", args)) as object;
    await this.action.doAction(action);
  };
}
