/** Time, injectable, so that tests hold it still and a jump of the wall clock moves no lease. */
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** The wall clock: what people read and what partners signed. */
  now(): Date;
  /**
   * Milliseconds since the epoch that never jump while the process lives: the wall clock at the
   * start plus the monotonic clock. Leases and backoff are written in this time.
   */
  steady(): number;
  /** Resolves after the time, or at once when the signal is aborted (it never rejects). */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export function systemClock(): Clock {
  const start = Date.now() - performance.now();
  return {
    now: () => new Date(),
    steady: () => Math.round(start + performance.now()),
    sleep: async (ms, signal) => {
      if (signal.aborted || ms <= 0) return;
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** UTC to the second, as the canonical model writes it. */
export function toUtcText(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
