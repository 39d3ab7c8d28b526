/**
 * The facts: what a partner said, once, in one language.
 *
 * A fact is never changed. A correction is a newer version of the same source event, a withdrawal
 * is a `retraction`; whatever is known of a shipment is derived in Odoo from the set of its facts,
 * so that order and repetition of messages change nothing.
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
} from "./codes.ts";
import { identifier } from "./identifiers.ts";
import { currency, day, decimal, instant, place, sha256, text, utc } from "./values.ts";

/**
 * Which stop of the shipment is meant: by the sender's own id, by sequence number, or by kind
 * alone (then the first pickup or the last delivery).
 */
const stopReference = z.strictObject({
  id: text(128).optional(),
  sequence: z.int().min(0).max(9999).optional(),
  kind: stopKind.optional(),
});

const common = {
  /** Idempotency key: the SHA-256 of what the fact says (see `fact_key.ts`). */
  key: sha256,
  /** The stored message that the fact was read from. */
  message: text(64),
  /** Where in that message: a JSON pointer, or segment and element position. */
  message_path: text(256).optional(),
  /** Names of the shipment, any of which may match; tried in the order of IDENTIFIER_TYPES. */
  identifiers: z.array(identifier).min(1).max(40),
  /**
   * `one`: the fact belongs to exactly one shipment, several candidates are an ambiguity.
   * `every`: it belongs to each shipment that holds the identifier (a truck stop shared by
   * several consignments).
   */
  applies_to: z.enum(["one", "every"]),
  /** The sender's id of the event; versions of one event share it. */
  source_event: text(128).optional(),
  /** The sender's version of that event (DCSA eventUpdatedDateTime, OTM lastModified), when it gives one. */
  version: utc.optional(),
  /** When the sender said it: the version, else the message's own time. Among facts for one slot, the latest counts. */
  recorded_at: utc,
};

const reason = z.strictObject({ code: exceptionReason, raw: text(128).optional() });

/** A line of what was loaded. */
const loadedLine = z.strictObject({
  /** The line of the transport order (Odoo's goods id), or what the sender calls the goods. */
  goods: text(128).optional(),
  description: text(256).optional(),
  quantity: decimal,
  /** What the sender says was ordered of it. */
  ordered: decimal.optional(),
  unit: text(32).optional(),
  lots: z.array(text(64)).max(50).optional(),
  /** The `reference` of its package. */
  package: text(64).optional(),
});

/** What was loaded, by who loaded it: a shipping or despatch advice. Since 1.5. */
const loaded = z.strictObject({
  goods: z.array(loadedLine).max(500),
  packages: z
    .array(z.strictObject({ reference: text(64), sscc: text(18).optional() }))
    .max(500)
    .optional(),
});

/** A step of the transport, or a condition beside it. Without code and condition it is unmapped: kept and shown. */
const milestone = z.strictObject({
  kind: z.literal("milestone"),
  ...common,
  code: milestoneCode.optional(),
  conditions: z.array(condition).max(4).optional(),
  classifier,
  occurred: instant,
  stop: stopReference.optional(),
  place: place.optional(),
  reasons: z.array(reason).max(8).optional(),
  /** The code as the sender wrote it. */
  raw_code: text(64),
  raw_text: text(512).optional(),
  /** With `loaded`: what. */
  loaded: loaded.optional(),
  /** Who and what drives (with `assigned`). */
  vehicle: text(128).optional(),
  trailer: text(128).optional(),
  driver: text(128).optional(),
});

const itineraryStop = z.strictObject({
  id: text(128),
  /** Further ids by which the sender names this stop or what happens there (OTM load and unload actions). */
  aliases: z.array(text(128)).max(40).optional(),
  sequence: z.int().min(0).max(9999),
  kind: stopKind,
  place: place.optional(),
  planned_arrival: instant.optional(),
  planned_departure: instant.optional(),
  window_start: instant.optional(),
  window_end: instant.optional(),
});

/** The plan of the transport: its stops, and further names of the shipment that it proves. */
const itinerary = z.strictObject({
  kind: z.literal("itinerary"),
  ...common,
  /** Identifiers that belong to the shipment from now on (trip, consignment, stop and action ids). */
  declares: z.array(identifier).max(200).optional(),
  stops: z.array(itineraryStop).max(100),
  carrier_name: text(128).optional(),
  carrier_scac: text(4).optional(),
});

