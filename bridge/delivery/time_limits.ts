/** How long a call to Odoo may take before somebody else need not wait for it. */

const SLOW_MS = 5000;
const SHORT_MS = 10_000;
const BUDGET_MS = 60_000;
/** A short limit is never below so many times what calls take just now. */
const OVER_USUAL = 4;
const DECAY = 0.9;

export class TimeLimits {
  readonly #callMs: number;
  #usualMs = 0;

  /** `callMs`: the limit of an ordinary call. */
  constructor(callMs: number) {
    this.#callMs = callMs;
  }

  /** A call was answered after so long. */
  answered(ms: number): void {
    this.#usualMs = Math.max(ms, this.#usualMs * DECAY);
  }

  /** After so long the lane goes on with other connections. */
  get slowMs(): number {
    return Math.min(SLOW_MS, this.#callMs / 4);
  }

  /** The limit of calls that look for what hangs: a slow Odoo as a whole must not look like it. */
  get shortMs(): number {
    return Math.min(
      this.#callMs,
      Math.max(Math.min(SHORT_MS, this.#callMs / 2), this.#usualMs * OVER_USUAL),
    );
  }

  /** What a batch may take to find what hangs; what is not found by then goes alone. */
  get budgetMs(): number {
    return Math.min(BUDGET_MS, this.#callMs);
  }
}
