/** A carrier that is asked for tracking numbers: the `tracking` of a partner's file. */
import { z } from "zod";
import { requestRule } from "./order_rules.ts";
import { expression } from "./rules.ts";

/** Answers about a number that say nothing of it: the carrier does not know it, or not yet. */
const UNKNOWN = [400, 404, 422];
const request = requestRule.extend({
  method: z.enum(["GET", "POST"]).default("GET"),
  statuses: z.array(z.int().min(300).max(599)).default(UNKNOWN),
});

/**
 * Expressions of the requests look at `{ number, numbers, carrier }`: the tracking numbers that are
 * asked for together, and the first of them. Those of a proof look at what `each` finds in the answer.
 */
export const trackingRules = z.strictObject({
  /** So many numbers in one request. */
  at_once: z.int().min(1).max(100).default(1),
  /** How the state of numbers is asked for; left out where the carrier sends it once it knows them. */
  request: request.optional(),
  /** How a proof of delivery is asked for, once for each thing of the answer that has one. */
  proof: z
    .strictObject({
      each: expression,
      /** The number that it is about, for `$attributes.about` of what comes. */
      about: expression,
      /** Further members of `$attributes`: what the answer with the proof does not say again. */
      keep: z.record(z.string().regex(/^[a-z][a-z_]{0,31}$/), expression).default({}),
      request,
    })
    .optional(),
  /** How a number is made known to a carrier that sends what happens to it; once per number. */
  register: request.optional(),
});
export type TrackingRules = z.infer<typeof trackingRules>;
