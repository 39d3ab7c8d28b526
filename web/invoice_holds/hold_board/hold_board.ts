/** The board inside Odoo's layout: two sides, groups, lines, and what may be done with each. */
import {
  Component,
  onPatched,
  onWillPatch,
  onWillStart,
  onWillUpdateProps,
  useRef,
  useState,
} from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import type { Domain, OdooServices } from "@web/services";
import type { KeyHelp } from "../../components/keys_dialog/keys_dialog.ts";
import { movingHelp, useBoardKeys } from "../../components/board_keys.ts";
import { directionOf, isChord, neighbour } from "../../components/keys.ts";
import type { ActionProps } from "../../components/search_setup.ts";
import { chosenInUrl, useUrlState, type UrlState } from "../../components/url_state.ts";
import { LiveMark } from "../../components/live_mark/live_mark.ts";
import { totalsText } from "../../billing/money.ts";
import { Notice } from "../../components/notice/notice.ts";
import { _t } from "../../translation.ts";
import {
  GROUPINGS,
  SIDES,
  type GroupBy,
  type HoldGroup,
  type HoldLine,
  type SideKey,
} from "../hold_data.ts";
import { useHoldFeed, type HoldFeed } from "../hold_feed.ts";
import { HoldGroupView } from "../hold_group/hold_group.ts";
import { useHoldReleases, type HoldReleases } from "../hold_releases.ts";

/** What the user looks at, kept while another action lies over the board. */
export interface Shown {
  side: SideKey;
  group: GroupBy;
}

interface Props {
  domain: Domain;
  shown?: Shown | undefined;
  updateActionState?: ActionProps["updateActionState"];
}

interface State {
  folded: Record<string, boolean>;
  focusedId: number | null;
  /** Marked with x, to be released together. */
  selected: Set<number>;
}

export class HoldBoard extends Component<Props> {
  static override template = "milepost.HoldBoard";
  static components = { HoldGroupView, Layout, LiveMark, Notice, SearchBar };
  static override props = {
    domain: Array,
    shown: { type: Object, optional: true },
    updateActionState: { type: Function, optional: true },
  };

  action!: OdooServices["action"];
  orm!: OdooServices["orm"];
  feed!: HoldFeed;
  releases!: HoldReleases;
  root!: { el: HTMLElement | null };
  searchBarToggler!: ReturnType<typeof useSearchBarToggler>;
  state!: State;
  totalsText = totalsText;
  url!: UrlState;

