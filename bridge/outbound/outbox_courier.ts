/**
 * Takes the items of Odoo's outbox (transport orders, changes, cancellations, outcomes, events) to
 * the TMS, or the consumer of events, and the answer back.
 *
 * Claim (with a lease) → remember → send → remember the answer → acknowledge. A crash between two
 * steps repeats the step: sending again with the same idempotency key changes nothing at the TMS,
 * acknowledging again nothing in Odoo. Odoo keeps the schedule: what fails for now is given back
 * with `not_before`.
 */
import { type OrderItem, type OutboxItem, speaks } from "../canonical/exchange.ts";
import type { OrderPurpose, OrderReceipt } from "../canonical/transport_order.ts";
import { toUtcText, type Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import type { OdooLink } from "../odoo/odoo_link.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { PauseBoard } from "../pause_board.ts";
import { retryDelayMs } from "../queue/retry_policy.ts";
import type { Peer, Source } from "../sources/source.ts";
import { ConsumerWatch, PROBE_MS } from "./consumer_watch.ts";
import { expectedAnswers } from "./expectations.ts";
import { type Answer, answerOf, takesNone, withCleanReason } from "./receipts.ts";
import type { OutboxRow, Outbox } from "../store/outbox.ts";
import type { DeadLetters } from "../store/dead_letters.ts";

const CLAIM_LIMIT = 20;
/** A failed call to Odoo that is itself well: no hurry to repeat it. */
const REFUSED_MS = 15_000;
const SLOWER = 1.5;

export interface OutboxCourierParts {
  connection: Connection;
  peer: Peer;
  /** What the partner does not take is missing here, and Odoo is told so. */
  send: Sending;
  api: ExchangeApi;
  link: OdooLink;
  outbox: Outbox;
  deadLetters: DeadLetters;
  pauses: PauseBoard;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export type Sending = Pick<Source, "sendOrder" | "sendOutcome" | "sendEvent">;

const PURPOSES = {
  transport_order: "original",
  order_change: "change",
  order_cancellation: "cancellation",
} as const satisfies Record<OrderItem["kind"], OrderPurpose>;

const HINTS = {
  order: "mend the order in Odoo and send it again from there",
  event: "ask the consumer why, then send the event again from Odoo",
} as const;

export class OutboxCourier {
  readonly #parts: OutboxCourierParts;
  readonly #code: string;
  readonly #consumer: ConsumerWatch;
  /** Outbox that must not be sent again before a steady time. */
  readonly #rest = new Map<number, number>();

  constructor(parts: OutboxCourierParts) {
    this.#parts = parts;
    this.#code = parts.connection.code;
    this.#consumer = new ConsumerWatch(parts.connection.config.orders.pause_after_seconds * 1000);
  }

  /** Carries orders until `stop`; what is under way is finished unless `hard` aborts it. */
  async run(stop: AbortSignal, hard: AbortSignal): Promise<void> {
    const { link, clock, connection } = this.#parts;
    const fastest = connection.config.orders.interval_seconds * 1000;
    const slowest = Math.max(fastest, connection.config.orders.max_interval_seconds * 1000);
    let pace = fastest;
    while (await link.whenOpen(stop)) {
      const carried = await this.carryOnce(hard);
      if (carried === "refused") pace = REFUSED_MS;
      else if (carried >= CLAIM_LIMIT) pace = 0;
      else pace = carried > 0 ? fastest : Math.min(Math.max(pace, fastest) * SLOWER, slowest);
      await clock.sleep(pace, stop);
    }
  }

  /** One round; gives how many orders were handed out by Odoo, or that it refused. */
  async carryOnce(signal: AbortSignal): Promise<number | "refused"> {
    const { link } = this.#parts;
    if (link.unknown.has(this.#code)) return "refused";
    try {
      const claimed = await this.#claim(signal);
      await this.#carry(signal);
      return claimed;
    } catch (error) {
      if (signal.aborted) return 0;
      const { log, pauses } = this.#parts;
      log.warn("orders not claimed", { connection: this.#code, reason: errorText(error) });
      if (!(await link.check(signal))) return 0;
      if (error instanceof MilepostError && error.retry !== "later") {
        await pauses.pause("orders", this.#code, error);
      }
      return "refused";
    }
  }

  async #claim(signal: AbortSignal): Promise<number> {
    const { api, outbox, clock, connection, log } = this.#parts;
    const seconds = connection.config.orders.lease_seconds;
    // Counted from before the question, so that our lease never outlasts Odoo's.
    const leaseUntil = clock.steady() + seconds * 1000;
    const limit = this.#consumer.limit(clock.steady(), CLAIM_LIMIT);
    if (limit === 0) return 0;
    const items = await api.claimOutbox(this.#code, limit, seconds, signal);
    if (items.length > 0) {
      await outbox.recordClaim(this.#code, items, leaseUntil);
      log.info("orders claimed", { connection: this.#code, count: items.length });
    }
    return items.length;
  }

  /** Everything that is open, just claimed or left over from before a restart. */
  async #carry(signal: AbortSignal): Promise<void> {
    const { outbox, clock, connection } = this.#parts;
    const now = clock.steady();
    for (const [id, until] of this.#rest) if (until <= now) this.#rest.delete(id);
    const open = await outbox.open(this.#code, now);
    const due = open.filter(({ item, state }) => state === "answered" || !this.#rest.has(item.id));
    const workers = Math.min(connection.config.orders.concurrent, due.length);
    const next = async (): Promise<void> => {
      for (let row = due.shift(); row !== undefined; row = due.shift()) {
        await this.#handle(row, signal);
      }
    };
    await Promise.all(Array.from({ length: workers }, next));
  }

  async #handle(row: OutboxRow, signal: AbortSignal): Promise<void> {
    if (row.state === "answered" && row.receipt !== null) {
      return this.#acknowledge(row, this.#answerOf(row, row.receipt), signal);
    }
    const { peer, sftp } = this.#parts.connection.config;
    const limit = (peer?.request_seconds ?? sftp?.request_seconds ?? 30) * 1000;
    // Odoo may hand it to another before we are through: then it comes back with a new lease.
    if (row.leaseUntil - this.#parts.clock.steady() < limit) return;
    await this.#send(row, signal);
  }

  async #send(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const { outbox, pauses, metrics, log } = this.#parts;
    const { id } = row.item;
    const start = performance.now();
    let receipt: OrderReceipt;
    try {
      receipt = withCleanReason(await this.#tellPartner(row.item, signal));
    } catch (error) {
      if (signal.aborted) return;
      return this.#afterFault(row, error, signal);
    }
    metrics.stage.observe({ stage: "order" }, (performance.now() - start) / 1000);
    this.#count(row, receipt.result);
    this.#consumer.took(id);
    await outbox.recordReceipt(this.#code, id, receipt);
    await pauses.resume("orders", this.#code);
    log.info("order sent", { connection: this.#code, order: id, code: receipt.result });
    if (receipt.result === "rejected")
      await this.#writeDeadLetter(row, "order_rejected", receipt.reason);
    await this.#acknowledge(row, this.#answerOf(row, receipt), signal);
    this.#rest.delete(id);
  }

  /** What Odoo is told, with the answers that are still to come once the partner has the order. */
  #answerOf({ item }: OutboxRow, receipt: OrderReceipt): Answer {
    const { connection, link, clock } = this.#parts;
    const answer = answerOf(receipt);
    if (receipt.result === "rejected" || !speaks(link.contract, "1.4")) return answer;
    const { expect } = connection.config.orders;
    const usual = connection.source.answerHours ?? {};
    const expects = expectedAnswers(item, expect, usual, clock.now());
    return expects.length === 0 ? answer : { ...answer, expects };
  }

  #tellPartner(item: OutboxItem, signal: AbortSignal): Promise<OrderReceipt> {
    const { connection, peer, send } = this.#parts;
    const { settings } = connection;
    const { id, idempotency_key: key, attempt } = item;
    if (item.kind === "event") {
      return send.sendEvent?.(peer, item.payload, id, settings, signal) ?? takesNone("events");
    }
    if (item.kind === "outcome") {
      return send.sendOutcome?.(peer, item.payload, key, settings, signal) ?? takesNone("outcomes");
    }
    const purpose = PURPOSES[item.kind];
    const outgoing = { purpose, order: item.payload, key, number: id, attempt };
    return send.sendOrder?.(peer, outgoing, settings, signal) ?? takesNone("orders");
  }

  /** Events are counted apart: orders are work for people, events are news. */
  #count({ item }: OutboxRow, result: Answer["result"]): void {
    const { metrics } = this.#parts;
    const counter = item.kind === "event" ? metrics.events : metrics.orders;
    counter.inc({ connection: this.#code, result });
  }

  async #afterFault(row: OutboxRow, error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, log, metrics, pauses, outbox } = this.#parts;
    const fault = error instanceof MilepostError ? error : undefined;
    const code = fault?.code ?? "source_failed";
    const reason = errorText(error);
    const { id, attempt } = row.item;
    metrics.retries.inc({ code });
    log.warn("order not sent", { connection: this.#code, order: id, attempt, code, reason });
    const { delayMs: delay, standsStill } = this.#scheduleOf(row, fault);
    if (standsStill) await pauses.pause("orders", this.#code, error);
    if (fault === undefined || fault.retry === "never" || delay === null) {
      const receipt: OrderReceipt = { result: "rejected", reason: reason.slice(0, 512) };
      this.#count(row, "rejected");
      await outbox.recordReceipt(this.#code, id, receipt);
      await this.#writeDeadLetter(row, code, reason);
      return this.#acknowledge(row, answerOf(receipt), signal);
    }
    this.#count(row, "retry");
    this.#rest.set(id, clock.steady() + delay);
    const not_before = toUtcText(new Date(clock.now().getTime() + delay));
    const answer: Answer = { result: "retry", reason: reason.slice(0, 512), not_before };
    await this.#acknowledge(row, answer, signal);
  }

  /** When what failed is tried again, and whether the partner is paused. */
  #scheduleOf(
    { item }: OutboxRow,
    fault: MilepostError | undefined,
  ): { delayMs: number | null; standsStill: boolean } {
    if (fault !== undefined && fault.retry !== "never" && item.kind === "event") {
      return this.#consumer.failed(this.#parts.clock.steady(), item, fault);
    }
    const standsStill = fault?.retry === "pause";
    const delayMs = standsStill ? PROBE_MS : retryDelayMs(item.attempt, fault?.retryAfterMs);
    return { delayMs, standsStill };
  }

  /** Tells Odoo. What cannot be told now stays open and is told in the next round. */
  async #acknowledge(row: OutboxRow, answer: Answer, signal: AbortSignal): Promise<void> {
    const { api, outbox, log } = this.#parts;
    const { id, lease } = row.item;
    let status: string | undefined;
    try {
      const [result] = await api.acknowledgeOutbox([{ id, lease, ...answer }], signal);
      status = result?.status;
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof MilepostError ? error.code : "unexpected";
      log.warn("order not acknowledged", { connection: this.#code, order: id, code });
      return;
    }
    const done = status === "done" && answer.result !== "retry";
    await outbox.recordEnd(this.#code, id, done ? "done" : "returned");
    if (status !== "done") {
      log.warn("order's lease was lost", { connection: this.#code, order: id, code: status ?? "" });
    }
  }

  async #writeDeadLetter(row: OutboxRow, code: string, reason: string): Promise<void> {
    const { deadLetters, clock, metrics } = this.#parts;
    metrics.deadLetters.inc({ connection: this.#code, stage: "outbound" });
    await deadLetters.write({
      connection: this.#code,
      stage: "outbound",
      messageId: null,
      factKey: null,
      orderId: row.item.id,
      problem: { code, reason, hint: HINTS[row.item.kind === "event" ? "event" : "order"] },
      attempts: row.item.attempt,
      createdAt: clock.now().getTime(),
    });
  }
}
