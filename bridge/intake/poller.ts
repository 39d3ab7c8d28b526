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
import type { Page, PageWarning, Peer, PolledMessage, TrackedNumber } from "../sources/source.ts";
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
  /** Tracking numbers of which Odoo wants to hear; nothing while it was not heard yet. */
  numbers?: () => readonly TrackedNumber[] | undefined;
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
  #said: ReadonlySet<string> = new Set();

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
      const from = (await this.#parts.inbox.cursor(connection.code))?.cursor ?? null;
      const page = await this.#breaker.execute(
        ({ signal: abort }) => this.#fetch(from, abort),
        signal,
      );
      // Somebody reset the cursor meanwhile: this page's would undo it.
      const still = (await this.#parts.inbox.cursor(connection.code))?.cursor ?? null;
      if (still !== from) return 0;
      const fresh = await this.#store(page);
      this.#say(page.warnings ?? []);
      this.#faults = 0;
      await this.#parts.pauses.resume("poll", connection.code);
      return this.#nextWait(page, fresh);
    } catch (error) {
      if (signal.aborted) return 0;
      return this.#afterFault(error);
    }
  }

  async #fetch(from: string | null, signal: AbortSignal): Promise<Page> {
    const { connection, peer, clock } = this.#parts;
    const { source, settings } = connection;
    if (source.fetchPage === undefined) throw new Error(`source ${source.id} cannot be polled`);
    const numbers = this.#parts.numbers?.();
    return source.fetchPage(peer, from, settings, signal, clock.now(), numbers);
  }

  /** What a poll finds odd, once for as long as it lasts. */
  #say(warnings: readonly PageWarning[]): void {
    for (const { code, text, hint } of warnings) {
      if (this.#said.has(code)) continue;
      this.#parts.log.warn("poll", {
        connection: this.#parts.connection.code,
        code,
        reason: text,
        ...(hint === undefined ? {} : { hint }),
      });
    }
    this.#said = new Set(warnings.map((it) => it.code));
  }

  async #store(page: Page): Promise<number> {
    const { connection, inbox, clock, metrics } = this.#parts;
    const at = clock.now().getTime();
    const messages = page.messages.map(({ identity, said, ...it }): NewMessage => ({
      connection: connection.code,
      channel: "poll",
      ...it,
      dedupeKey: dedupeKey({ ...it, ...(said !== undefined && { said }) }, identity),
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
      await pauses.pause("poll", connection.code, withHint(error, connection.code));
    }
    if (fault?.retry !== "later") return REFUSED_WAIT_MS;
    const backoff = Math.min(this.#fastest * 2 ** Math.min(this.#faults - 1, 6), this.#slowest);
    return Math.min(Math.max(backoff, fault.retryAfterMs ?? 0), LONGEST_WAIT_MS);
  }
}

/** A partner that refuses our question may refuse the time in it: people can take that away. */
function withHint(error: unknown, connection: string): unknown {
  if (!(error instanceof MilepostError) || error.code !== "peer_refused") return error;
  const { code, retry, message } = error;
  const hint = `does it refuse the cursor? milepost cursor show ${connection}, then reset`;
  return new MilepostError(message, { code, retry, culprit: connection, hint });
}

/** What comes again is the same message: by its list, or its attributes, and by what it says. */
function dedupeKey(
  { attributes, body, said }: PolledMessage,
  identity: string | undefined,
): string {
  const hash = createHash("sha256");
  const parts = identity === undefined ? attributes : { identity };
  for (const [name, value] of Object.entries(parts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${value}\0`);
  return hash.update(said ?? body).digest("hex");
}
