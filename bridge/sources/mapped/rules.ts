/** The rules of a partner's file: which expressions make which canonical fact. */
import { z } from "zod";
import { classifier, quantityOutcome, stopKind } from "../../canonical/codes.ts";
import { INVOICE_CORRECTIONS } from "../../canonical/fact.ts";
import { identifierType } from "../../canonical/identifiers.ts";

/** JSONata, a column of a table by its heading, or the value itself. */
export const expression = z.union([
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
export const dateFormat = z.string().min(1).max(64);

export const instant = z.union([
  expression,
  z.strictObject({
    at: expression,
    zone: expression.optional(),
    format: dateFormat.optional(),
    offset: z.enum(["trusted", "ignored", "ignored_without_zone"]).default("trusted"),
    midnight_is_date: z.boolean().default(false),
  }),
]);

export const identifiers = z.partialRecord(
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
  /** Where it was, for the zone of `delivered`. */
  place: place.optional(),
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
      /** Not looked at: a paper is what its first bytes say. */
      media_type: expression.optional(),
      content_base64: expression.optional(),
      /** Where it is fetched, from a host of the connection's `proof_links`. */
      url: expression.optional(),
    })
    .refine(
      ({ url, content_base64: content }) => url !== undefined || content !== undefined,
      "a document has a url, or content_base64",
    )
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

export const rule = z
  .discriminatedUnion("kind", [milestone, proofOfDelivery, charge, carrierInvoice, itinerary])
  .refine((it) => it.retracted === undefined || it.event !== undefined, {
    path: ["event"],
    message: "what can be retracted needs the sender's id of the event",
  });

export type Expression = z.infer<typeof expression>;
export type Rule = z.infer<typeof rule>;
export type RuleOf<K extends Rule["kind"]> = Extract<Rule, { kind: K }>;
export type InstantRule = z.infer<typeof instant>;
