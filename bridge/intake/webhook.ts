/**
 * The door for webhooks: `POST /webhooks/<connection>`.
 *
 * Cheap checks first, then the signature over the raw bytes, then what the bytes say. 202 is sent
 * after the durable commit and never before; a message that is there already gets 202 too.
 */
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { RawMessage } from "../sources/source.ts";
import type { DiskGuard } from "../store/disk_guard.ts";
import type { Inbox } from "../store/inbox.ts";
import { bodyLimit } from "./body_limit.ts";
import { guardJson } from "./json_guard.ts";
import { sendProblem } from "../http_problem.ts";
import { createVerifier, type Verifier } from "./verifier.ts";

/** How long a sender should wait when we cannot take anything now. */
const RETRY_AFTER_SECONDS = 15;

/** Headers kept with the message; everything else a sender sends is forgotten. */
const KEPT_HEADERS = [
  "api-version",
  "as-webhook-version",
  "user-agent",
  "webhook-id",
  "x-request-id",
] as const;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export interface WebhookDoor {
  intake: Config["intake"];
  connections: readonly Connection[];
  inbox: Inbox;
  disk: DiskGuard;
  draining: () => boolean;
  /** Called after each commit: there is something to read. */
  onAccepted: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

interface Hook {
  connection: Connection;
  verify: Verifier;
  limit: express.RequestHandler;
}

/** The express application; it listens to nothing by itself. */
export function webhookApp(door: WebhookDoor): Express {
  const app = express();
  app.disable("etag");
  app.set("trust proxy", door.intake.trusted_proxies);
  app.use(helmet({ contentSecurityPolicy: false }));
  const hooks = createHooks(door);
  const raw = express.raw({ type: () => true, limit: door.intake.body_bytes, inflate: false });
  let under_way = 0;

  app.post("/webhooks/:path", (request, response, next) => {
    const hook = hooks.get(request.params.path);
    if (hook === undefined) {
      return refuse(door, response, "", {
        code: "webhook_unknown",
        status: 404,
        title: "There is no such webhook",
      });
    }
    response.locals["hook"] = hook;
    if (door.draining() || door.disk.full || under_way >= door.intake.concurrent) {
      return unavailable(door, response, hook.connection.code);
    }
    under_way++;
    response.once("close", () => under_way--);
    checkType(door, hook, request, response, next);
  });
  app.post(
    "/webhooks/:path",
    (request, response, next) => {
      void (response.locals["hook"] as Hook).limit(request, response, next);
    },
    bodyLimit(door.intake.body_bytes, (response) => tooLarge(door, response)),
    raw,
    (request, response) => take(door, response.locals["hook"] as Hook, request, response),
  );
  app.all("/webhooks/:path", (_request, response) => {
    response.setHeader("Allow", "POST");
    sendProblem(response, {
      code: "method_not_allowed",
      status: 405,
      title: "Webhooks are posted",
    });
  });
  app.use((_request, response) =>
    sendProblem(response, { code: "not_found", status: 404, title: "Nothing is here" }),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    onError(door, error, response),
  );
  return app;
}

function createHooks(door: WebhookDoor): Map<string, Hook> {
  const hooks = new Map<string, Hook>();
  for (const connection of door.connections) {
    const webhook = connection.config.webhook;
    if (webhook?.enabled !== true) continue;
    hooks.set(webhook.path ?? connection.code, {
      connection,
      verify: createVerifier(webhook.verifier),
      limit: rateLimit({
        windowMs: 60_000,
        limit: webhook.rate_per_minute,
        standardHeaders: "draft-8",
        legacyHeaders: false,
        validate: false,
        handler: (_request, response) => {
          const problem = { code: "webhook_too_many", status: 429, title: "Too many requests" };
          refuse(door, response, connection.code, problem, 60);
        },
      }),
    });
  }
  return hooks;
}

function checkType(
  door: WebhookDoor,
  { connection }: Hook,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  const type = mediaType(request);
  if (connection.source.contentTypes.includes(type) && !request.headers["content-encoding"]) {
    return next();
  }
  refuse(door, response, connection.code, {
    code: "webhook_media_type",
    status: 415,
    title: "This content type is not taken",
    detail: `Taken are ${connection.source.contentTypes.join(", ")}, without Content-Encoding.`,
  });
}

// oxlint-disable-next-line max-lines-per-function -- one webhook, step by step
async function take(
  door: WebhookDoor,
  hook: Hook,
  request: Request,
  response: Response,
): Promise<void> {
  const { connection } = hook;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const receivedAt = door.clock.now();
  const headers = request.headersDistinct;
  const verification = hook.verify(
    {
      method: request.method,
      path: request.originalUrl,
      header: (name) => headers[name] ?? [],
      body,
    },
    receivedAt,
  );
  if (!verification.ok) {
    const { code } = connection;
    door.log.warn("webhook refused", {
      connection: code,
      status: 401,
      reason: verification.reason,
      remote: request.ip ?? "",
    });
    return refuse(door, response, code, {
      code: "webhook_signature",
      status: 401,
      title: "The signature is missing or wrong",
    });
  }
  const attributes: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name]?.[0];
    if (value !== undefined) attributes[name] = value.slice(0, 200);
  }
  const contentType = mediaType(request);
  if (contentType.endsWith("json")) guardJson(body, door.intake.depth);
  checkMessage(connection, { body, contentType, receivedAt, attributes });

  const traceparent = headers["traceparent"]?.[0];
  const [acceptance] = await door.inbox.accept([
    {
      connection: connection.code,
      channel: "webhook",
      contentType,
      body,
      attributes,
      // The bytes, not the sender's id: who reuses an id for other content must lose nothing.
      dedupeKey: createHash("sha256").update(body).digest("hex"),
      receivedAt: receivedAt.getTime(),
      ...(traceparent !== undefined && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
    },
  ]);
  const duplicate = acceptance?.duplicate === true;
  count(door, connection.code, duplicate ? "duplicate" : "accepted");
  response.status(202).json({ id: acceptance?.id, duplicate });
  if (!duplicate) door.onAccepted();
}

/** What is in an unknown version is taken all the same: it goes to quarantine, not back. */
function checkMessage({ source, settings }: Connection, message: RawMessage): void {
  try {
    source.check(message, settings);
  } catch (error) {
    if (!(error instanceof MilepostError) || error.retry !== "quarantine") throw error;
  }
}

function mediaType(request: Request): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function onError(door: WebhookDoor, error: unknown, response: Response): void {
  if (response.headersSent) return;
  const code = (response.locals["hook"] as Hook | undefined)?.connection.code ?? "";
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

function tooLarge(door: WebhookDoor, response: Response): void {
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

function unavailable(door: WebhookDoor, response: Response, connection: string): void {
  const problem = { code: "intake_unavailable", status: 503, title: "Nothing can be taken now" };
  refuse(door, response, connection, problem, RETRY_AFTER_SECONDS);
}

function refuse(
  door: WebhookDoor,
  response: Response,
  connection: string,
  problem: Parameters<typeof sendProblem>[1],
  retryAfterSeconds?: number,
): void {
  count(door, connection, String(problem.status));
  // What was not read must not be taken for the next request on this socket.
  if (!response.req.complete) response.setHeader("Connection", "close");
  sendProblem(response, problem, retryAfterSeconds);
}

function count(door: WebhookDoor, connection: string, result: string): void {
  door.metrics.inboxMessages.inc({ connection, channel: "webhook", result });
}
