/**
 * A partner's file: how it is reached, what its messages look like, and which expressions make
 * canonical facts of them. docs/partner_mapping.md explains every key.
 */
import { z } from "zod";
import {
  chargeType,
  classifier,
  condition,
  exceptionReason,
  milestoneCode,
  quantityOutcome,
  stopKind,
} from "../../canonical/codes.ts";
import { INVOICE_CORRECTIONS } from "../../canonical/fact.ts";
import { identifierType } from "../../canonical/identifiers.ts";
import { overlapSetting } from "../shared/json/round.ts";
import { zoneName } from "../shared/reading/instants.ts";

/** JSONata, a column of a table by its heading, or the value itself. */
const expression = z.union([
  z.string().min(1).max(4000),
  z.strictObject({ column: z.string().min(1).max(200) }),
  z.strictObject({ value: z.union([z.string().max(500), z.number(), z.boolean()]) }),
]);

/** A word of a canonical list, written as it is; or `from`, an expression that gives one. */
const choice = <T extends z.ZodType>(words: T) =>
  z.union([words, z.strictObject({ from: expression })]);

/**
 * A time. Without more than an expression its text is ISO 8601.
 * - `zone`: where the sender names the zone; else the file's zone counts, and is inferred
 * - `format`: Luxon's tokens for texts that are not ISO 8601, or epoch, or epoch_ms
 * - `offset`: `ignored` when the text's offset is known to be meaningless, `ignored_without_zone`
 *   when it is so for want of a zone (Terminal49 writes local times as UTC then)
 */
const instant = z.union([
  expression,
  z.strictObject({
    at: expression,
    zone: expression.optional(),
    format: z.string().min(1).max(64).optional(),
    offset: z.enum(["trusted", "ignored", "ignored_without_zone"]).default("trusted"),
    midnight_is_date: z.boolean().default(false),
  }),
]);

const identifiers = z.partialRecord(
  identifierType,
  z.union([expression, z.array(expression).min(1).max(10)]),
);

const place = z.strictObject({
  name: expression.optional(),
  street: expression.optional(),
  postal_code: expression.optional(),
  city: expression.optional(),
  state: expression.optional(),
  country: expression.optional(),
  unlocode: expression.optional(),
  latitude: expression.optional(),
  longitude: expression.optional(),
  zone: expression.optional(),
});

const stop = z.strictObject({
  id: expression.optional(),
  sequence: expression.optional(),
  kind: choice(stopKind).optional(),
});

const common = {
  /** What to make facts of inside a record; the record itself when left out. */
  each: expression.optional(),
  /** Only where this gives something true. */
  when: expression.optional(),
  /** The sender's id of the event: versions of one event share it. */
  event: expression.optional(),
  /** The sender's version of the event, a time. */
  version: expression.optional(),
  /** Something true here withdraws the event instead of telling it. */
  retracted: expression.optional(),
  /** Beside the file's identifiers. */
  identifiers: identifiers.optional(),
  applies_to: z.enum(["one", "every"]).default("one"),
};

const milestone = z.strictObject({
  kind: z.literal("milestone"),
  ...common,
  /** The sender's code, looked up in `codes.milestones`. */
  code: expression,
  text: expression.optional(),
  classifier: choice(classifier).optional(),
  occurred: instant,
  stop: stop.optional(),
  place: place.optional(),
  /** The sender's reason code, looked up in `codes.reasons`. */
  reason: expression.optional(),
  vehicle: expression.optional(),
  trailer: expression.optional(),
  driver: expression.optional(),
});

const proofOfDelivery = z.strictObject({
  kind: z.literal("proof_of_delivery"),
  ...common,
  stop: stop.optional(),
  delivered: instant.optional(),
  signer: expression.optional(),
  signed: expression.optional(),
  remark: expression.optional(),
  quantities: z
    .strictObject({
      each: expression,
      goods: expression.optional(),
      description: expression.optional(),
      quantity: expression,
      unit: expression.optional(),
      outcome: choice(quantityOutcome),
      reason: expression.optional(),
    })
    .optional(),
  documents: z
    .strictObject({
      each: expression,
      name: expression,
      media_type: expression,
      content_base64: expression,
    })
    .optional(),
});