  override setup(): void {
    this.action = useService("action");
    this.orm = useService("orm");
    this.root = useRef("root");
    this.searchBarToggler = useSearchBarToggler();
    this.state = useState<State>({ folded: {}, focusedId: null, selected: new Set() });
    const { side, group } = this.props.shown ?? {
      side: chosenInUrl("side", SIDES) ?? "ar",
      group: chosenInUrl("group", GROUPINGS) ?? "reason",
    };
    this.feed = useHoldFeed(side, group);
    useSetupAction({
      getLocalState: () => ({
        shown: { side: this.feed.state.side, group: this.feed.state.group },
      }),
    });
    this.releases = useHoldReleases(this.feed, () => this.state.selected.clear());
    this.url = useUrlState(this.props.updateActionState);
    useBoardKeys({
      root: this.root,
      help: () => [...movingHelp(), ...this.ownKeys],
      focusFirst: () => {
        if (this.tabStopId !== null) this.lineOf(this.tabStopId)?.focus();
      },
    });
    this.keepFocus();
    onWillStart(() => void this.feed.search(this.props.domain));
    onWillUpdateProps((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }

  /** A hold that goes takes the keyboard's focus with it, unless its neighbour gets it. */
  keepFocus(): void {
    let next: number | null = null;
    let focused: number | null = null;
    onWillPatch(() => {
      const line = this.root.el?.querySelector<HTMLElement>("[data-hold-id]:focus-within");
      focused = line ? Number(line.dataset["holdId"]) : null;
      next = focused === null ? null : this.besideInDocument(focused);
    });
    onPatched(() => {
      if (focused === null || document.activeElement !== document.body) return;
      (this.lineOf(focused) ?? (next === null ? null : this.lineOf(next)))?.focus();
    });
  }

  besideInDocument(id: number): number | null {
    const lines = [...(this.root.el?.querySelectorAll<HTMLElement>("[data-hold-id]") ?? [])];
    const ids = lines.map((line) => Number(line.dataset["holdId"]));
    return neighbour([ids], id, "down") ?? neighbour([ids], id, "up");
  }

  // What is shown

  get retry(): (() => void) | undefined {
    return this.feed.state.fault === "failed" ? () => void this.feed.retry() : undefined;
  }

  get sideLooks(): { key: SideKey; title: string; icon: string }[] {
    return [
      { key: "ar", title: _t("Customer invoices"), icon: "fa-arrow-circle-o-down" },
      { key: "ap", title: _t("Carrier bills"), icon: "fa-truck" },
    ];
  }

  get groupings(): { key: GroupBy; title: string }[] {
    return [
      { key: "reason", title: _t("Reason") },
      { key: "customer", title: _t("Customer") },
      { key: "carrier", title: _t("Carrier") },
      { key: "release", title: _t("Who can release") },
    ];
  }

  sideOf(key: SideKey) {
    return this.feed.state.answer?.sides.find((side) => side.key === key);
  }

  get groups(): HoldGroup[] {
    return this.feed.state.answer?.groups ?? [];
  }

  get emptyText(): { title: string; text: string } {
    return this.feed.state.side === "ar"
      ? {
          title: _t("No customer invoice is held"),
          text: _t("All that was delivered and proven can be billed. Holds appear by themselves."),
        }
      : {
          title: _t("No carrier bill is held"),
          text: _t("All that carriers billed is as expected. Holds appear by themselves."),
        };
  }

  isFolded(group: HoldGroup): boolean {
    return this.state.folded[group.key] ?? false;
  }

  toggleFold = (key: string): void => {
    this.state.folded[key] = !this.state.folded[key];
  };

  get visibleLines(): HoldLine[] {
    return this.groups.flatMap((group) => (this.isFolded(group) ? [] : group.holds));
  }

  /** The one line that the Tab key reaches: the focused one, else the first. */
  get tabStopId(): number | null {
    const lines = this.visibleLines;
    const known = lines.find((line) => line.id === this.state.focusedId);
    return (known ?? lines[0])?.id ?? null;
  }

  // What the user does

  showSide(side: SideKey): void {
    this.state.folded = {};
    this.state.selected.clear();
    this.url.set({ side });
    void this.feed.show(side, this.feed.state.group);
  }

  showGroups(group: GroupBy): void {
    this.state.folded = {};
    this.url.set({ group });
    void this.feed.show(this.feed.state.side, group);
  }

  showMore = (key: string): Promise<void> => this.feed.showMore(key);

  onFocus = (id: number): void => {
    this.state.focusedId = id;
  };

  openHold = (line: HoldLine): void => this.openForm("milepost.hold", line.id);

  openShipment = (line: HoldLine): void => {
    if (line.shipment_id !== false) this.openForm("milepost.shipment", line.shipment_id);
    else if (line.carrier_invoice_id !== false) {
      this.openForm("milepost.carrier.invoice", line.carrier_invoice_id);
    }
  };

  openForm(model: string, id: number): void {
    void this.action.doAction({
      type: "ir.actions.act_window",
      res_model: model,
      res_id: id,
      views: [[false, "form"]],
    });
  }

  /** Every hold with its history, for what the board does not show. */
  openList(): void {
    void this.action.doAction("milepost_billing.action_milepost_hold");
  }

  releaseMany = async (ids: readonly number[]): Promise<void> => {
    await this.releases.many(ids);
  };

  toggle(id: number): void {
    if (!this.state.selected.delete(id)) this.state.selected.add(id);
  }

  get selectedText(): string {
    return _t("%s selected", this.state.selected.size);
  }

  review = async (line: HoldLine): Promise<void> => {
    if (!line.may_review) return;
    await this.orm.call("milepost.hold", "action_review", [[line.id]]);
    await this.feed.retry();
  };

  /** Opens what mends the cause; what it cleared is gone when the dialog closes. */
  fix = async (line: HoldLine): Promise<void> => {
    if (line.fix === false) return;
    const action = await this.orm.call("milepost.hold", "action_fix", [[line.id]]);
    await this.action.doAction(action as object, { onClose: () => void this.feed.retry() });
  };

  onKeydown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const line = this.visibleLines.find(({ id }) => String(id) === target.dataset["holdId"]);
    if (line === undefined || isChord(event)) return;
    const acts: Record<string, () => void> = {
      Enter: () => this.openHold(line),
      r: () => {
        if (this.state.selected.size === 0) this.releases.one(line);
        else void this.releaseMany([...this.state.selected]);
      },
      x: () => this.toggle(line.id),
      v: () => void this.review(line),
      o: () => this.openShipment(line),
      f: () => void this.fix(line),
    };
    const direction = directionOf(event.key);
    const act = acts[event.key];
    if (act === undefined && direction === null) return;
    event.preventDefault();
    if (act !== undefined) return act();
    const ids = this.visibleLines.map(({ id }) => id);
    const next = direction === null ? null : neighbour([ids], line.id, direction);
    if (next !== null) this.lineOf(next)?.focus();
  }

  /** What the board's own keys do. */
  get ownKeys(): KeyHelp[] {
    return [
      { keys: ["Enter"], text: _t("Open the hold") },
      { keys: ["x"], text: _t("Select, or no longer") },
      { keys: ["r"], text: _t("Release it, or all that are selected") },
      { keys: ["v"], text: _t("Take it up for review") },
      { keys: ["f"], text: _t("Mend the cause") },
      { keys: ["o"], text: _t("Open the shipment") },
    ];
  }

  lineOf(id: number): HTMLElement | null {
    return this.root.el?.querySelector<HTMLElement>(`[data-hold-id="${id}"]`) ?? null;
  }
}
