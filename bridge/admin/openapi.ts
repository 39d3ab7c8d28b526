/** The bridge's HTTP interface as OpenAPI 3.1. A test compares it with the routes there are. */
import { z } from "zod";
import { VERSION } from "../version.ts";

const problem = z.object({
  type: z.string(),
  code: z.string(),
  status: z.int(),
  title: z.string(),
  detail: z.string().optional(),
  path: z.string().optional(),
});

const acceptance = z.object({
  id: z.string(),
  duplicate: z.boolean(),
  problem: z
    .object({ code: z.string(), detail: z.string(), path: z.string().optional() })
    .optional()
    .describe("What is wrong with the message; it is kept all the same"),
});

const deadLetter = z.object({
  id: z.int(),
  connection: z.string(),
  stage: z.enum(["normalize", "deliver", "outbound"]),
  messageId: z.string().nullable(),
  factKey: z.string().nullable(),
  orderId: z.int().nullable(),
  problem: z.object({
    code: z.string(),
    reason: z.string(),
    path: z.string().optional(),
    hint: z.string().optional(),
  }),
  attempts: z.int(),
  createdAt: z.int(),
  state: z.enum(["open", "replayed"]),
});

const quarantined = z.object({
  messageId: z.string(),
  connection: z.string(),
  problem: deadLetter.shape.problem,
  createdAt: z.int(),
  state: z.enum(["open", "released"]),
});

const json = (schema: z.ZodType) => ({ "application/json": { schema: z.toJSONSchema(schema) } });
const answer = (description: string, schema?: z.ZodType) =>
  schema === undefined ? { description } : { description, content: json(schema) };
const fault = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: z.toJSONSchema(problem) } },
});
const integer = { type: "integer" };
const text = { type: "string" };
const query = (name: string, schema: object) => ({ name, in: "query", schema });

const INTAKE_PATHS = {
  "/webhooks/{connection}": {
    parameters: [{ name: "connection", in: "path", required: true, schema: text }],
    post: {
      summary: "Takes one message; 202 means that it is on disk. Sending it again is harmless.",
      responses: {
        202: answer("Stored, or stored before", acceptance),
        400: fault("Nested too deep, or a forbidden key"),
        401: fault("The signature is missing or wrong"),
        404: fault("There is no such webhook"),
        413: fault("Too large"),
        415: fault("Another content type, or a Content-Encoding"),
        429: fault("Too many requests; see Retry-After"),
        503: fault("Nothing can be taken now; see Retry-After"),
      },
    },
  },
};

const HEALTH_PATHS = {
  "/livez": { get: { summary: "The process runs", responses: { 200: answer("It does") } } },
  "/readyz": {
    get: {
      summary: "Messages can be taken: the store is writable, the disk has room, no stop",
      responses: { 200: answer("Ready"), 503: fault("Not ready; `detail` says why") },
    },
  },
  "/metrics": { get: { summary: "Prometheus metrics", responses: { 200: answer("Metrics") } } },
  "/openapi.json": { get: { summary: "This document", responses: { 200: answer("OpenAPI") } } },
  "/status": {
    get: { summary: "Pauses, queue, dead letters", responses: { 200: answer("Status") } },
  },
};

const SET_ASIDE_PATHS = {
  "/quarantine": {
    get: {
      summary: "Messages in a version, or of parties, that are not known, newest first",
      parameters: [query("connection", text), query("code", text), query("limit", integer)],
      responses: { 200: answer("Messages in quarantine", z.array(quarantined)) },
    },
  },
  "/quarantine/release": {
    post: {
      summary: "Has messages in quarantine read again, by ids or by filter",
      responses: {
        200: answer("Read again", z.object({ released: z.array(z.string()) })),
        403: fault("Not with the token that only reads"),
        400: fault("The filter is not readable"),
      },
    },
  },
  "/dead-letters": {
    get: {
      summary: "Dead letters, newest first",
      parameters: [
        query("connection", text),
        query("stage", text),
        query("code", text),
        query("state", text),
        query("limit", integer),
      ],
      responses: { 200: answer("Dead letters", z.array(deadLetter)) },
    },
  },
  "/dead-letters/{id}": {
    parameters: [{ name: "id", in: "path", required: true, schema: integer }],
    get: {
      summary: "One dead letter",
      responses: { 200: answer("The dead letter", deadLetter), 404: fault("No such letter") },
    },
  },
  "/dead-letters/replay": {
    post: {
      summary: "Puts dead letters back by ids or by filter; those replayed before stay",
      responses: {
        200: answer("Put back", z.object({ replayed: z.array(z.int()) })),
        403: fault("Not with the token that only reads"),
        400: fault("The filter is not readable"),
      },
    },
  },
};

/** The document that `/openapi.json` shows. */
export function openApi(): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Milepost bridge",
      version: VERSION,
      description: "Webhooks are taken on the intake port, everything else on the admin port.",
    },
    paths: { ...INTAKE_PATHS, ...HEALTH_PATHS, ...SET_ASIDE_PATHS },
  };
}