const charge = z.strictObject({
  kind: z.literal("charge"),
  ...common,
  side: choice(z.enum(["cost", "sell"])),
  /** The sender's code, looked up in `codes.charges`. */
  code: expression,
  amount: expression,
  /** ISO 4217 as it is, or an expression. */
  currency: expression,
  quantity: expression.optional(),
  unit: expression.optional(),
  rate: expression.optional(),
  stop: stop.optional(),
  occurred: instant.optional(),
  description: expression.optional(),
});

const carrierInvoice = z.strictObject({
  kind: z.literal("carrier_invoice"),
  ...common,
  number: expression,
  document: choice(z.enum(["invoice", "credit_note"])).default("invoice"),
  correction: choice(z.enum(INVOICE_CORRECTIONS)).default("original"),
  corrects: expression.optional(),
  carrier_scac: expression.optional(),
  carrier_name: expression.optional(),
  bill_date: instant,
  due_date: instant.optional(),
  ship_date: instant.optional(),
  delivered: instant.optional(),
  currency: expression,
  total: expression,
  lines: z.strictObject({
    each: expression,
    code: expression,
    amount: expression,
    tax_rate: expression.optional(),
    rate: expression.optional(),
    quantity: expression.optional(),
    unit: expression.optional(),
    description: expression.optional(),
  }),
});

const itinerary = z.strictObject({
  kind: z.literal("itinerary"),
  ...common,
  declares: identifiers.optional(),
  carrier_name: expression.optional(),
  carrier_scac: expression.optional(),
  stops: z.strictObject({
    each: expression,
    id: expression,
    sequence: expression,
    kind: choice(stopKind),
    place: place.optional(),
    planned_arrival: instant.optional(),
    planned_departure: instant.optional(),
    window_start: instant.optional(),
    window_end: instant.optional(),
  }),
});

const rule = z
  .discriminatedUnion("kind", [milestone, proofOfDelivery, charge, carrierInvoice, itinerary])
  .refine((it) => it.retracted === undefined || it.event !== undefined, {
    path: ["event"],
    message: "what can be retracted needs the sender's id of the event",
  });

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

const csv = z.strictObject({
  type: z.literal("csv"),
  delimiter: z.string().length(1).default(","),
  quote: z.string().length(1).default('"'),
  /** Names of the columns when the table has no heading. */
  columns: z.array(z.string().min(1).max(200)).min(1).max(500).optional(),
});

const format = z.union([
  z.literal("json").transform(() => ({ type: "json" as const })),
  z.literal("xml").transform(() => ({ type: "xml" as const })),
  z.literal("csv").transform(() => csv.parse({ type: "csv" })),
  csv,
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
    format: format.default({ type: "json" }),
    /** Which version of its format a message is in, and which ones these expressions know. */
    versions: z
      .strictObject({ value: expression, known: z.array(z.string().min(1)).min(1).max(50) })
      .optional(),
    /** The records of a message; for tables each row, else the whole message. */
    records: expression.optional(),
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
  .refine((it) => it.snapshot === undefined || it.fetch !== undefined, {
    path: ["snapshot"],
    message: "the difference to the last poll needs a poll: add fetch",
  })
  .superRefine((it, context) => {
    for (const way of ["webhook", "folder", "sftp"] as const) {
      const reason = it.transport[way] === undefined ? undefined : refusedWay(it, way);
      if (reason === undefined) continue;
      context.addIssue({ code: "custom", path: ["transport", way], message: reason });
    }
  });

export type Mapping = z.infer<typeof mappingType>;
export type Expression = z.infer<typeof expression>;
export type Rule = Mapping["facts"][number];
export type RuleOf<K extends Rule["kind"]> = Extract<Rule, { kind: K }>;
export type InstantRule = z.infer<typeof instant>;
export type Fetch = NonNullable<Mapping["fetch"]>;
export type Format = Mapping["format"];

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
