/** The queue of facts on their way to Odoo: the store's facts, taken by the configuration's measure. */
import type { Clock } from "../clock.ts";
import type { OdooConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { FactBatch, Facts, Settlement } from "../store/facts.ts";
import { LONGEST_DELAY_MS } from "./retry_policy.ts";

/** The first call of a claim, the search for what hangs, and its last call. */
const CALLS_PER_CLAIM = 3;
/** A claim outlives its calls by this much. */
const LEASE_MARGIN_MS = 30_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;

export interface FactQueueParts {
  facts: Facts;
  config: Pick<OdooConfig, "lanes" | "batch_facts" | "batch_bytes" | "call_seconds">;
  clock: Clock;
  log: Logger;
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
      leaseMs: config.call_seconds * 1000 * CALLS_PER_CLAIM + LEASE_MARGIN_MS,
    });
  }

  /**
   * Writes what became of facts. A store that cannot be written now is asked again as long as the
   * facts are leased; after that they are due again, and Odoo knows those that it has.
   */
  async settle(settlements: readonly Settlement[], signal: AbortSignal): Promise<void> {
    const { facts, clock, log } = this.#parts;
    const until = clock.steady() + LEASE_MARGIN_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await facts.settle(settlements);
      } catch (error) {
        const isPassing = error instanceof MilepostError && error.retry === "later";
        if (!isPassing || signal.aborted || clock.steady() + pause > until) throw error;
        log.warn("facts not settled", { code: error.code, count: settlements.length });
        await clock.sleep(pause, signal);
      }
    }
  }
}
