/**
 * What is paused, why, and since when. One place says it to the log, the metrics, the store
 * (for `milepost status`) and Odoo.
 */
import { errorText, MilepostError } from "./errors.ts";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { Pause, PauseScope, Pauses } from "./store/pauses.ts";

export class PauseBoard {
  readonly #pauses = new Map<string, Pause>();
  readonly #listeners = new Set<() => void>();
  readonly #store: Pauses;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #metrics: Metrics;

  constructor(store: Pauses, clock: Clock, log: Logger, metrics: Metrics) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Called after each change; returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): Pause[] {
    return [...this.#pauses.values()];
  }

  get(scope: PauseScope, connection: string): Pause | undefined {
    return this.#pauses.get(`${scope}/${connection}`);
  }

  /** Says that it is paused. Saying the same again changes nothing, `since` stays. */
  async pause(scope: PauseScope, connection: string, error: unknown): Promise<void> {
    const before = this.get(scope, connection);
    const code = error instanceof MilepostError ? error.code : "unexpected";
    const reason = errorText(error);
    if (before?.code === code && before.reason === reason) return;
    const hint = error instanceof MilepostError ? (error.hint ?? null) : null;
    const since = before?.since ?? this.#clock.now().getTime();
    const pause: Pause = { scope, connection, code, reason, hint, since };
    this.#pauses.set(`${scope}/${connection}`, pause);
    this.#metrics.paused.set({ scope, connection }, 1);
    this.#log.warn("paused", { scope, connection, code, reason, ...(hint ? { hint } : {}) });
    await this.#keep(this.#store.set(pause));
    for (const listener of this.#listeners) listener();
  }

  /** Says that it moves again; without a pause nothing happens. */
  async resume(scope: PauseScope, connection: string): Promise<void> {
    const before = this.get(scope, connection);
    if (before === undefined) return;
    this.#pauses.delete(`${scope}/${connection}`);
    this.#metrics.paused.set({ scope, connection }, 0);
    const ms = this.#clock.now().getTime() - before.since;
    this.#log.info("resumed", { scope, connection, code: before.code, ms });
    await this.#keep(this.#store.clear(scope, connection));
    for (const listener of this.#listeners) listener();
  }

  /** A store that cannot be written (disk full) must not end who only wanted to say why it waits. */
  async #keep(write: Promise<void>): Promise<void> {
    try {
      await write;
    } catch (error) {
      this.#log.error("pause not kept", { reason: errorText(error) });
    }
  }
}
