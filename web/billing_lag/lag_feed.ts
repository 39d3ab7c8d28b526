/** The figures of the shipments that the user searches for. */
import { useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import type { Domain, OdooServices } from "@web/services";
import { LiveFeed, type LineState } from "../components/live_feed.ts";
import type { LagAnswer } from "./lag_data.ts";

export interface LagState extends LineState {
  /** Null before the first read. */
  answer: LagAnswer | null;
}

/** It does not follow the bus: figures over months do not change by the minute, and cost a scan. */
export class LagFeed extends LiveFeed<LagAnswer, LagState> {
  #domain: Domain = [];

  get domain(): Domain {
    return this.#domain;
  }

  search(domain: Domain): Promise<void> {
    this.#domain = domain;
    return this.retry();
  }

  protected override ask(orm: OdooServices["orm"]): Promise<LagAnswer> {
    const args = [this.#domain];
    return orm.call("milepost.billing.lag", "figures", args) as Promise<LagAnswer>;
  }

  protected override accept(answer: LagAnswer): void {
    this.state.answer = answer;
  }
}

export function useLagFeed(): LagFeed {
  const state = useState<LagState>({ answer: null, isReading: true, isLive: true, fault: null });
  return new LagFeed(useService("orm"), state);
}
