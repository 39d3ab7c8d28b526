/** The board inside Odoo's layout: columns or a list of shipments, and one of them in a panel. */
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
import { _t } from "../../translation.ts";
import type { BoardColumn, ColumnKey } from "../board_data.ts";
import { BoardColumnView } from "../board_column/board_column.ts";
import { BoardList } from "../board_list/board_list.ts";
import { ColumnTabs } from "../column_tabs/column_tabs.ts";
import { columnLooks, type ColumnLook } from "../columns.ts";
import type { Labels } from "../labels.ts";
import { LiveMark } from "../../components/live_mark/live_mark.ts";
import { Notice } from "../../components/notice/notice.ts";
import { ShipmentPanel } from "../shipment_panel/shipment_panel.ts";
import { WorkBar } from "../work_bar/work_bar.ts";
import { useBoardWork, type BoardWork, type WorkAction, type WorkDetails } from "../board_work.ts";
import { useBoardFeed, type BoardFeed } from "./board_feed.ts";
import { LAYOUTS, rememberedLayout, rememberLayout, type BoardLayout } from "./board_layout.ts";
import { towerKeys } from "./board_help.ts";
import { useBoardKeys } from "../../components/board_keys.ts";
import { directionOf, isChord, neighbour } from "../../components/keys.ts";
import type { ActionProps } from "../../components/search_setup.ts";
import { chosenInUrl, useUrlState, type UrlState } from "../../components/url_state.ts";

interface Props {
  domain: Domain;
  labels: Labels;
  openId?: number;
  updateActionState?: ActionProps["updateActionState"];
}

interface State {
  layout: BoardLayout;
  /** What the user folded or unfolded; other columns fold when they are empty. */
  folded: Partial<Record<ColumnKey, boolean>>;
  focusedId: number | null;
  openId: number | null;
  /** Marked with x, to be worked on together. */
  selected: Set<number>;
  /** Rises when the open shipment changed, so that the panel reads it again. */
  openRevision: number;
}

export class Board extends Component<Props> {
  static override template = "milepost.Board";
  static components = {
    BoardColumnView,
    BoardList,
    ColumnTabs,
    Layout,
    LiveMark,
    Notice,
    SearchBar,
    ShipmentPanel,
    WorkBar,
  };
  static override props = {
    domain: Array,
    labels: Object,
    openId: { type: Number, optional: true },
    updateActionState: { type: Function, optional: true },
  };

  action!: OdooServices["action"];
  feed!: BoardFeed;
  looks!: Record<ColumnKey, ColumnLook>;
  root!: { el: HTMLElement | null };
  searchBarToggler!: ReturnType<typeof useSearchBarToggler>;
  state!: State;
  url!: UrlState;
  work!: BoardWork;

  override setup(): void {
    this.action = useService("action");
    this.looks = columnLooks();
    this.root = useRef("root");
    this.searchBarToggler = useSearchBarToggler();
    this.state = useState<State>({
      layout: chosenInUrl("layout", LAYOUTS) ?? rememberedLayout(),
      folded: {},
      focusedId: null,
      openId: this.props.openId ?? null,
      openRevision: 0,
      selected: new Set(),
    });
    this.feed = useBoardFeed({ onChanged: (ids) => this.onChanged(ids) });
    this.work = useBoardWork("shipments", () => this.onWorked());
    this.url = useUrlState(this.props.updateActionState);
    useBoardKeys({
      root: this.root,
      help: towerKeys,
      focusFirst: () => this.focusCard(this.tabStopId),
    });
    useSetupAction({ getLocalState: () => ({ openId: this.state.openId }) });
    this.keepFocus();
    // The frame is there at once, and fills when the answer is.
    onWillStart(() => void this.feed.search(this.props.domain));
    onWillUpdateProps((next) => {
      if (next.domain !== this.props.domain) void this.feed.search(next.domain);
    });
  }

  /** A card that moves to another column is drawn anew: the keyboard's focus goes with it. */
  keepFocus(): void {
    let focused: number | null = null;
    onWillPatch(() => {
      const card = this.root.el?.querySelector<HTMLElement>("[data-shipment-id]:focus");
      focused = card ? Number(card.dataset["shipmentId"]) : null;
    });
    onPatched(() => {
      if (focused !== null && document.activeElement === document.body) {
        this.cardOf(focused)?.focus({ preventScroll: true });
      }
    });
  }

  onChanged(ids: readonly number[] | null): void {
    const { openId } = this.state;
    if (openId !== null && (ids === null || ids.includes(openId))) this.state.openRevision += 1;
  }

  // What is shown

  /** Whoever may not read it gains nothing by asking again. */
  get retry(): (() => void) | undefined {
    return this.feed.state.fault === "failed" ? () => void this.feed.retry() : undefined;
  }

  get emptyText(): { title: string; text: string } {
    return {
      title: _t("No shipments here"),
      text: _t("Confirm a delivery, or change the search. Shipments appear by themselves."),
    };
  }

