/** What a webhook's sender hears when its message is not taken, and what the log keeps of it. */
import type { Response } from "express";
import { errorText, MilepostError } from "../errors.ts";
import { sendProblem } from "../http_problem.ts";
import type { Hook, WebhookDoor } from "./webhook_door.ts";

/** How long a sender should wait when we cannot take anything now. */
const RETRY_AFTER_SECONDS = 15;

/** The answer to what was thrown while a request was handled. */
export function onError(door: WebhookDoor, error: unknown, response: Response): void {
  if (response.headersSent) return;
  const code = codeOf(response);
  const type = (error as { type?: unknown }).type;
  if (type === "entity.too.large") {
    tooLarge(door, response);
  } else if (error instanceof MilepostError && error.retry === "never") {
    refuse(door, response, code, {
      code: error.code,
      status: 400,
      title: "The message cannot be read",
      detail: error.message,
      ...(error.path === undefined ? {} : { path: error.path }),
    });
  } else if (error instanceof MilepostError) {
    door.log.error("webhook not stored", {
      connection: code,
      code: error.code,
      reason: error.message,
    });
    unavailable(door, response, code);
  } else if (typeof type === "string" || isClientFault(error)) {
    refuse(door, response, code, {
      code: "webhook_malformed",
      status: 400,
      title: "The request is broken",
    });
  } else {
    door.log.error("webhook failed", { connection: code, reason: errorText(error) });
    refuse(door, response, code, { code: "internal", status: 500, title: "The bridge failed" });
  }
}

/** The connection that a request is for. */
export function codeOf(response: Response): string {
  return (response.locals["hook"] as Hook | undefined)?.connection.code ?? "";
}

export function tooMany(door: WebhookDoor, connection: string, response: Response): void {
  const problem = { code: "webhook_too_many", status: 429, title: "Too many requests" };
  refuse(door, response, connection, problem, 60);
}

export function tooLarge(door: WebhookDoor, response: Response): void {
  const { connection } = response.locals["hook"] as Hook;
  refuse(door, response, connection.code, {
    code: "webhook_too_large",
    status: 413,
    title: "The body is too large",
    detail: `At most ${door.intake.body_bytes} bytes are taken.`,
  });
}

function isClientFault(error: unknown): boolean {
  const { status } = error as { status?: unknown };
  return typeof status === "number" && status >= 400 && status < 500;
}

export function unavailable(door: WebhookDoor, response: Response, connection: string): void {
  const problem = { code: "intake_unavailable", status: 503, title: "Nothing can be taken now" };
  refuse(door, response, connection, problem, RETRY_AFTER_SECONDS);
}

/** Refuses, counts it, and logs it with its reason; `why` is for the log only. */
export function refuse(
  door: WebhookDoor,
  response: Response,
  connection: string,
  problem: Parameters<typeof sendProblem>[1],
  retryAfterSeconds?: number,
  why?: string,
): void {
  count(door, connection, String(problem.status));
  const { code, status, title, detail, path } = problem;
  const reason = [path, why ?? detail ?? title].filter(Boolean).join(": ");
  const remote = response.req.ip ?? "";
  door.log.warn("webhook refused", { connection, code, status, reason, remote });
  // What was not read must not be taken for the next request on this socket.
  if (!response.req.complete) response.setHeader("Connection", "close");
  sendProblem(response, problem, retryAfterSeconds);
}

export function count(door: WebhookDoor, connection: string, result: string): void {
  door.metrics.inboxMessages.inc({ connection, channel: "webhook", result });
}
