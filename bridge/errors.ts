/**
 * The bridge's errors. Each names the culprit, says what to do, and carries the retry decision, so
 * that whoever catches one need not guess from its text.
 */
import { struck } from "./redaction.ts";

/**
 * - `never`: the same input fails again; a dead letter for people
 * - `later`: a passing fault; the row is tried again after a backoff
 * - `quarantine`: a message in a version that nobody taught the bridge, or of parties that are not the
 *   connection's; kept aside until released
 * - `pause`: configuration or permission; the connection or lane stops and says so, nothing is used up
 */
export type RetryDecision = "never" | "later" | "quarantine" | "pause";

export interface ErrorDetails {
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

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "MilepostError";
    this.code = details.code;
    this.retry = details.retry;
    this.culprit = details.culprit;
    this.hint = details.hint;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The text of anything thrown, for logs and dead letters. */
export function errorText(error: unknown): string {
  return struck(error instanceof Error ? error.message : String(error));
}

/** Why something could not go on, for people: kept with a message, a fact or a dead letter. */
export interface Problem {
  code: string;
  reason: string;
  path?: string | undefined;
  hint?: string | undefined;
}

/** The problem of anything thrown; `unexpected` words what is no MilepostError. */
export function problemOf(
  error: unknown,
  unexpected: (text: string) => Problem = (reason) => ({ code: "unexpected", reason }),
): Problem {
  if (!(error instanceof MilepostError)) return unexpected(errorText(error));
  return { code: error.code, reason: error.message, path: error.path, hint: error.hint };
}
