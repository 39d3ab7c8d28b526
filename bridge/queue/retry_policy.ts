/** When a failed fact is tried again. The schedule is on the row, so a restart forgets nothing. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** About 18 hours in all: a night and a morning in which somebody can mend what is broken. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
];

/** At most this share is added, so that what failed together does not come back together. */
const JITTER = 0.2;

export const LONGEST_DELAY_MS = 10 * HOUR * (1 + JITTER);

/**
 * The delay after the n-th failed try (1 = the first), or null when it is time for a dead letter.
 * A Retry-After counts when it is longer, up to the longest delay.
 */
export function retryDelayMs(
  attempts: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number | null {
  const delay = RETRY_DELAYS_MS[attempts - 1];
  if (delay === undefined) return null;
  const wanted = Math.max(delay, retryAfterMs) * (1 + JITTER * random());
  return Math.round(Math.min(wanted, LONGEST_DELAY_MS));
}

/** A `retry` verdict means a concurrent change in Odoo, over in milliseconds: soon again, then slower. */
export function contentionDelayMs(tries: number, random: () => number = Math.random): number {
  return Math.round(Math.min(100 * 2 ** Math.min(tries, 6), 5 * SECOND) * (0.5 + random()));
}
