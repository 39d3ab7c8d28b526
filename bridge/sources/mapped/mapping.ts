/**
 * A partner's file: how it is reached, what its messages look like, and what makes facts of them. docs/partner_mapping.md explains every key.
 */
import { z } from "zod";
import {
  chargeType,
  classifier,
  condition,
  exceptionReason,
  milestoneCode,
  stopKind,
} from "../../canonical/codes.ts";
import { overlapSetting } from "../shared/json/round.ts";
import { zoneName } from "../shared/reading/instants.ts";
import { formatType, numbersType } from "./format_types.ts";
import { orderRules } from "./order_rules.ts";
import { dateFormat, expression, identifiers, instant, rule } from "./rules.ts";
import { trackingRules } from "./tracking_rules.ts";

/** What a sender's milestone code means: a milestone's name, or more of it. */
const milestoneMeaning = z.union([
  milestoneCode,
  z.strictObject({ ignore: z.literal(true) }),
  z
    .strictObject({
      milestone: milestoneCode.optional(),
      conditions: z.array(condition).min(1).max(4).optional(),
      classifier: classifier.optional(),
      stop: stopKind.optional(),
      reason: exceptionReason.optional(),
    })
    .refine((it) => it.milestone !== undefined || it.conditions !== undefined, {
      message: "needs a milestone or conditions",
    }),
]);

const parameter = z.string().min(1).max(64);

/** How the next page is asked for. */
const pagination = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("page"), parameter, first: z.int().min(0).default(1) }),
  z.strictObject({ by: z.literal("offset"), parameter, step: z.int().min(1).max(10_000) }),
  /** The `Link` header's `rel="next"`, or a URL that an expression finds in the answer. */
  z.strictObject({ by: z.literal("link"), next: expression.optional() }),
  z.strictObject({ by: z.literal("cursor"), parameter, next: expression }),
]);

const fetch = z.strictObject({
  path: z.string().regex(/^\/[^?#]*$/, "must begin with / and hold no query"),
  query: z.record(parameter, z.string().max(500)).default({}),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().max(500)).default({}),
  pagination: pagination.optional(),
  /** Only what changed since the last poll. */
  since: z
    .strictObject({
      parameter,
      /** The time of a record by which the partner filters. */
      field: expression,
      start: z.string().max(40).optional(),
      /** Asked for again with each poll, for records that the partner writes late. */
      overlap_seconds: overlapSetting,
    })
    .optional(),
});

/**
 * Which billing-relevant facts the partner may publish. Left out: the billing milestones, and no
 * papers or money.
 */
const authority = z.strictObject({
  billing: z.array(
    z.union([milestoneCode, z.enum(["proof_of_delivery", "charge", "carrier_invoice"])]),
  ),
});

export const mappingType = z
  .strictObject({
    mapping: z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "lower-case letters, digits, - and _"),
      version: z.int().min(1).max(9999),
    }),
    title: z.string().max(200).optional(),
    /** As in a connection of the configuration: webhook, poll, peer, folder … */
    transport: z.record(z.string(), z.unknown()).default({}),
    fetch: fetch.optional(),
    /** A carrier that is asked for the tracking numbers that Odoo knows. */
    tracking: trackingRules.optional(),
    format: formatType.default({ type: "json" }),
    /** How decimals are written. */
    numbers: numbersType.optional(),
    /** How times are written that are not ISO 8601, in Luxon's tokens; the first that fits. */
    dates: z.array(dateFormat).min(1).max(10).optional(),
    /** Which version of its format a message is in, and which ones these expressions know. */
    versions: z
      .strictObject({ value: expression, known: z.array(z.string().min(1)).min(1).max(50) })
      .optional(),
    /** The records of a message; for tables each row, else the whole message. */
    records: expression.optional(),
    /** How transport orders and outcomes go out. */
    orders: orderRules.optional(),
    /** Records that give the same here are one: the members of the first, all of them in `rows`. */
    group: expression.optional(),
    /** Records that are of no concern. */
    skip: expression.optional(),
    /** IANA name of the zone of times that say none. */
    zone: zoneName,
    identifiers: identifiers.default({}),
    /** Facts with the same lane travel together; the first identifier when left out. */
    lane: expression.optional(),
    /** When the sender said it, a time; the arrival when left out. */
    recorded_at: instant.optional(),
    /**
     * Each message shows how things stand and not what happened: facts are the difference to the
     * last poll. `entity` is the id of the thing that a record shows.
     */
    snapshot: z.strictObject({ entity: expression }).optional(),
    codes: z
      .strictObject({
        milestones: z.record(z.string().max(64), milestoneMeaning).default({}),
        reasons: z.record(z.string().max(64), exceptionReason).default({}),
        charges: z.record(z.string().max(64), chargeType).default({}),
        /** Further words for outcomes of quantities, kinds of stop and the like. */
        words: z.record(z.string().max(64), z.string().max(64)).default({}),
      })
      .prefault({}),
    facts: z.array(rule).min(1).max(60),
    authority: authority.optional(),
    limits: z
      .strictObject({
        /** Wall clock for one message. */
        seconds: z.number().min(0.05).max(30).default(5),
        memory_mb: z.int().min(16).max(1024).default(128),
      })
      .prefault({}),
  })
  .refine((it) => it.snapshot === undefined || (it.fetch ?? it.tracking?.request) !== undefined, {
    path: ["snapshot"],
    message: "the difference to the last poll needs a poll: add fetch or tracking.request",
  })
  .refine((it) => it.fetch === undefined || it.tracking?.request === undefined, {
    path: ["tracking"],
    message: "a poll asks for a list (fetch) or for tracking numbers, not for both",
  })
  .superRefine((it, context) => {
    for (const way of ["webhook", "folder", "sftp"] as const) {
      const reason = it.transport[way] === undefined ? undefined : refusedWay(it, way);
      if (reason === undefined) continue;
      context.addIssue({ code: "custom", path: ["transport", way], message: reason });
    }
  });

export type Mapping = z.infer<typeof mappingType>;
export type Fetch = NonNullable<Mapping["fetch"]>;
export type { Format } from "./format_types.ts";

/** Why messages cannot come this way, if so: what was shown last is remembered by a poll alone. */
export function refusedWay(
  { snapshot }: Pick<Mapping, "snapshot">,
  way: "webhook" | "folder" | "sftp",
): string | undefined {
  if (snapshot === undefined) return undefined;
  return (
    `snapshot is the difference to the last poll, and a ${way} is compared with nothing: nothing ` +
    "would ever be withdrawn; poll this partner, or leave snapshot out"
  );
}

/** `mapped:acme@3`: what facts remember of the mapping that made them. */
export function mappingLabel({ mapping }: Mapping): string {
  return `mapped:${mapping.name}@${mapping.version}`;
}
