/**
 * The bridge's errors. Each names the culprit, says what to do, and carries the retry decision, so
 * that whoever catches one need not guess from its text.
 */

/**
 * - `never`: the same input fails again; a dead letter for people
 * - `later`: a passing fault; the row is tried again after a backoff
 * - `quarantine`: a message in a version that nobody taught the bridge; kept aside until released
 * - `pause`: configuration or permission; the connection or lane stops and says so, nothing is used up
 */
export type RetryDecision = "never" | "later" | "quarantine" | "pause";

export interface ErrorFacts {
  /** Stable code from the catalogue in docs/errors.md, such as `odoo_unreachable`. */
  code: string;
  retry: RetryDecision;
  /** Who or what is at fault: a connection, a file, a field. */
  culprit?: string;
  /** What the reader can do about it. */
  hint?: string;
  /** JSON pointer or segment position of the fault. */
  path?: string;
  /** Not before this many milliseconds (Retry-After). */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

export class MilepostError extends Error {
  readonly code: string;
  readonly retry: RetryDecision;
  readonly culprit: string | undefined;
  readonly hint: string | undefined;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "MilepostError";
    this.code = facts.code;
    this.retry = facts.retry;
    this.culprit = facts.culprit;
    this.hint = facts.hint;
    this.path = facts.path;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** The text of anything thrown, for logs and dead letters. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
