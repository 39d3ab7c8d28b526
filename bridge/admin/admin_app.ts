/** The admin interface: health, metrics, dead letters; on a port and on a unix socket. */
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import helmet from "helmet";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { errorText } from "../errors.ts";
import { sendProblem } from "../http_problem.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { PauseBoard } from "../pause_board.ts";
import type { DiskGuard } from "../store/disk_guard.ts";
import { STAGES } from "../store/dead_letters.ts";
import type { Store } from "../store/store.ts";
import { type Access, askedBy, refuseBrowsers, requireAccess, requireHost } from "./access.ts";
import { refreshGauges } from "./gauges.ts";
import { openApi } from "./openapi.ts";
import { readStatus } from "./status.ts";

export interface AdminParts {
  store: Store;
  disk: DiskGuard;
  /** The configured connections. */
  connections: ReadonlyArray<{ readonly code: string }>;
  pauses: PauseBoard;
  access: Access;
  /** The door for webhooks is not open yet, or not any more. */
  starting: () => boolean;
  draining: () => boolean;
  /** Called after dead letters were put back. */
  onReplayed: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

const filter = z.strictObject({
  ids: z.array(z.int()).min(1).max(10_000).optional(),
  connection: z.string().optional(),
  stage: z.enum(STAGES).optional(),
  code: z.string().optional(),
});

/** Everything at once is only what somebody asked for in so many words. */
const all = { all: z.literal(true).optional() };
const isChosen = (body: object) => Object.keys(body).length > 0;
const TO_CHOOSE = 'name ids or a filter; for everything at once: {"all": true}';

const replayBody = filter.extend(all).refine(isChosen, TO_CHOOSE);

const listQuery = filter.omit({ ids: true }).extend({
  state: z.enum(["open", "replayed"]).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
});

/** The express application; it listens to nothing by itself. */
export function adminApp(parts: AdminParts): Express {
  const { store, metrics } = parts;
  const app = express();
  app.disable("etag");
  app.use(helmet());
  app.use(refuseBrowsers, requireHost(parts.access));
  app.get("/livez", (_request, response) => void response.json({ status: "alive" }));
  app.get("/readyz", async (_request, response) => {
    const fault = await notReady(parts);
    if (fault === undefined) return void response.json({ status: "ready" });
    sendProblem(response, { code: "not_ready", status: 503, title: "Not ready", detail: fault });
  });
  app.use(requireAccess(parts.access));
  app.get("/metrics", async (_request, response) => {
    await refreshGauges(parts);
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  app.get("/openapi.json", (_request, response) => void response.json(openApi()));
  app.get("/status", async (_request, response) => {
    response.json(await readStatus(store, parts.clock.now(), parts.pauses.list()));
  });
  addDeadLetters(app, parts);
  addQuarantine(app, parts);
  app.use((_request, response) =>
    sendProblem(response, { code: "not_found", status: 404, title: "Not found" }),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    if (error instanceof z.ZodError || (error as { status?: number }).status === 400) {
      const detail = error instanceof z.ZodError ? z.prettifyError(error) : "broken JSON";
      return sendProblem(response, {
        code: "bad_request",
        status: 400,
        title: "Not readable",
        detail,
      });
    }
    parts.log.error("admin request failed", { reason: errorText(error) });
    sendProblem(response, { code: "internal", status: 500, title: "The bridge failed" });
  });
  return app;
}

function addDeadLetters(app: Express, parts: AdminParts): void {
  const { deadLetters } = parts.store;
  app.get("/dead-letters", async (request, response) => {
    response.json(await deadLetters.list(listQuery.parse(request.query)));
  });
  app.post("/dead-letters/replay", express.json(), async (request, response) => {
    const { all: _all, ...wanted } = replayBody.parse(request.body);
    const replayed = await deadLetters.replay(
      wanted,
      parts.clock.now().getTime(),
      askedBy(response),
    );
    parts.log.info("dead letters replayed", { count: replayed.length });
    response.json({ replayed });
    parts.onReplayed();
  });
  app.get("/dead-letters/:id", async (request, response) => {
    const letter = await deadLetters.get(Number(request.params.id));
    if (letter !== null) return void response.json(letter);
    sendProblem(response, {
      code: "not_found",
      status: 404,
      title: "There is no such dead letter",
    });
  });
}

const quarantineFilter = z.strictObject({
  ids: z.array(z.string()).min(1).max(10_000).optional(),
  connection: z.string().optional(),
  code: z.string().optional(),
});

const releaseBody = quarantineFilter.extend(all).refine(isChosen, TO_CHOOSE);

const quarantineQuery = quarantineFilter.omit({ ids: true }).extend({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
});

function addQuarantine(app: Express, parts: AdminParts): void {
  const { quarantine } = parts.store;
  app.get("/quarantine", async (request, response) => {
    response.json(await quarantine.list(quarantineQuery.parse(request.query)));
  });
  app.post("/quarantine/release", express.json(), async (request, response) => {
    const { all: _all, ...wanted } = releaseBody.parse(request.body);
    const released = await quarantine.release(
      wanted,
      parts.clock.now().getTime(),
      askedBy(response),
    );
    parts.log.info("quarantine released", { count: released.length });
    response.json({ released });
    parts.onReplayed();
  });
}

/** Why messages cannot be taken now; undefined when they can. Odoo down is no reason. */
async function notReady({
  starting,
  draining,
  disk,
  store,
  pauses,
}: AdminParts): Promise<string | undefined> {
  if (starting()) return "starting";
  if (draining()) return "stopping";
  if (disk.full) return "the disk of data_dir is nearly full";
  const pause = pauses.get("store", "");
  if (pause !== undefined) return pause.reason;
  try {
    await store.probe();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
