/**
 * How a consumer of events fares: what fails once is tried again by its own schedule, but one who
 * takes nothing for long is only probed, so that his events wait and none of them uses up its tries.
 */
import type { MilepostError } from "../errors.ts";
import { retryDelayMs } from "../queue/retry_policy.ts";

/** One who stands still is asked this often, with one event. */
export const PROBE_MS = 60_000;
/** News that waits longer after he is well again is none: 8 tries in a good two hours. */
const LONGEST_MS = 30 * 60_000;

export class ConsumerWatch {
  readonly #pauseAfterMs: number;
  /** Since when nothing was taken, in steady time; nothing while he takes. */
  #failingSince: number | undefined;
  #probeAt = 0;
  /** Of events: how often each failed while he took others. Tries while he took none cost it nothing. */
  readonly #alone = new Map<number, number>();

  constructor(pauseAfterMs: number) {
    this.#pauseAfterMs = pauseAfterMs;
  }

  /** He took an event. */
  took(id: number): void {
    this.#failingSince = undefined;
    this.#probeAt = 0;
    this.#alone.delete(id);
  }

  /** How many events may be asked for: all, one to probe him, none before it is time. */
  limit(now: number, usual: number): number {
    if (this.#probeAt === 0) return usual;
    return now >= this.#probeAt ? 1 : 0;
  }

  /**
   * He did not take an event. Gives when it is tried again, null when it never will be: it fails
   * again and again while he takes others. `standsStill`: he is paused from now on.
   */
  failed(
    now: number,
    { id, attempt }: { id: number; attempt: number },
    { retry, retryAfterMs }: MilepostError,
  ): { delayMs: number | null; standsStill: boolean } {
    const isFirst = this.#failingSince === undefined;
    this.#failingSince ??= now;
    const standsStill = retry === "pause" || now - this.#failingSince >= this.#pauseAfterMs;
    if (standsStill) {
      this.#probeAt = now + PROBE_MS;
      // Not before the next probe: one event that he cannot take would hide that he takes others.
      return { delayMs: 2 * PROBE_MS, standsStill };
    }
    const alone = (this.#alone.get(id) ?? 0) + Number(isFirst);
    this.#alone.set(id, alone);
    if (isFirst && retryDelayMs(alone) === null) {
      this.#alone.delete(id);
      return { delayMs: null, standsStill };
    }
    const delayMs = retryDelayMs(attempt, retryAfterMs) ?? PROBE_MS;
    return { delayMs: Math.min(delayMs, Math.max(LONGEST_MS, retryAfterMs ?? 0)), standsStill };
  }
}
