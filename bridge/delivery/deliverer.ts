/**
 * Brings facts to Odoo: one worker per lane, batches as large as what waits, a verdict per fact.
 *
 * While a batch is under way new facts gather for the next one, so batches grow with the load and
 * a single event goes at once.
 */
import type { Clock } from "../clock.ts";
import type { OdooConfig } from "../config.ts";
import { errorText, MilepostError, problemOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { PauseBoard } from "../pause_board.ts";
import { CONTRACT_VERSION } from "../canonical/exchange.ts";
import type { FactBatch, QueuedFact, Settlement } from "../store/facts.ts";
import type { FactQueue } from "../queue/fact_queue.ts";
import { retryDelayMs } from "../queue/retry_policy.ts";
import { Wake } from "../wake.ts";
import type { OdooLink } from "../odoo/odoo_link.ts";
import { VerdictReader } from "./verdicts.ts";

/** A worker looks for work this often when nobody rings. */
const SWEEP_MS = 1000;
/** When this many facts in a row fail alone and none succeeds, the fault is not in the facts. */
const MAX_LONE_FAILURES = 8;

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

/** How one claimed batch fares, over all its halves. */
interface Progress {
  succeeded: boolean;
  loneFailures: number;
}

export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #wakes: readonly Wake[];
  readonly #verdicts: VerdictReader;
  /** Connections that wait until a steady time, because Odoo refused them as a whole. */
  readonly #resting = new Map<string, number>();

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    this.#wakes = Array.from({ length: parts.config.lanes }, () => new Wake());
    this.#verdicts = new VerdictReader(parts.clock, parts.metrics);
    parts.link.onOpen(() => this.wake());
  }

  /** There may be facts. */
  wake(): void {
    for (const wake of this.#wakes) wake.ring();
  }

  /** Works on all lanes until `stop`; batches under way are finished unless `hard` aborts them. */
  async run(stop: AbortSignal, hard: AbortSignal): Promise<void> {
    await Promise.all(this.#wakes.map((wake, lane) => this.#work(lane, wake, stop, hard)));
  }

  async #work(lane: number, wake: Wake, stop: AbortSignal, hard: AbortSignal): Promise<void> {
    const { link, config, clock, log } = this.#parts;
    while (await link.whenOpen(stop)) {
      try {
        if (await this.deliverNext(lane, hard)) continue;
        await wake.wait(SWEEP_MS, stop);
        await clock.sleep(config.linger_ms, stop);
      } catch (error) {
        log.error("delivery failed", { lane, reason: errorText(error) });
        await clock.sleep(SWEEP_MS, stop);
      }
    }
  }

  /** Delivers the lane's next batch; false when nothing is due. */
  async deliverNext(lane: number, signal: AbortSignal): Promise<boolean> {
    const batch = await this.#parts.queue.claim(lane, this.#except());
    if (batch === null) return false;
    const progress: Progress = { succeeded: false, loneFailures: 0 };
    await this.#deliver(batch, batch.facts, progress, signal);
    return true;
  }

  #except(): ReadonlySet<string> {
    const now = this.#parts.clock.steady();
    for (const [code, until] of this.#resting) if (until <= now) this.#resting.delete(code);
    return new Set([...this.#resting.keys(), ...this.#parts.link.unknown]);
  }

  async #deliver(
    batch: FactBatch,
    facts: readonly QueuedFact[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    const { api, queue, pauses, log, metrics } = this.#parts;
    if (this.#resting.has(batch.connection)) return this.#release(facts);
    const start = performance.now();
    let verdicts;
    try {
      verdicts = await api.ingest(exchangeBatch(batch, facts), signal);
    } catch (error) {
      return this.#afterFault(batch, facts, progress, error, signal);
    }
    progress.succeeded = true;
    const { settlements, soonest } = this.#verdicts.settle(batch.connection, facts, verdicts);
    await queue.settle(settlements);
    metrics.stage.observe({ stage: "deliver" }, (performance.now() - start) / 1000);
    this.#sayDead(batch.connection, settlements, facts);
    await pauses.resume("delivery", batch.connection);
    const ms = Math.round(performance.now() - start);
    log.info("delivered", { connection: batch.connection, count: facts.length, ms });
    if (soonest !== undefined) setTimeout(() => this.wake(), soonest).unref();
  }

  async #afterFault(
    batch: FactBatch,
    facts: readonly QueuedFact[],
    progress: Progress,
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const { link, log, metrics } = this.#parts;
    const fault = error instanceof MilepostError ? error : undefined;
    if (signal.aborted) return this.#release(facts);
    const code = fault?.code ?? "unexpected";
    metrics.retries.inc({ code });
    log.warn("batch failed", {
      connection: batch.connection,
      count: facts.length,
      code,
      reason: errorText(error),
    });
    if (!(await link.check(signal))) return this.#release(facts);
    if (fault?.code === "odoo_busy") return this.#putOff(facts, fault);
    if (fault?.retry === "pause") return this.#rest(batch.connection, facts, fault);
    if (facts.length > 1) return this.#halve(batch, facts, progress, signal);
    await this.#failAlone(batch.connection, facts, progress, error);
  }

  /** Odoo is well and this batch is not: halves find the fact that is at fault. */
  async #halve(
    batch: FactBatch,
    facts: readonly QueuedFact[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    const middle = Math.ceil(facts.length / 2);
    await this.#deliver(batch, facts.slice(0, middle), progress, signal);
    await this.#deliver(batch, facts.slice(middle), progress, signal);
  }

  async #failAlone(
    connection: string,
    facts: readonly QueuedFact[],
    progress: Progress,
    error: unknown,
  ): Promise<void> {
    const { clock, queue } = this.#parts;
    const problem = problemOf(error);
    const never = error instanceof MilepostError && error.retry === "never";
    const settlements = facts.map((it): Settlement => {
      const attempts = it.attempts + 1;
      const delay = never ? null : retryDelayMs(attempts);
      if (delay === null) {
        return { seq: it.seq, to: "dead", attempts, problem, at: clock.now().getTime() };
      }
      return { seq: it.seq, to: "retry", attempts, dueAt: clock.steady() + delay, problem };
    });
    await queue.settle(settlements);
    this.#sayDead(connection, settlements, facts);
    if (progress.succeeded || ++progress.loneFailures < MAX_LONE_FAILURES) return;
    await this.#rest(connection, [], error);
  }

  /** The connection as a whole is refused: its facts wait unharmed and are tried again later. */
  async #rest(connection: string, facts: readonly QueuedFact[], error: unknown): Promise<void> {
    const { clock, config, pauses } = this.#parts;
    this.#resting.set(connection, clock.steady() + config.probe_seconds * 1000);
    await pauses.pause("delivery", connection, error);
    await this.#release(facts);
  }

  async #putOff(facts: readonly QueuedFact[], fault: MilepostError): Promise<void> {
    const { clock, queue } = this.#parts;
    const dueAt = clock.steady() + Math.max(fault.retryAfterMs ?? 0, 500);
    const problem = problemOf(fault);
    await queue.settle(
      facts.map(({ seq, attempts }) => ({ seq, to: "retry", attempts, dueAt, problem })),
    );
  }

  async #release(facts: readonly QueuedFact[]): Promise<void> {
    await this.#parts.queue.settle(facts.map(({ seq }) => ({ seq, to: "released" })));
  }

  #sayDead(
    connection: string,
    settlements: readonly Settlement[],
    facts: readonly QueuedFact[],
  ): void {
    for (const [index, settlement] of settlements.entries()) {
      if (settlement.to !== "dead") continue;
      const { code, reason, path } = settlement.problem;
      const fact = facts[index]?.fact;
      this.#parts.metrics.deadLetters.inc({ connection, stage: "deliver" });
      this.#parts.log.warn("dead letter", {
        connection,
        code,
        reason,
        ...(path === undefined ? {} : { path }),
        ...(fact === undefined ? {} : { fact_key: fact.key, message_id: fact.message }),
      });
    }
  }
}

function exchangeBatch(batch: FactBatch, facts: readonly QueuedFact[]) {
  const used = new Set(facts.map(({ fact }) => fact.message));
  return {
    contract: CONTRACT_VERSION,
    connection: batch.connection,
    messages: batch.messages.filter((message) => used.has(message.id)),
    facts: facts.map(({ fact }) => fact),
  };
}
