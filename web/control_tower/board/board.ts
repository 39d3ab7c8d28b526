/** The board inside Odoo's layout: columns or a list of shipments, kept current by the bus. */
import {
  Component,
  onWillStart,
  onWillUpdateProps,
  onWillUnmount,
  useRef,
  useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import type { Domain, OdooServices } from "@web/services";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { BoardAnswer, BoardColumn, ColumnKey } from "../board_data.ts";
import { merge, neighbour, type Direction } from "../board_state.ts";
import { BoardColumnView } from "../board_column/board_column.ts";
import { BoardList } from "../board_list/board_list.ts";
import { columnLooks, type ColumnLook } from "../columns.ts";
import type { Labels } from "../labels.ts";
import { LiveReader } from "../live_reader.ts";
import { instant } from "../moments.ts";
import { isAccessError } from "../server_error.ts";
import { ShipmentPanel } from "../shipment_panel/shipment_panel.ts";

const MODEL = "milepost.shipment";
const CHANGED = "milepost.shipment/changed";
const PAGE = 80;
/** Ages are shown in minutes; silence and lateness come by time alone, without any notice. */
const TICK_MS = 30_000;
/** How long a change is marked, for a card that is drawn anew in another column. */
const MARK_MS = 2_000;
const LAYOUT_SETTING = "milepost.control_tower.layout";

interface Props {
  domain: Domain;
  labels: Labels;
  openId?: number;
  onRefused: () => void;
}

type BoardLayout = "columns" | "list";

interface State {
  columns: BoardColumn[];
  layout: BoardLayout;
  /** What the user folded or unfolded; other columns fold when they are empty. */
  folded: Partial<Record<ColumnKey, boolean>>;
  focusedId: number | null;
  openId: number | null;
  /** Rises when the open shipment changed, so that the panel reads it again. */
  openRevision: number;
  changed: Set<number>;
  now: DateTime;
  isLive: boolean;
}

const DIRECTIONS: Record<string, Direction> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "first",
  End: "last",
};

export class Board extends Component<Props> {
  static override template = "milepost.Board";
  static components = { BoardColumnView, BoardList, Layout, SearchBar, ShipmentPanel };
  static override props = {
    domain: Array,
    labels: Object,
    openId: { type: Number, optional: true },
    onRefused: Function,
  };

  orm!: OdooServices["orm"];
  action!: OdooServices["action"];
  looks!: Record<ColumnKey, ColumnLook>;
  root!: { el: HTMLElement | null };
  searchBarToggler!: ReturnType<typeof useSearchBarToggler>;
  state!: State;
  limit = PAGE;
  /** The server's clock ahead of this machine's, in milliseconds. */
  clockOffset = 0;
  keepLast = new KeepLast();
  domain!: Domain;
  reader!: LiveReader;

  override setup(): void {
    const bus = useService("bus_service");
    this.orm = useService("orm");
    this.action = useService("action");
    this.looks = columnLooks();
    this.root = useRef("root");
    this.searchBarToggler = useSearchBarToggler();
    this.domain = this.props.domain;
    this.reader = new LiveReader(() => this.refresh());
    this.state = useState<State>({
      columns: [],
      layout: browser.localStorage.getItem(LAYOUT_SETTING) === "list" ? "list" : "columns",
      folded: {},
      focusedId: null,
      openId: this.props.openId ?? null,
      openRevision: 0,
      changed: new Set(),
      now: instant("2000-01-01 00:00:00") as DateTime,
      isLive: true,
    });
    useSetupAction({
      getLocalState: () => (this.state.openId === null ? {} : { openId: this.state.openId }),
    });

    const onChanged = ({ ids }: { ids: number[] }) => this.onChanged(ids);
    bus.subscribe(CHANGED, onChanged);
    void bus.start();
    useBus(bus, "BUS:DISCONNECT", () => (this.state.isLive = false));
    useBus(bus, "BUS:CONNECT", () => this.onConnected());
    useBus(bus, "BUS:RECONNECT", () => this.onConnected());
    const ticker = browser.setInterval(() => this.reader.notice(), TICK_MS);
    onWillUnmount(() => {
      bus.unsubscribe(CHANGED, onChanged);
      browser.clearInterval(ticker);
      this.reader.stop();
    });

    onWillStart(() => this.readFirst());
    onWillUpdateProps(async (next) => {
      if (next.domain === this.domain) return;
      this.domain = next.domain;
      this.limit = PAGE;
      await this.read();
      this.state.changed.clear();
    });
  }

  // Reading

