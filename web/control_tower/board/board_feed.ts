/** What the board shows: read from Odoo, kept current by the bus. */
import { onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";
import type { Domain, OdooServices } from "@web/services";
import type { DateTime } from "luxon";
import type { BoardAnswer, BoardColumn, ColumnKey } from "../board_data.ts";
import { merge } from "../board_state.ts";
import { LiveReader } from "../live_reader.ts";
import { instant } from "../moments.ts";
import { isAccessError } from "../server_error.ts";

const CHANGED = "milepost.shipment/changed";
/** Cards of a column before "Show more", and how many more that shows. */
const PAGE = 80;
/** Ages are shown in minutes; silence and lateness come by time alone, without any notice. */
const TICK_MS = 30_000;
/** How long a change is marked, for a card that is drawn anew in another column. */
const MARK_MS = 2_000;

export interface FeedState {
  columns: BoardColumn[];
  /** The server's clock at the last read; null before the first. */
  now: DateTime | null;
  /** Shipments that changed a moment ago. */
  changed: Set<number>;
  /** The user waits for a read. */
  isReading: boolean;
  isLive: boolean;
  fault: "refused" | "failed" | null;
}

interface Listener {
  /** These shipments changed; null: any may have. */
  onChanged(ids: readonly number[] | null): void;
}

export class BoardFeed {
  readonly state: FeedState;
  readonly reader = new LiveReader(() => this.#refresh());
  readonly #orm: OdooServices["orm"];
  readonly #listener: Listener;
  #domain: Domain = [];
  /** Columns of which more than a page is shown. */
  #limits: Partial<Record<ColumnKey, number>> = {};
  #turn = 0;

  constructor(orm: OdooServices["orm"], state: FeedState, listener: Listener) {
    this.#orm = orm;
    this.state = state;
    this.#listener = listener;
  }

  /** Shows what the domain finds, from the first page on. */
  async search(domain: Domain): Promise<void> {
    this.#domain = domain;
    this.#limits = {};
    await this.retry();
    this.state.changed.clear(); // found, not changed
  }

  /** Reads while the user waits; a fault is shown in place of the board. */
  async retry(): Promise<void> {
    this.state.isReading = true;
    try {
      await this.#read(this.#orm);
      this.state.fault = null;
    } catch (error) {
      this.state.fault = isAccessError(error) ? "refused" : "failed";
    }
    this.state.isReading = false;
  }

  async showMore(key: ColumnKey): Promise<void> {
    const before = this.#limits;
    this.#limits = { ...before, [key]: (before[key] ?? PAGE) + PAGE };
    try {
      await this.#read(this.#orm);
    } catch {
      this.#limits = before;
      this.state.isLive = false;
    }
  }

  onNotice(ids: readonly number[]): void {
    this.#listener.onChanged(ids);
    this.reader.notice();
  }

  /** What happened while the line was down was not notified. */
  onConnected(): void {
    this.state.isLive = true;
    this.#listener.onChanged(null);
    this.reader.notice();
  }

  /** A read in the background: a fault must not interrupt the dispatcher, but must be seen. */
  async #refresh(): Promise<void> {
    try {
      this.#mark(await this.#read(this.#orm.silent));
      this.state.isLive = true;
      this.state.fault = null;
    } catch {
      this.state.isLive = false; // the ticker tries again
    }
  }

  /** Gives the shipments that changed. Of several reads under way only the last one counts. */
  async #read(orm: OdooServices["orm"]): Promise<number[]> {
    const turn = ++this.#turn;
    const args = [this.#domain, PAGE, this.#limits];
    const answer = (await orm.call("milepost.shipment", "control_tower", args)) as BoardAnswer;
    if (turn !== this.#turn) return [];
    const { columns, changed } = merge(this.state.columns, answer);
    this.state.columns = columns;
    this.state.now = instant(answer.now);
    return changed;
  }

  #mark(ids: readonly number[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.state.changed.add(id);
    browser.setTimeout(() => {
      for (const id of ids) this.state.changed.delete(id);
    }, MARK_MS);
  }
}

/** A feed for the component that calls this in its setup, until that is unmounted. */
export function useBoardFeed(listener: Listener): BoardFeed {
  const bus = useService("bus_service");
  const state = useState<FeedState>({
    columns: [],
    now: null,
    changed: new Set(),
    isReading: true,
    isLive: true,
    fault: null,
  });
  const feed = new BoardFeed(useService("orm"), state, listener);
  const onNotice = ({ ids }: { ids: number[] }) => feed.onNotice(ids);
  bus.subscribe(CHANGED, onNotice);
  void bus.start();
  useBus(bus, "BUS:DISCONNECT", () => (state.isLive = false));
  useBus(bus, "BUS:CONNECT", () => feed.onConnected());
  useBus(bus, "BUS:RECONNECT", () => feed.onConnected());
  useExternalListener(document, "visibilitychange", () => feed.reader.wake());
  const ticker = browser.setInterval(() => feed.reader.notice(), TICK_MS);
  onWillUnmount(() => {
    bus.unsubscribe(CHANGED, onNotice);
    browser.clearInterval(ticker);
    feed.reader.stop();
  });
  return feed;
}
