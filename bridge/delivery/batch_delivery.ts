/**
 * One claimed batch on its way to Odoo: as a whole, and when that fails by halves, until the fact
 * that is at fault stands alone. What Odoo does not answer in time is looked for with a short limit
 * and a budget; what is suspect then waits for its turn alone.
 */
import { CONTRACT_VERSION, type MessageHead, speaks } from "../canonical/exchange.ts";
import type { Fact } from "../canonical/fact.ts";
import type { Clock } from "../clock.ts";
import { errorText, MilepostError, problemOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { OdooLink } from "../odoo/odoo_link.ts";
import type { FactQueue } from "../queue/fact_queue.ts";
import { retryDelayMs } from "../queue/retry_policy.ts";
import type { FactBatch, QueuedFact, Settlement } from "../store/facts.ts";
import type { Suspects } from "./suspects.ts";
import type { TimeLimits } from "./time_limits.ts";
import type { VerdictReader } from "./verdicts.ts";

/** When this many facts in a row fail alone and none succeeds, the fault is not in the facts. */
const MAX_LONE_FAILURES = 8;
const FIRST_DELAY_MS = 5000;

export interface BatchDeliveryParts {
  api: ExchangeApi;
  link: OdooLink;
  queue: FactQueue;
  verdicts: VerdictReader;
  suspects: Suspects;
  limits: TimeLimits;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** The connection as a whole is refused (or not any more: no error). */
  onRefused: (connection: string, error: unknown) => Promise<void>;
  onAccepted: (connection: string) => Promise<void>;
  isResting: (connection: string) => boolean;
  /** Told when the soonest retry is due. */
  onRetry: (ms: number) => void;
}

export class BatchDelivery {
  readonly #parts: BatchDeliveryParts;
  readonly #batch: FactBatch;
  readonly #signal: AbortSignal;
  #succeeded = false;
  #loneFailures = 0;
  /** Steady time of the first call that Odoo did not answer in time. */
  #hungSince: number | undefined;

  constructor(parts: BatchDeliveryParts, batch: FactBatch, signal: AbortSignal) {
    this.#parts = parts;
    this.#batch = batch;
    this.#signal = signal;
  }

  /** Resolves when each fact of the batch is settled. */
  async run(): Promise<void> {
    const { suspects } = this.#parts;
    const { connection, facts } = this.#batch;
    const isSuspect = (it: QueuedFact) => suspects.has(connection, it.seq);
    const others = facts.filter((it) => !isSuspect(it));
    if (others.length > 0) await this.#deliver(others);
    for (const suspect of facts.filter(isSuspect)) {
      if (this.#hungSince === undefined) await this.#deliver([suspect]);
      else await this.#setAside([suspect]);
    }
  }

  async #deliver(facts: readonly QueuedFact[]): Promise<void> {
    const { queue, verdicts, suspects, limits, log, metrics } = this.#parts;
    const { connection } = this.#batch;
    if (this.#parts.isResting(connection)) return this.#release(facts);
    const start = performance.now();
    let answer;
    try {
      answer = await this.#ingest(facts);
    } catch (error) {
      return this.#afterFault(facts, error);
    }
    const ms = performance.now() - start;
    limits.answered(ms);
    this.#succeeded = true;
    const { settlements, soonest } = verdicts.settle(connection, facts, answer);
    await queue.settle(settlements, this.#signal);
    suspects.delete(connection, seqsOf(facts));
    metrics.stage.observe({ stage: "deliver" }, ms / 1000);
    this.#sayDead(settlements, facts);
    await this.#parts.onAccepted(connection);
    log.info("delivered", { connection, count: facts.length, ms: Math.round(ms) });
    if (soonest !== undefined) this.#parts.onRetry(soonest);
  }

  /** The first call has the transport's own limit; those that look for what hangs a short one. */
  async #ingest(facts: readonly QueuedFact[]) {
    const { api, link, suspects, limits } = this.#parts;
    const call = exchangeBatch(this.#batch, facts, link.contract);
    if (this.#hungSince === undefined && !suspects.some(this.#batch.connection)) {
      return api.ingest(call, this.#signal);
    }
    const limit = AbortSignal.timeout(limits.shortMs);
    try {
      return await api.ingest(call, AbortSignal.any([this.#signal, limit]));
    } catch (error) {
      if (!limit.aborted || this.#signal.aborted) throw error;
      throw new MilepostError(`Odoo did not answer within ${limits.shortMs / 1000} s`, {
        code: "odoo_timeout",
        retry: "later",
        culprit: "odoo",
        cause: error,
      });
    }
  }

  async #afterFault(facts: readonly QueuedFact[], error: unknown): Promise<void> {
    const { link, log, metrics, clock } = this.#parts;
    const { connection } = this.#batch;
    const fault = error instanceof MilepostError ? error : undefined;
    if (this.#signal.aborted) return this.#release(facts);
    const code = fault?.code ?? "unexpected";
    metrics.retries.inc({ code });
    log.warn("batch failed", { connection, count: facts.length, code, reason: errorText(error) });
    if (!(await link.check(this.#signal))) return this.#release(facts);
    if (code === "odoo_timeout") this.#hungSince ??= clock.steady();
    if (fault?.code === "odoo_busy") return this.#putOff(facts, fault);
    if (fault?.retry === "pause") {
      await this.#parts.onRefused(connection, fault);
      return this.#release(facts);
    }
    if (facts.length === 1) return this.#failAlone(facts, error);
    if (code === "odoo_timeout" && this.#isOverBudget()) return this.#setAside(facts);
    // Odoo is well and this batch is not: halves find the fact that is at fault.
    const middle = Math.ceil(facts.length / 2);
    await this.#deliver(facts.slice(0, middle));
    await this.#deliver(facts.slice(middle));
  }

  #isOverBudget(): boolean {
    const { clock, limits } = this.#parts;
    return this.#hungSince !== undefined && clock.steady() - this.#hungSince > limits.budgetMs;
  }

  /** Each goes alone from now on, soon again; nothing says yet which of them hangs. */
  async #setAside(facts: readonly QueuedFact[]): Promise<void> {
    const { suspects, log } = this.#parts;
    suspects.add(this.#batch.connection, seqsOf(facts));
    log.warn("facts go alone", { connection: this.#batch.connection, count: facts.length });
    const problem = { code: "odoo_timeout", reason: "Odoo did not answer a call with this fact" };
    await this.#retry(facts, problem, FIRST_DELAY_MS);
  }

  async #failAlone(facts: readonly QueuedFact[], error: unknown): Promise<void> {
    const { clock, queue, suspects } = this.#parts;
    const { connection } = this.#batch;
    const problem = problemOf(error);
    const never = error instanceof MilepostError && error.retry === "never";
    if (problem.code === "odoo_timeout") suspects.add(connection, seqsOf(facts));
    const settlements = facts.map((it): Settlement => {
      const attempts = it.attempts + 1;
      const delay = never ? null : retryDelayMs(attempts);
      if (delay === null) {
        return { seq: it.seq, to: "dead", attempts, problem, at: clock.now().getTime() };
      }
      return { seq: it.seq, to: "retry", attempts, dueAt: clock.steady() + delay, problem };
    });
    await queue.settle(settlements, this.#signal);
    const dead = settlements.filter((it) => it.to === "dead");
    suspects.delete(
      connection,
      dead.map((it) => it.seq),
    );
    this.#sayDead(settlements, facts);
    if (this.#succeeded || ++this.#loneFailures < MAX_LONE_FAILURES) return;
    await this.#parts.onRefused(connection, error);
  }

  async #putOff(facts: readonly QueuedFact[], fault: MilepostError): Promise<void> {
    await this.#retry(facts, problemOf(fault), Math.max(fault.retryAfterMs ?? 0, 500));
  }

  /** Again after the delay; the try does not count. */
  async #retry(
    facts: readonly QueuedFact[],
    problem: ReturnType<typeof problemOf>,
    delayMs: number,
  ): Promise<void> {
    const dueAt = this.#parts.clock.steady() + delayMs;
    const settlements = facts.map(({ seq, attempts }): Settlement => ({
      seq,
      to: "retry",
      attempts,
      dueAt,
      problem,
    }));
    await this.#parts.queue.settle(settlements, this.#signal);
  }

  async #release(facts: readonly QueuedFact[]): Promise<void> {
    const settlements = facts.map(({ seq }): Settlement => ({ seq, to: "released" }));
    await this.#parts.queue.settle(settlements, this.#signal);
  }

  #sayDead(settlements: readonly Settlement[], facts: readonly QueuedFact[]): void {
    const { connection } = this.#batch;
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

function seqsOf(facts: readonly QueuedFact[]): number[] {
  return facts.map((it) => it.seq);
}

/** `theirs`: the addon's contract; what it does not know is left out, or it refused the batch. */
function exchangeBatch(batch: FactBatch, facts: readonly QueuedFact[], theirs: string) {
  const used = new Set(facts.map(({ fact }) => fact.message));
  const messages = batch.messages.filter((message) => used.has(message.id));
  return {
    contract: CONTRACT_VERSION,
    connection: batch.connection,
    messages: speaks(theirs, "1.2") ? messages : messages.map(untraced),
    facts: facts.map(({ fact }) => (speaks(theirs, "1.5") ? fact : unloaded(fact))),
  };
}

/** A loading without what was loaded: its words in the text stay. */
function unloaded(fact: Fact): Fact {
  if (fact.kind !== "milestone" || fact.loaded === undefined) return fact;
  const { loaded: _loaded, ...rest } = fact;
  return rest;
}

function untraced({ trace_id: _trace, ...head }: MessageHead): MessageHead {
  return head;
}
