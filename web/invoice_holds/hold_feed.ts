/** The holds on the board, kept current by the bus. */
import { useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import type { Domain, OdooServices } from "@web/services";
import type { DateTime } from "luxon";
import { LiveFeed, useLiveLine, type LineState } from "../components/live_feed.ts";
import { instant } from "../components/moments.ts";
import type { GroupBy, HoldAnswer, SideKey } from "./hold_data.ts";

const CHANGED = "milepost.hold/changed";
/** Lines of a group before "Show more", and how many more that shows. */
const PAGE = 40;

export interface HoldState extends LineState {
  /** Null before the first read. */
  answer: HoldAnswer | null;
  /** The server's clock at the last read. */
  now: DateTime | null;
  side: SideKey;
  group: GroupBy;
}

export class HoldFeed extends LiveFeed<HoldAnswer, HoldState> {
  #domain: Domain = [];
  #limits: Record<string, number> = {};

  async search(domain: Domain): Promise<void> {
    this.#domain = domain;
    await this.#startOver();
  }

  async show(side: SideKey, group: GroupBy): Promise<void> {
    this.state.side = side;
    this.state.group = group;
    await this.#startOver();
  }

  async showMore(key: string): Promise<void> {
    const before = this.#limits;
    this.#limits = { ...before, [key]: (before[key] ?? PAGE) + PAGE };
    if (!(await this.extend())) this.#limits = before;
  }

  #startOver(): Promise<void> {
    this.#limits = {};
    return this.retry();
  }

  protected override ask(orm: OdooServices["orm"]): Promise<HoldAnswer> {
    const { side, group } = this.state;
    const options = { domain: this.#domain, side, group, limit: PAGE, limits: this.#limits };
    return orm.call("milepost.hold", "hold_board", [], options) as Promise<HoldAnswer>;
  }

  protected override accept(answer: HoldAnswer): void {
    this.state.answer = answer;
    this.state.now = instant(answer.now);
  }
}

/** A feed for the component that calls this in its setup, until that is unmounted. */
export function useHoldFeed(side: SideKey, group: GroupBy): HoldFeed {
  const state = useState<HoldState>({
    answer: null,
    now: null,
    side,
    group,
    isReading: true,
    isLive: true,
    fault: null,
  });
  const feed = new HoldFeed(useService("orm"), state);
  useLiveLine(CHANGED, feed);
  return feed;
}