  get isEmpty(): boolean {
    return this.feed.state.columns.every((column) => column.count === 0);
  }

  isFolded(column: BoardColumn): boolean {
    if (this.env["isSmall"]) return false;
    return this.state.folded[column.key] ?? column.count === 0;
  }

  toggleFold = (key: ColumnKey): void => {
    const column = this.feed.state.columns.find((one) => one.key === key);
    if (column !== undefined) this.state.folded[key] = !this.isFolded(column);
  };

  setLayout(layout: BoardLayout): void {
    this.state.layout = layout;
    this.url.set({ layout });
    rememberLayout(layout);
  }

  /** The one card that the Tab key reaches: the focused one, else the first. */
  get tabStopId(): number | null {
    const ids = this.visibleIds.flat();
    const { focusedId } = this.state;
    return focusedId !== null && ids.includes(focusedId) ? focusedId : (ids[0] ?? null);
  }

  /** The shipments as the arrow keys go through them; a list is one column. */
  get visibleIds(): number[][] {
    const { columns } = this.feed.state;
    const idsOf = (column: BoardColumn) => column.shipments.map((row) => row.id);
    if (this.state.layout === "list") return [columns.flatMap(idsOf)];
    return columns.filter((column) => !this.isFolded(column)).map(idsOf);
  }

  // What the user does

  openPanel = (id: number): void => {
    const leafs = this.state.openId !== null;
    this.state.openId = id;
    this.state.focusedId = id;
    this.url[leafs ? "setSoon" : "set"]({ resId: id });
  };

  closePanel = (): void => {
    this.state.openId = null;
    this.url.set({ resId: undefined });
    this.focusCard(this.state.focusedId);
  };

  openForm = (id: number): void => {
    void this.action.doAction({
      type: "ir.actions.act_window",
      res_model: "milepost.shipment",
      res_id: id,
      views: [[false, "form"]],
    });
  };

  onFocus = (id: number): void => {
    this.state.focusedId = id;
  };

  showMore = (key: ColumnKey): Promise<void> => this.feed.showMore(key);

  scrollToColumn = (key: ColumnKey): void => {
    const column = this.root.el?.querySelector(`[data-column="${key}"]`);
    column?.scrollIntoView({ behavior: "smooth", inline: "start", block: "nearest" });
  };

  /** What was worked on is read again at once: it may leave its column. */
  onWorked(): void {
    this.state.selected.clear();
    this.state.openRevision += 1;
    void this.feed.retry();
  }

  toggle(id: number): void {
    if (!this.state.selected.delete(id)) this.state.selected.add(id);
  }

  get selectedText(): string {
    return _t("%s selected", this.state.selected.size);
  }

  actOnSelected = (action: WorkAction, details?: WorkDetails): void => {
    void this.work.act([...this.state.selected], action, details);
  };

  actOnOpen = (action: WorkAction, details?: WorkDetails): void => {
    if (this.state.openId !== null) void this.work.act([this.state.openId], action, details);
  };

  /** Keys that work on the card that has the focus, or on all that are selected. */
  actOnKey(key: string, id: number): boolean {
    const meant = this.state.selected.size > 0 ? [...this.state.selected] : [id];
    const acts: Record<string, () => void> = {
      a: () => void this.work.act(meant, "own"),
      e: () => void this.work.act(meant, "acknowledge"),
      s: () => void this.work.act(meant, "snooze"),
      x: () => this.toggle(id),
    };
    acts[key]?.();
    return key in acts;
  }

  onKeydown(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.state.openId !== null) {
      event.preventDefault();
      event.stopPropagation();
      this.closePanel();
      return;
    }
    const card = (event.target as HTMLElement).closest<HTMLElement>("[data-shipment-id]");
    if (card === null || isChord(event)) return;
    const id = Number(card.dataset["shipmentId"]);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.enter(id);
      return;
    }
    if (this.actOnKey(event.key, id)) {
      event.preventDefault();
      return;
    }
    const direction = directionOf(event.key);
    if (direction === null) return;
    event.preventDefault();
    const next = neighbour(this.visibleIds, id, direction);
    if (next === null) return;
    this.focusCard(next);
    // With the panel open the arrows leaf through the shipments.
    if (this.state.openId !== null) this.openPanel(next);
  }

  /** The first Enter opens the panel, the second one goes into it. */
  enter(id: number): void {
    if (this.state.openId !== id) this.openPanel(id);
    else this.root.el?.querySelector<HTMLElement>(".o_mp_panel")?.focus();
  }

  focusCard(id: number | null): void {
    if (id !== null) this.cardOf(id)?.focus();
  }

  cardOf(id: number): HTMLElement | null {
    return this.root.el?.querySelector<HTMLElement>(`[data-shipment-id="${id}"]`) ?? null;
  }
}
