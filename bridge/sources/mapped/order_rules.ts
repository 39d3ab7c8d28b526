/** What goes to a partner, and what its answer means: the `orders` of its file. */
import { z } from "zod";
import { expression, identifiers } from "./rules.ts";

type Body = z.infer<typeof expression> | Body[] | { [name: string]: Body };
/** A tree of expressions of the shape that the partner wants. */
const body: z.ZodType<Body> = z.lazy(() =>
  z.union([expression, z.array(body).max(500), z.record(z.string().max(200), body)]),
);

/**
 * What an answer means; expressions look at the answer, `$status` and `$headers` beside it.
 * Where neither fits, the order is tried again, and in the end refused.
 */
const answer = z.strictObject({
  format: z.enum(["json", "xml", "text"]).default("json"),
  /** True for an answer about this order that takes it. */
  accepted: expression,
  /** True for the partner's no. */
  rejected: expression.optional(),
  reason: expression.optional(),
  /** Of `find`: true for an order that the partner shows as cancelled. */
  cancelled: expression.optional(),
  /** Of `find`: true for his word that he has no such order; a 404 alone may be a wrong path's. */
  missing: expression.optional(),
  /** The partner's own number of the order. */
  number: expression.optional(),
  /** Its further names, by which it will speak of the shipment. */
  identifiers: identifiers.optional(),
});

const headers = z.record(z.string().regex(/^[A-Za-z0-9-]+$/), expression).default({});

/** A request by template. */
export const requestRule = z.strictObject({
  method: z.enum(["PUT", "POST", "DELETE", "GET"]).default("POST"),
  path: expression,
  query: z.record(z.string().min(1).max(64), expression).default({}),
  headers,
  /** How `body` is written; `text` sends what one expression gives. */
  format: z.enum(["json", "xml", "csv", "text"]).default("json"),
  content_type: z.string().max(100).optional(),
  body: body.optional(),
  /** Answers that are looked at beside 2xx. */
  statuses: z.array(z.int().min(300).max(599)).default([400, 404, 409, 410, 422]),
});
export type RequestRule = z.infer<typeof requestRule>;

const request = requestRule.extend({
  /** Name of the file, where the partner takes files. */
  file: expression.optional(),
  answer: answer.optional(),
});

/** Expressions look at the transport order (or the outcome); `$key`, `$number`, `$purpose` beside it. */
export const orderRules = z.strictObject({
  original: request,
  change: request.optional(),
  cancellation: request.optional(),
  /** What became of the money. */
  outcome: request.optional(),
  /** Shows whether the partner has an order: asked before one is sent again. */
  find: request.optional(),
  /** Of every request that names none. */
  answer: answer.optional(),
});

export type OrderRules = z.infer<typeof orderRules>;
export type AnswerRule = z.infer<typeof answer>;
