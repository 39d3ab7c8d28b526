/** What can go wrong on the wire, as errors with a retry decision. Shared by all HTTP clients. */
import { errors } from "undici";
import { MilepostError } from "./errors.ts";

const TIMEOUTS = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

/** Faults of the certificate or the name: the same tomorrow, so people must act. */
const CONFIGURATION = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|ENOTFOUND$)/;

/** The error code that Node or undici gave, looked for through wrapped causes. */
export function faultCode(error: unknown): string {
  for (
    let it: unknown = error, depth = 0;
    it instanceof Error && depth < 5;
    it = it.cause, depth++
  ) {
    const { code } = it as { code?: unknown };
    if (typeof code === "string") return code;
    if (it instanceof AggregateError && it.errors[0] instanceof Error) it.cause ??= it.errors[0];
  }
  return error instanceof Error ? error.name : "unknown";
}

/**
 * Turns what a client threw into a MilepostError: `<prefix>_unreachable` or `<prefix>_timeout`.
 * An error that is a MilepostError already, or an abort of our own, goes through as it is.
 */
export function networkFault(error: unknown, prefix: string, culprit: string): unknown {
  if (error instanceof MilepostError) return error;
  if (error instanceof errors.RequestAbortedError) return error;
  if (error instanceof Error && error.name === "AbortError") return error;
  const code = faultCode(error);
  const slow = TIMEOUTS.has(code) || (error instanceof Error && error.name === "TimeoutError");
  return new MilepostError(
    slow ? `${culprit} did not answer in time` : `${culprit} cannot be reached (${code})`,
    {
      code: slow ? `${prefix}_timeout` : `${prefix}_unreachable`,
      retry: "later",
      culprit,
      cause: error,
      ...(CONFIGURATION.test(code)
        ? { hint: "check the host name and the certificate (ca_file) in the configuration" }
        : {}),
    },
  );
}

/** Retry-After in milliseconds: seconds or an HTTP date; nothing sensible gives undefined. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