const quantityLine = z.strictObject({
  /** The line of the transport order (Odoo's goods id), or what the sender calls the goods. */
  goods: text(128).optional(),
  description: text(256).optional(),
  quantity: decimal,
  unit: text(32).optional(),
  outcome: quantityOutcome,
  reason: exceptionReason.optional(),
});

const podDocument = z.strictObject({
  name: text(128),
  /** GIF since 1.7: the signature that UPS gives. */
  media_type: z.enum(["application/pdf", "image/png", "image/jpeg", "image/gif", "image/tiff"]),
  sha256,
  /** Bytes of the file. */
  size: z.int().min(1).max(20_000_000),
  content_base64: z.base64().max(27_000_000),
});

/** Proof of delivery: who took what, when, and the paper for it. */
const proofOfDelivery = z.strictObject({
  kind: z.literal("proof_of_delivery"),
  ...common,
  stop: stopReference.optional(),
  delivered: instant.optional(),
  signer: text(128).optional(),
  signed: z.boolean().optional(),
  quantities: z.array(quantityLine).max(500).optional(),
  documents: z.array(podDocument).max(20).optional(),
  remark: text(512).optional(),
});

/** One charge. `amount` is negative for discounts and credits. Cost is what the carrier bills us, sell what we bill. */
const charge = z.strictObject({
  kind: z.literal("charge"),
  ...common,
  side: z.enum(["cost", "sell"]),
  charge_type: chargeType,
  amount: decimal,
  currency,
  quantity: decimal.optional(),
  unit: text(32).optional(),
  rate: decimal.optional(),
  stop: stopReference.optional(),
  occurred: instant.optional(),
  description: text(256).optional(),
  raw_code: text(64),
});

/** What kind of bill this is against an earlier one (X12 B308; EDIFACT BGM 380/381 and 1225). */
export const INVOICE_CORRECTIONS = [
  "original",
  "correction",
  "cancelled",
  "rebill",
  "balance_due",
  "adjustment",
] as const;

const carrierInvoiceLine = z.strictObject({
  /** Taxes are lines of type `tax`, discounts and credits are negative. */
  charge_type: chargeType,
  amount: decimal,
  /** Percent, of a tax line. */
  tax_rate: decimal.optional(),
  rate: decimal.optional(),
  quantity: decimal.optional(),
  unit: text(32).optional(),
  stop: stopReference.optional(),
  description: text(256).optional(),
  raw_code: text(64),
});

/**
 * The carrier's bill. `total` is what the document itself says; whether the lines add up to it is
 * checked in Odoo, where a difference becomes a hold instead of a lost bill.
 */
const carrierInvoice = z.strictObject({
  kind: z.literal("carrier_invoice"),
  ...common,
  number: text(64),
  document: z.enum(["invoice", "credit_note"]),
  correction: z.enum(INVOICE_CORRECTIONS),
  /** Number of the bill that is corrected, when it is another one. */
  corrects: text(64).optional(),
  carrier_scac: text(4).optional(),
  carrier_name: text(128).optional(),
  bill_date: day,
  due_date: day.optional(),
  ship_date: day.optional(),
  delivered: instant.optional(),
  currency,
  total: decimal,
  lines: z.array(carrierInvoiceLine).max(500),
});

/** Withdraws a fact: one by its key, or all versions of a source event, those that arrive later too. */
const retraction = z.strictObject({
  kind: z.literal("retraction"),
  ...common,
  target: z.union([z.strictObject({ key: sha256 }), z.strictObject({ source_event: text(128) })]),
});

export const fact = z.discriminatedUnion("kind", [
  milestone,
  itinerary,
  proofOfDelivery,
  charge,
  carrierInvoice,
  retraction,
]);

export type Milestone = z.infer<typeof milestone>;
export type Itinerary = z.infer<typeof itinerary>;
export type ProofOfDelivery = z.infer<typeof proofOfDelivery>;
export type Charge = z.infer<typeof charge>;
export type CarrierInvoice = z.infer<typeof carrierInvoice>;
export type Retraction = z.infer<typeof retraction>;
export type Fact = z.infer<typeof fact>;
export type StopReference = z.infer<typeof stopReference>;
export type FactKind = Fact["kind"];
