/** The TMS's HTTP face: Open Trip Model 5 under /api/v5, and /control for whoever runs the play. */
import express, { type Express, type Request, type Response } from "express";
import { z } from "zod";
import type { Amendment, Company } from "./company.ts";
import { FAULT_KINDS, type Faults } from "./faults.ts";
import { COLLECTIONS, type Collection, tagOf, type World } from "./world.ts";

export interface ApiParts {
  company: Company;
  world: World;
  faults: Faults;
  token: string | undefined;
  /** What /control shows and does. */
  control: Control;
}

export interface Control {
  truth(): object;
  status(): object;
  setSpeed(speed: number): void;
  setWebhook(webhook: { url: string; secret: string } | undefined): void;
}

const MAX_PAGE = 500;

/** OTM's clientError. */
const NOT_FOUND = [{ type: "notFound", field: "id", message: "no such entity" }];

export function simulatorApp(parts: ApiParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.use(express.json({ limit: "5mb" }));
  app.use("/control", controlRoutes(parts));
  app.use("/api/v5", parts.faults.middleware, (request, response, next) => {
    if (parts.token === undefined || request.get("authorization") === `Bearer ${parts.token}`)
      return next();
    response
      .status(401)
      .json([{ type: "invalidField", field: "authorization", message: "unknown token" }]);
  });
  const take = (request: Request, response: Response) => takeOrder(parts, request, response);
  app.put("/api/v5/transportOrders", take);
  app.post("/api/v5/transportOrders", take);
  app.post("/api/v5/events", (request, response) => {
    const faults = parts.company.hear(request.body);
    if (faults.length > 0) response.status(400).json(faults);
    else response.status(201).json(request.body);
  });
  app.put("/api/v5/events", (request, response) => {
    answerAmendment(parts.company.change(request.body), response);
  });
  app.delete("/api/v5/transportOrders/:id", (request, response) => {
    answerAmendment(parts.company.cancel(request.params.id), response);
  });
  app.get("/api/v5/:collection", (request, response) => list(parts.world, request, response));
  app.get("/api/v5/:collection/:id", (request, response) => {
    const collection = COLLECTIONS.find((it) => it === request.params.collection);
    const entity =
      collection === undefined ? undefined : parts.world.get(collection, request.params.id);
    if (entity === undefined) response.status(404).json(NOT_FOUND);
    else response.json(entity);
  });
  return app;
}

function takeOrder({ company }: ApiParts, request: Request, response: Response): void {
  const answer = company.take(request.body, request.get("idempotency-key"));
  if ("faults" in answer) response.status(400).json(answer.faults);
  else response.json(answer.entity);
}

function answerAmendment(amendment: Amendment, response: Response): void {
  if (amendment === "done") response.status(204).end();
  else if (amendment === "unknown") response.status(404).end();
  else if (amendment === "too_late") {
    const message = "the order is under way or over";
    response.status(409).json([{ type: "invalidField", field: "status", message }]);
  } else response.status(400).json(amendment.faults);
}

const page = z.object({
  lastModifiedSince: z.string().default(""),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** Entities changed since, the oldest change first; 304 when the page is the one that is known. */
function list(world: World, request: Request<{ collection: string }>, response: Response): void {
  const collection: Collection | undefined = COLLECTIONS.find(
    (it) => it === request.params.collection,
  );
  const query = page.safeParse(request.query);
  if (collection === undefined || !query.success) {
    response
      .status(collection === undefined ? 404 : 400)
      .json([{ type: "invalidField", field: "query", message: "unknown" }]);
    return;
  }
  const { lastModifiedSince, limit, offset } = query.data;
  const entities = world.changed(collection, lastModifiedSince).slice(offset, offset + limit);
  const tag = tagOf(entities);
  response.set("ETag", tag);
  if (request.get("if-none-match") === tag) response.status(304).end();
  else response.json(entities);
}

const faultPlan = z.strictObject({
  kinds: z.array(z.enum(FAULT_KINDS)).default([]),
  count: z.int().min(0).optional(),
  probability: z.number().min(0).max(1).optional(),
});
const speed = z.strictObject({ speed: z.number().min(0).max(1_000_000) });
const webhook = z.strictObject({ url: z.url(), secret: z.string().min(1) });

function controlRoutes({ control, faults }: ApiParts): express.Router {
  const router = express.Router();
  router.get("/truth", (_request, response) => void response.json(control.truth()));
  router.get("/status", (_request, response) => void response.json(control.status()));
  router.post("/fail", (request, response) => {
    const { kinds, count, probability } = faultPlan.parse(request.body);
    faults.plan({
      kinds,
      ...(count !== undefined && { count }),
      ...(probability !== undefined && { probability }),
    });
    response.status(204).end();
  });
  router.post("/calm", (_request, response) => {
    faults.calm();
    response.status(204).end();
  });
  router.post("/speed", (request, response) => {
    control.setSpeed(speed.parse(request.body).speed);
    response.status(204).end();
  });
  router.post("/webhook", (request, response) => {
    control.setWebhook(webhook.parse(request.body));
    response.status(204).end();
  });
  router.use(
    (error: unknown, _request: Request, response: Response, next: express.NextFunction) => {
      if (!(error instanceof z.ZodError)) return next(error);
      response.status(400).json({ error: z.prettifyError(error) });
    },
  );
  return router;
}
