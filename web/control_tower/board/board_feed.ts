/** The shipments on the board, by column. */
import { useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";
import type { Domain, OdooServices } from "@web/services";
import type { DateTime } from "luxon";
import { LiveFeed, useLiveLine, type LineState } from "../../components/live_feed.ts";
import { instant, ownZone } from "../../components/moments.ts";
import type { BoardAnswer, BoardColumn, ColumnKey } from "../board_data.ts";
import { merge } from "../board_state.ts";

const CHANGED = "milepost.shipment/changed";
/** Cards of a column before "Show more", and how many more that shows. */
const PAGE = 80;
/** How long a change is marked, for a card that is drawn anew in another column. */
const MARK_MS = 2_000;

export interface FeedState extends LineState {
  columns: BoardColumn[];
  /** The server's clock at the last read; null before the first. */
  now: DateTime | null;
  /** Shipments that changed a moment ago. */
  changed: Set<number>;
}

interface Listener {
  /** These shipments changed; null: any may have. */
  onChanged(ids: readonly number[] | null): void;
}

export class BoardFeed extends LiveFeed<BoardAnswer, FeedState> {
  readonly #listener: Listener;
  #domain: Domain = [];
  /** Columns of which more than a page is shown. */
  #limits: Partial<Record<ColumnKey, number>> = {};

  constructor(orm: OdooServices["orm"], state: FeedState, listener: Listener) {
    super(orm, state);
    this.#listener = listener;
  }

  /** Shows what the domain finds, from the first page on. */
  async search(domain: Domain): Promise<void> {
    this.#domain = domain;
    this.#limits = {};
    await this.retry();
    this.state.changed.clear(); // found, not changed
  }

  async showMore(key: ColumnKey): Promise<void> {
    const before = this.#limits;
    this.#limits = { ...before, [key]: (before[key] ?? PAGE) + PAGE };
    if (!(await this.extend())) this.#limits = before;
  }

  protected override ask(orm: OdooServices["orm"]): Promise<BoardAnswer> {
    const args = [this.#domain, PAGE, this.#limits, ownZone()];
    return orm.call("milepost.shipment", "control_tower", args) as Promise<BoardAnswer>;
  }

  protected override accept(answer: BoardAnswer, isRefresh: boolean): void {
    const { columns, changed } = merge(this.state.columns, answer);
    this.state.columns = columns;
    this.state.now = instant(answer.now);
    if (isRefresh) this.#mark(changed);
  }

  protected override onChanged(ids: readonly number[] | null): void {
    this.#listener.onChanged(ids);
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
  const state = useState<FeedState>({
    columns: [],
    now: null,
    changed: new Set(),
    isReading: true,
    isLive: true,
    fault: null,
  });
  const feed = new BoardFeed(useService("orm"), state, listener);
  useLiveLine(CHANGED, feed);
  return feed;
}
