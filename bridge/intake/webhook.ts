/**
 * The door for webhooks: `POST /webhooks/<connection>`.
 *
 * Cheap checks first, then the signature over the raw bytes, then what the bytes say. 202 is sent
 * after the durable commit and never before; a message that is there already gets 202 too.
 */
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { sendProblem } from "../http_problem.ts";
import { bodyLimit } from "./body_limit.ts";
import { guardJson } from "./json_guard.ts";
import { OpenBodies } from "./open_bodies.ts";
import { createVerifier } from "./verifier.ts";
import type { Hook, WebhookDoor } from "./webhook_door.ts";
import { dedupeKey, faultOf, idOf } from "./webhook_message.ts";
import {
  codeOf,
  count,
  onError,
  refuse,
  tooLarge,
  tooMany,
  unavailable,
} from "./webhook_refusal.ts";

/** What all bodies that are still coming in may hold. */
const OPEN_BYTES = 256_000_000;

/** Headers kept with the message; everything else a sender sends is forgotten. */
const KEPT_HEADERS = [
  "api-version",
  "as-webhook-version",
  "user-agent",
  "webhook-id",
  "x-request-id",
] as const;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The express application; it listens to nothing by itself. */
export function webhookApp(door: WebhookDoor): Express {
  const app = express();
  app.disable("etag");
  app.set("trust proxy", door.intake.trusted_proxies);
  app.use(helmet({ contentSecurityPolicy: false }));
  const hooks = createHooks(door);
  const { body_bytes, concurrent, open_bodies } = door.intake;
  const raw = express.raw({ type: () => true, limit: body_bytes, inflate: false });
  const bodies = new OpenBodies({ perAddress: open_bodies, bytes: OPEN_BYTES });

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
    if (door.draining() || door.disk.full) {
      return unavailable(door, response, hook.connection.code);
    }
    checkType(door, hook, request, response, next);
  });
  app.post(
    "/webhooks/:path",
    (request, response, next) => {
      void (response.locals["hook"] as Hook).limit(request, response, next);
    },
    bodyLimit(body_bytes, bodies, {
      tooLarge: (response) => tooLarge(door, response),
      tooMany: (response) => tooMany(door, codeOf(response), response),
      unavailable: (response) => unavailable(door, response, codeOf(response)),
    }),
    raw,
    inSlots(concurrent, door),
  );
  addAnswersToOthers(app, door);
  return app;
}

/** The slot is taken when the body is there: who sends slowly, signed or not, holds none. */
function inSlots(slots: number, door: WebhookDoor) {
  let under_way = 0;
  return async (request: Request, response: Response): Promise<void> => {
    if (under_way >= slots) return unavailable(door, response, codeOf(response));
    under_way++;
    try {
      await take(door, response.locals["hook"] as Hook, request, response);
    } finally {
      under_way--;
    }
  };
}

function addAnswersToOthers(app: Express, door: WebhookDoor): void {
  app.all("/webhooks/:path", (_request, response) => {
    response.setHeader("Allow", "POST");
    sendProblem(response, {
      code: "method_not_allowed",
      status: 405,
      title: "Use POST",
    });
  });
  app.use((_request, response) =>
    sendProblem(response, { code: "not_found", status: 404, title: "Not found" }),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    onError(door, error, response),
  );
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
        handler: (_request, response) => tooMany(door, connection.code, response),
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
    if (verification.aheadMs !== undefined) void door.clockWatch.sender(verification.aheadMs);
    const problem = {
      code: "webhook_signature",
      status: 401,
      title: "The signature is missing or wrong",
    };
    // The sender hears nothing that would help to guess.
    return refuse(door, response, connection.code, problem, undefined, verification.reason);
  }
  void door.clockWatch.sender(undefined);
  const attributes: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name]?.[0];
    if (value !== undefined) attributes[name] = value.slice(0, 200);
  }
  const contentType = mediaType(request);
  if (contentType.endsWith("json")) guardJson(body, door.intake.depth);
  const fault = faultOf(connection, { body, contentType, receivedAt, attributes });
  const traceparent = headers["traceparent"]?.[0];
  const [acceptance] = await door.inbox.accept([
    {
      connection: connection.code,
      channel: "webhook",
      contentType,
      body,
      attributes,
      dedupeKey: dedupeKey(idOf(connection, headers), body),
      receivedAt: receivedAt.getTime(),
      ...(traceparent !== undefined && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
    },
  ]);
  const duplicate = acceptance?.duplicate === true;
  count(door, connection.code, duplicate ? "duplicate" : "accepted");
  response.status(202).json({ id: acceptance?.id, duplicate, ...(fault && { problem: fault }) });
  if (fault !== undefined && !duplicate) {
    const message_id = acceptance?.id ?? "";
    const reason = fault.detail;
    door.log.warn("webhook with faults", {
      connection: connection.code,
      message_id,
      reason,
      ...fault,
    });
  }
  if (!duplicate) door.onAccepted();
}

function mediaType(request: Request): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