  /** Reads the board; of several reads under way the last one counts. */
  async read(orm = this.orm): Promise<number[]> {
    const answer = (await this.keepLast.add(
      orm.call(MODEL, "control_tower", [this.domain, this.limit]),
    )) as BoardAnswer;
    const { columns, changed } = merge(this.state.columns, answer);
    const serverNow = instant(answer.now) as DateTime;
    this.clockOffset = serverNow.toMillis() - Date.now();
    this.state.columns = columns;
    this.state.now = serverNow;
    return changed;
  }

  async readFirst(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (!isAccessError(error)) throw error;
      this.props.onRefused();
    }
  }

  /** A read in the background: a fault must not interrupt the dispatcher, but must be seen. */
  async refresh(): Promise<void> {
    try {
      this.mark(await this.read(this.orm.silent));
      this.state.isLive = true;
    } catch {
      this.state.isLive = false; // the ticker tries again
    }
  }

  onChanged(ids: readonly number[]): void {
    if (this.state.openId !== null && ids.includes(this.state.openId)) this.state.openRevision += 1;
    this.reader.notice();
  }

  /** What happened while the line was down was not notified. */
  onConnected(): void {
    this.state.isLive = true;
    if (this.state.openId !== null) this.state.openRevision += 1;
    this.reader.notice();
  }

  mark(ids: readonly number[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.state.changed.add(id);
    browser.setTimeout(() => {
      for (const id of ids) this.state.changed.delete(id);
    }, MARK_MS);
  }

  async showMore(): Promise<void> {
    this.limit += PAGE;
    await this.read();
  }

  // What is shown

  get isEmpty(): boolean {
    return this.state.columns.every((column) => column.count === 0);
  }

  isFolded(column: BoardColumn): boolean {
    if (this.env["isSmall"]) return false;
    return this.state.folded[column.key] ?? column.count === 0;
  }

  toggleFold = (key: ColumnKey): void => {
    const column = this.state.columns.find((one) => one.key === key);
    if (column !== undefined) this.state.folded[key] = !this.isFolded(column);
  };

  setLayout(layout: BoardLayout): void {
    this.state.layout = layout;
    browser.localStorage.setItem(LAYOUT_SETTING, layout);
  }

  /** The one card that the Tab key reaches: the focused one, else the first. */
  get tabStopId(): number | null {
    const ids = this.visibleIds.flat();
    const { focusedId } = this.state;
    return focusedId !== null && ids.includes(focusedId) ? focusedId : (ids[0] ?? null);
  }

  /** The shipments as the arrow keys go through them; a list is one column. */
  get visibleIds(): number[][] {
    if (this.state.layout === "list") {
      return [this.state.columns.flatMap((column) => column.shipments.map((row) => row.id))];
    }
    const open = this.state.columns.filter((column) => !this.isFolded(column));
    return open.map((column) => column.shipments.map((row) => row.id));
  }

  get liveText(): string {
    return this.state.isLive ? _t("Live") : _t("Not connected; the board may be outdated");
  }

  // What the user does

  openPanel = (id: number): void => {
    this.state.openId = id;
    this.state.focusedId = id;
  };

  closePanel = (): void => {
    this.state.openId = null;
    this.focusCard(this.state.focusedId);
  };

  openForm = (id: number): void => {
    void this.action.doAction({
      type: "ir.actions.act_window",
      res_model: MODEL,
      res_id: id,
      views: [[false, "form"]],
    });
  };

  onFocus = (id: number): void => {
    this.state.focusedId = id;
  };

  onKeydown(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.state.openId !== null) {
      event.preventDefault();
      event.stopPropagation();
      this.closePanel();
      return;
    }
    const card = (event.target as HTMLElement).closest<HTMLElement>("[data-shipment-id]");
    const direction = DIRECTIONS[event.key];
    if (card === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const id = Number(card.dataset["shipmentId"]);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.openPanel(id);
    } else if (direction !== undefined) {
      event.preventDefault();
      const next = neighbour(this.visibleIds, id, direction);
      if (next === null) return;
      this.focusCard(next);
      // With the panel open the arrows leaf through the shipments.
      if (this.state.openId !== null) this.openPanel(next);
    }
  }

  focusCard(id: number | null): void {
    const card = this.root.el?.querySelector<HTMLElement>(`[data-shipment-id="${id}"]`);
    card?.focus();
  }

  scrollToColumn(key: ColumnKey): void {
    const column = this.root.el?.querySelector(`[data-column="${key}"]`);
    column?.scrollIntoView({ behavior: "smooth", inline: "start", block: "nearest" });
  }
}
