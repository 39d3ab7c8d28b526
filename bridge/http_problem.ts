/** Errors towards HTTP callers: RFC 9457, `application/problem+json`. */
import type { Response } from "express";

export interface ProblemDocument {
  /** Stable code of docs/errors.md. */
  code: string;
  status: number;
  title: string;
  detail?: string;
  /** Where in the body the fault lies: JSON pointer or position. */
  path?: string;
}

/** Answers with a problem document; `retryAfterSeconds` sets the header. */
export function sendProblem(
  response: Response,
  problem: ProblemDocument,
  retryAfterSeconds?: number,
): void {
  if (retryAfterSeconds !== undefined) response.setHeader("Retry-After", String(retryAfterSeconds));
  response
    .status(problem.status)
    .type("application/problem+json")
    .send(JSON.stringify({ type: `urn:milepost:error:${problem.code}`, ...problem }));
}
