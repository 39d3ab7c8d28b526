/**
 * Fetches what a partner does not send by itself.
 *
 * A page's messages and the cursor behind it are one commit, so that no crash can skip a page.
 * The pace follows the partner: at once while more is waiting, quick while something comes, slower
 * when it is quiet, as it asks for when it is busy.
 */
import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
} from "cockatiel";
import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { PauseBoard } from "../pause_board.ts";
import type { Page, Peer } from "../sources/source.ts";
import type { DiskGuard } from "../store/disk_guard.ts";
import type { Inbox, NewMessage } from "../store/inbox.ts";

/** After this many faults in a row the partner is left alone for a while. */
const BREAKER_FAULTS = 5;
/** How fast the pace slows down while nothing comes. */
const SLOWER = 1.5;
/** A partner that refuses our credentials or our request is asked again this seldom. */
const REFUSED_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 15 * 60_000;

export interface PollerParts {
  connection: Connection;
  peer: Peer;
  inbox: Inbox;
  pauses: PauseBoard;
  disk: DiskGuard;
  /** Called after a page with something new was committed. */
  onAccepted: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export class Poller {
  readonly #parts: PollerParts;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #fastest: number;
  readonly #slowest: number;
  #pace: number;
  #faults = 0;

  constructor(parts: PollerParts) {
    this.#parts = parts;
    const poll = parts.connection.config.poll;
    this.#fastest = (poll?.interval_seconds ?? 5) * 1000;
    this.#slowest = Math.max(this.#fastest, (poll?.max_interval_seconds ?? 60) * 1000);
    this.#pace = this.#fastest;
    const { code } = parts.connection;
    this.#breaker = circuitBreaker(
      handleWhen((error) => error instanceof MilepostError && error.retry === "later"),
      {
        breaker: new ConsecutiveBreaker(BREAKER_FAULTS),
        halfOpenAfter: new ExponentialBackoff({ initialDelay: 5000, maxDelay: 300_000 }),
      },
    );
    this.#breaker.onBreak(() => parts.metrics.breaker.set({ connection: code }, 1));
    this.#breaker.onReset(() => parts.metrics.breaker.set({ connection: code }, 0));
  }

  /** Polls until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.pollOnce(signal);
      await this.#parts.clock.sleep(wait, signal);
    }
  }

  /** One page; gives the milliseconds to wait before the next. */
  async pollOnce(signal: AbortSignal): Promise<number> {
    const { connection, disk } = this.#parts;
    if (disk.full) return this.#slowest;
    try {
      const page = await this.#breaker.execute(({ signal: abort }) => this.#fetch(abort), signal);
      const fresh = await this.#store(page);
      this.#faults = 0;
      await this.#parts.pauses.resume("poll", connection.code);
      return this.#nextWait(page, fresh);
    } catch (error) {
      if (signal.aborted) return 0;
      return this.#afterFault(error);
    }
  }

  async #fetch(signal: AbortSignal): Promise<Page> {
    const { connection, peer, inbox } = this.#parts;
    const { source, settings, code } = connection;
    if (source.fetchPage === undefined) throw new Error(`source ${source.id} cannot be polled`);
    const from = (await inbox.cursor(code))?.cursor ?? null;
    return source.fetchPage(peer, from, settings, signal);
  }

  async #store(page: Page): Promise<number> {
    const { connection, inbox, clock, metrics } = this.#parts;
    const at = clock.now().getTime();
    const messages = page.messages.map((it): NewMessage => ({
      connection: connection.code,
      channel: "poll",
      ...it,
      dedupeKey: dedupeKey(it.attributes, it.body),
      receivedAt: at,
    }));
    const acceptances = await inbox.acceptPage(connection.code, messages, page.cursor, at);
    const fresh = acceptances.filter((it) => !it.duplicate).length;
    const labels = { connection: connection.code, channel: "poll" };
    metrics.inboxMessages.inc({ ...labels, result: "accepted" }, fresh);
    metrics.inboxMessages.inc({ ...labels, result: "duplicate" }, acceptances.length - fresh);
    if (fresh > 0) this.#parts.onAccepted();
    return fresh;
  }

  #nextWait(page: Page, fresh: number): number {
    if (page.more) return 0;
    this.#pace = fresh > 0 ? this.#fastest : Math.min(this.#pace * SLOWER, this.#slowest);
    return this.#pace;
  }

  async #afterFault(error: unknown): Promise<number> {
    const { connection, pauses, log, metrics } = this.#parts;
    if (error instanceof BrokenCircuitError) return this.#fastest;
    const fault = error instanceof MilepostError ? error : undefined;
    const code = fault?.code ?? "source_failed";
    this.#faults++;
    metrics.retries.inc({ code });
    log.warn("poll failed", {
      connection: connection.code,
      code,
      reason: errorText(error),
      attempt: this.#faults,
    });
    if (fault?.retry !== "later" || this.#faults >= BREAKER_FAULTS) {
      await pauses.pause("poll", connection.code, error);
    }
    if (fault?.retry !== "later") return REFUSED_WAIT_MS;
    const backoff = Math.min(this.#fastest * 2 ** Math.min(this.#faults - 1, 6), this.#slowest);
    return Math.min(Math.max(backoff, fault.retryAfterMs ?? 0), LONGEST_WAIT_MS);
  }
}

/** A page that is fetched again holds the same messages: same attributes, same bytes. */
function dedupeKey(attributes: Record<string, string>, body: Buffer): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${value}\0`);
  return hash.update(body).digest("hex");
}
