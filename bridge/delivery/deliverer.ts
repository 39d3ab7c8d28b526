/**
 * Brings facts to Odoo: one worker per lane, batches as large as what waits, a verdict per fact.
 *
 * While a batch is under way new facts gather for the next one, so batches grow with the load and
 * a single event goes at once. A batch that Odoo does not answer soon keeps only its own connection
 * waiting: the lane goes on with the others.
 */
import type { Clock } from "../clock.ts";
import type { OdooConfig } from "../config.ts";
import { errorText } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { OdooLink } from "../odoo/odoo_link.ts";
import type { PauseBoard } from "../pause_board.ts";
import type { FactQueue } from "../queue/fact_queue.ts";
import { Wake } from "../wake.ts";
import { BatchDelivery } from "./batch_delivery.ts";
import { Suspects } from "./suspects.ts";
import { TimeLimits } from "./time_limits.ts";
import { VerdictReader } from "./verdicts.ts";

/** A worker looks for work this often when no wake-up arrives. */
const SWEEP_MS = 1000;
/** Calls that hang in one lane at once: each holds a worker of Odoo. */
const MAX_SLOW = 3;

export interface DelivererParts {
  api: ExchangeApi;
  link: OdooLink;
  queue: FactQueue;
  pauses: PauseBoard;
  config: OdooConfig;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

/** What a lane may need beside its calls: the budget of a search, waiting for the store. */
const LANE_PATIENCE_MS = 120_000;

/** Deliveries of a lane that take long, by their connection. */
type Slow = Map<string, Promise<void>>;

export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #wakes: readonly Wake[];
  readonly #verdicts: VerdictReader;
  readonly #suspects = new Suspects();
  readonly #limits: TimeLimits;
  /** Connections that wait until a steady time, because Odoo refused them as a whole. */
  readonly #resting = new Map<string, number>();

  /** When each lane came round last, in steady time. */
  readonly #turns: number[];

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    this.#turns = Array.from({ length: parts.config.lanes }, () => parts.clock.steady());
    this.#wakes = Array.from({ length: parts.config.lanes }, () => new Wake());
    this.#verdicts = new VerdictReader(parts.clock, parts.metrics);
    this.#limits = new TimeLimits(parts.config.call_seconds * 1000);
    parts.link.onOpen(() => this.wake());
  }

  /** There may be facts. */
  wake(): void {
    for (const wake of this.#wakes) wake.ring();
  }

  /**
   * Whether every lane comes round: false after longer than its calls can take. While Odoo cannot be
   * reached, or the store cannot be written, a lane is paused for a cause that no restart mends.
   */
  get isWorking(): boolean {
    const { link, pauses, clock, config } = this.#parts;
    if (!link.open || pauses.get("store", "") !== undefined) return true;
    const longest = LANE_PATIENCE_MS + 2 * config.call_seconds * 1000;
    return this.#turns.every((at) => clock.steady() - at < longest);
  }

  /** Works on all lanes until `stop`; batches under way are finished unless `hard` aborts them. */
  async run(stop: AbortSignal, hard: AbortSignal): Promise<void> {
    await Promise.all(this.#wakes.map((wake, lane) => this.#work(lane, wake, stop, hard)));
  }

  async #work(lane: number, wake: Wake, stop: AbortSignal, hard: AbortSignal): Promise<void> {
    const { link, config, clock, log } = this.#parts;
    const slow: Slow = new Map();
    while (await link.whenOpen(stop)) {
      this.#turns[lane] = clock.steady();
      try {
        if (await this.#deliverNext(lane, slow, hard)) continue;
        await wake.wait(SWEEP_MS, stop);
        await clock.sleep(config.linger_ms, stop);
      } catch (error) {
        log.error("delivery failed", { lane, reason: errorText(error) });
        await clock.sleep(SWEEP_MS, stop);
      }
    }
    await Promise.all(slow.values());
  }

  /** Delivers the lane's next batch, or leaves it to itself when it is slow; false: nothing is due. */
  async #deliverNext(lane: number, slow: Slow, signal: AbortSignal): Promise<boolean> {
    const { queue, log, clock } = this.#parts;
    const batch = await queue.claim(lane, this.#except(slow));
    if (batch === null) return false;
    const { connection } = batch;
    const delivery = new BatchDelivery(this.#batchParts(), batch, signal).run();
    const patience = new AbortController();
    const isSlow = clock.sleep(this.#limits.slowMs, patience.signal).then(() => true);
    const late = await Promise.race([delivery.then(() => false), isSlow]).finally(() =>
      patience.abort(),
    );
    if (!late) return true;
    log.warn("delivery is slow", { lane, connection, count: batch.facts.length });
    const settled = delivery
      .catch((error: unknown) => log.error("delivery failed", { lane, reason: errorText(error) }))
      .finally(() => {
        slow.delete(connection);
        this.#wakes[lane]?.ring();
      });
    slow.set(connection, settled);
    if (slow.size >= MAX_SLOW) await Promise.race(slow.values());
    return true;
  }

  #batchParts() {
    return {
      ...this.#parts,
      verdicts: this.#verdicts,
      suspects: this.#suspects,
      limits: this.#limits,
      isResting: (connection: string) => this.#resting.has(connection),
      onRefused: (connection: string, error: unknown) => this.#rest(connection, error),
      onAccepted: (connection: string) => this.#parts.pauses.resume("delivery", connection),
      onRetry: (ms: number) => void setTimeout(() => this.wake(), ms).unref(),
    };
  }

  #except(slow: Slow): ReadonlySet<string> {
    const now = this.#parts.clock.steady();
    for (const [code, until] of this.#resting) if (until <= now) this.#resting.delete(code);
    return new Set([...this.#resting.keys(), ...this.#parts.link.unknown, ...slow.keys()]);
  }

  /** The connection as a whole is refused: its facts wait unharmed and are tried again later. */
  async #rest(connection: string, error: unknown): Promise<void> {
    const { clock, config, pauses } = this.#parts;
    this.#resting.set(connection, clock.steady() + config.probe_seconds * 1000);
    await pauses.pause("delivery", connection, error);
  }
}
