/** The queue of facts on their way to Odoo: the store's facts, taken by the configuration's measure. */
import type { Clock } from "../clock.ts";
import type { OdooConfig } from "../config.ts";
import type { FactBatch, Facts, Settlement } from "../store/facts.ts";
import { LONGEST_DELAY_MS } from "./retry_policy.ts";

/** A claim outlives the call that it is for by this much. */
const LEASE_MARGIN_MS = 30_000;

export interface FactQueueParts {
  facts: Facts;
  config: Pick<OdooConfig, "lanes" | "batch_facts" | "batch_bytes" | "call_seconds">;
  clock: Clock;
}

export class FactQueue {
  readonly #parts: FactQueueParts;

  constructor(parts: FactQueueParts) {
    this.#parts = parts;
  }

  /** Called once at the start: what a killed process had in flight is ready again. */
  recover(): Promise<{ released: number }> {
    const { facts, config, clock } = this.#parts;
    return facts.recover(config.lanes, clock.steady(), LONGEST_DELAY_MS);
  }

  /** Takes the lane's next batch of a connection that need not wait; null when nothing is due. */
  claim(lane: number, except: ReadonlySet<string>): Promise<FactBatch | null> {
    const { facts, config, clock } = this.#parts;
    return facts.claim({
      lane,
      except,
      maxFacts: config.batch_facts,
      maxBytes: config.batch_bytes,
      now: clock.steady(),
      leaseMs: config.call_seconds * 1000 + LEASE_MARGIN_MS,
    });
  }

  settle(settlements: readonly Settlement[]): Promise<void> {
    return this.#parts.facts.settle(settlements);
  }
}
