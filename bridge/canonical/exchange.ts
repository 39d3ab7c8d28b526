/**
 * What the bridge and the addon say to each other: the arguments and the answers of
 * `milepost.exchange` in Odoo. The JSON Schema made of these types is the contract; it is
 * committed in the addon (`npm run contract`).
 */
import { z } from "zod";
import { fact } from "./fact.ts";
import { identifier } from "./identifiers.ts";
import { outcome } from "./outcome.ts";
import { shipmentEvent } from "./shipment_event.ts";
import { transportOrder } from "./transport_order.ts";
import { sha256, text, utc } from "./values.ts";

/**
 * The first number is raised with every incompatible change: then both sides refuse each other and
 * say which is to be upgraded. The second one with every addition: whoever is newer does without
 * what the older one does not know (`speaks`), and answers may hold members that are not known yet.
 *
 * 1.1: `figures`, `trace`. 1.2: a message's `trace_id`, and `trace` by it. 1.3: `code_meanings`.
 * 1.4: `expects` of an acknowledgement, unanswered orders in `figures`. 1.5: `event` in the outbox,
 * `replay_events`, `loaded` of a milestone.
 * 1.6: `told_orders`, `report_differences`, `repair_order`. 1.7: `tracked_numbers`.
 */
export const CONTRACT_VERSION = "1.7";

/** Whether a peer of that contract knows what came with the version wanted, of the same major. */
export function speaks(contract: string, wanted: string): boolean {
  const [major, minor] = contract.split(".").map(Number);
  const [wantedMajor, wantedMinor] = wanted.split(".").map(Number);
  return major === wantedMajor && (minor ?? 0) >= (wantedMinor ?? 0);
}

/** Odoo's time for one batch grows with its size; 500 is where throughput levels off. */
export const MAX_BATCH_FACTS = 500;

const contractVersion = z.string().regex(/^[0-9]+\.[0-9]+$/);

const count = z.int().min(0);

const traceId = z.string().regex(/^[0-9a-f]{32}$/);

/** The stored message behind facts, for lineage from Odoo back to the bridge's inbox. */
const message = z.strictObject({
  id: text(64),
  sha256,
  received_at: utc,
  /** Source and version of the mapping that read it: `otm5@1`. */
  mapping: text(64),
  channel: z.enum(["webhook", "poll", "folder", "sftp", "replay"]),
  /** The sender's own trace (W3C Trace Context, level 1, section 3.2.2.3); since 1.2. */
  trace_id: traceId.optional(),
});

export const batch = z.strictObject({
  contract: contractVersion,
  /** Code of the connection in Odoo. */
  connection: text(64),
  messages: z.array(message).max(MAX_BATCH_FACTS),
  facts: z.array(fact).min(1).max(MAX_BATCH_FACTS),
});

const VERDICT_STATUSES = ["accepted", "duplicate", "unmatched", "rejected", "retry"] as const;

const candidate = z.object({
  /** Milepost shipment number. */
  shipment: z.string(),
  /** Those of the fact's identifiers that it bears. */
  identifiers: z.array(identifier),
});

/**
 * Odoo's answer for one fact.
 * - accepted: stored and applied; duplicate: was stored before, nothing changed
 * - unmatched: stored, waits in Odoo for its shipment and is applied when that appears
 * - rejected: not stored, will never be: dead letter with `code` and `reason`
 * - retry: not stored now (a concurrent change), send again
 */
const verdict = z.object({
  key: z.string(),
  status: z.enum(VERDICT_STATUSES),
  /** Milepost shipment numbers it was applied to. */
  shipments: z.array(z.string()).optional(),
  /** With `ambiguous`: the shipments that it may mean, for a person to choose. */
  candidates: z.array(candidate).optional(),
  /** Stable code of the cause: `schema`, `ambiguous`, `no_shipment`, `authority`, `contract_version`, `locked` … */
  code: z.string().optional(),
  reason: z.string().optional(),
  /** JSON pointer to the fault inside the fact. */
  path: z.string().optional(),
});

export const ingestAnswer = z.object({ verdicts: z.array(verdict) });

/** `milepost.exchange.code_meanings` (1.3): the partner's codes in a batch; nothing of it is stored. */
export const codesAnswer = z.object({
  codes: z.array(
    z.object({
      /** Of Odoo's code maps: milestone, reason, unit, carrier … */
      kind: text(64),
      code: z.string(),
      /** What the partner wrote beside it. */
      sample: z.string(),
      count,
      /** Our code, `record` for one of Odoo's records, or nothing while nobody has said it. */
      meaning: z.string().nullable(),
    }),
  ),
});

const standing = z.strictObject({
  /** What is known of the shipment, by the name of the field; what is unknown is left out. */
  values: z.record(z.string(), z.string()),
  /** Its money: "amount currency" by what it is, bills by their numbers. */
  money: z.record(z.string(), z.string()),
});

/** `milepost.exchange.compare`: what a batch would change; nothing of it is stored. */
export const compareAnswer = z.strictObject({
  verdicts: z.array(verdict),
  /** Those that differ. */
  shipments: z.array(z.strictObject({ shipment: z.string(), before: standing, after: standing })),
});

/**
 * What Odoo hands out from its outbox. The lease token must come back with the acknowledgement. Of
 * the orders, changes and cancellations of one shipment there is one at a time, the oldest first; so
 * of a consumer's events of one shipment.
 */
const outboxHead = {
  id: z.int(),
  lease: text(64),
  idempotency_key: text(64),
  attempt: z.int().min(1),
};

export const outboxItem = z.discriminatedUnion("kind", [
  z.object({ ...outboxHead, kind: z.literal("transport_order"), payload: transportOrder }),
  z.object({ ...outboxHead, kind: z.literal("order_change"), payload: transportOrder }),
  z.object({ ...outboxHead, kind: z.literal("order_cancellation"), payload: transportOrder }),
  z.object({ ...outboxHead, kind: z.literal("outcome"), payload: outcome }),
  z.object({ ...outboxHead, kind: z.literal("event"), payload: shipmentEvent }),
]);

const claimAnswer = z.object({ items: z.array(outboxItem) });

/** What a partner is to answer to an order, and by when (UTC). */
const expectedAnswer = z.strictObject({
  /** The receipt of the message (997, CONTRL), the carrier's answer (990, APERAK), the first status. */
  answer: z.enum(["receipt", "answer", "status"]),
  by: utc,
});

/**
 * How the TMS took the order. `identifiers` are its own names for it (order number, trip,
 * consignment): Odoo matches later facts by them.
 */
export const outboxAcknowledgement = z.strictObject({
  id: z.int(),
  lease: text(64),
  result: z.enum(["accepted", "rejected", "retry"]),
  /** The TMS's own number for the order. */
  external_number: text(128).optional(),
  identifiers: z.array(identifier).max(40).optional(),
  reason: text(512).optional(),
  /** With retry: not before this instant. */
  not_before: utc.optional(),
  /** With accepted: what is still to be heard of the order; since 1.4. */
  expects: z.array(expectedAnswer).max(3).optional(),
});

export const acknowledgeAnswer = z.object({
  results: z.array(z.object({ id: z.int(), status: z.enum(["done", "lease_lost", "unknown"]) })),
});

/** `milepost.exchange.hello`: is this the Odoo that the configuration means, and can we talk? */
/** A newer addon may say more. */
export const helloAnswer = z.object({
  contract: contractVersion,
  addon: text(32),
  odoo: text(32),
  database_uuid: text(64),
  connections: z.array(text(64)),
});

/** `milepost.exchange.replay_events` (1.5): what was put back of a consumer's events, or would be. */
export const replayAnswer = z.object({
  events: count,
  /** Made under other rights: they are not told again. */
  withheld: count,
  more: z.boolean(),
});

const share = z.number().min(0).max(1);

/** `milepost.exchange.figures` (1.1): how business fares, counts and durations, no money. */
export const figuresAnswer = z.object({
  at: utc,
  window_days: count,
  connections: z.array(
    z.object({
      code: text(64),
      uptime: share,
      unmatched: count,
      /** Orders, changes and cancellations that no bridge took yet. */
      orders_waiting: count,
      orders_oldest_seconds: count,
      /** Orders that are sent and whose next answer is overdue, and for how long (1.4). */
      orders_unanswered: count.optional(),
      orders_unanswered_seconds: count.optional(),
    }),
  ),
  /** Without the addon for billing there is nothing to be said. */
  billing: z
    .object({
      deliveries: count,
      readiness_median_seconds: count.nullable(),
      readiness_p90_seconds: count.nullable(),
      without_proof_share: share.nullable(),
      charge_exceptions: count,
      /** Every reason there is, with how many holds block for it. */
      holds: z.array(z.object({ reason: text(64), count })),
    })
    .optional(),
});

/** `milepost.exchange.bind`: to which environment Odoo belongs, and when our key ends. */
export const bindAnswer = z.object({
  environment: text(64),
  is_neutralized: z.boolean(),
  /** UTC as Odoo writes it, `2027-02-27 10:00:00`; null when it never ends or is none. */
  key_expires_at: z.string().nullable(),
});

export const rotateAnswer = z.object({ key: text(256), key_expires_at: z.string() });

/** `milepost.exchange.trace` (1.1): what facts became in Odoo. */
export const traceAnswer = z.object({
  records: z.array(
    z.object({
      key: z.string(),
      model: z.string(),
      id: z.int(),
      standing: z.string(),
      /** Number of its shipment; empty without one. */
      shipment: z.string(),
      /** In the bridge's inbox; since 1.2. */
      message: z.string().optional(),
    }),
  ),
  shipments: z.array(
    z.object({
      name: z.string(),
      id: z.int(),
      state: z.string(),
      documents: z.array(
        z.object({ model: z.string(), id: z.int(), name: z.string(), state: z.string() }),
      ),
    }),
  ),
});

/** `milepost.bundle.export_bundle`: configuration as Odoo writes it; the bridge only carries it. */
export const odooBundle = z.object({
  format: z.int(),
  parts: z.array(z.object({ model: z.string(), rows: z.array(z.record(z.string(), z.unknown())) })),
});

/** `milepost.bundle.import_bundle`: what taking a bundle changed, or would change. */
export const bundleReport = z.object({
  changes: z.array(
    z.object({
      model: z.string(),
      name: z.string(),
      is: z.enum(["new", "changed"]),
      fields: z.array(z.string()),
    }),
  ),
  same: count,
  problems: z.array(z.string()),
  /** Models that the caller may not write. */
  refused: z.array(z.string()),
});

export type BundleReport = z.infer<typeof bundleReport>;
export type OdooBundle = z.infer<typeof odooBundle>;
export type Trace = z.infer<typeof traceAnswer>;
export type Batch = z.infer<typeof batch>;
export type MessageHead = z.infer<typeof message>;
export type Verdict = z.infer<typeof verdict>;
export type CompareAnswer = z.infer<typeof compareAnswer>;
export type CodeMeaning = z.infer<typeof codesAnswer>["codes"][number];
export type IngestAnswer = z.infer<typeof ingestAnswer>;
export type OutboxItem = z.infer<typeof outboxItem>;
export type OrderItem = Exclude<OutboxItem, { kind: "outcome" | "event" }>;
export type ClaimAnswer = z.infer<typeof claimAnswer>;
export type OutboxAcknowledgement = z.infer<typeof outboxAcknowledgement>;
export type ExpectedAnswer = z.infer<typeof expectedAnswer>;
export type ReplayAnswer = z.infer<typeof replayAnswer>;
export type Figures = z.infer<typeof figuresAnswer>;
export type HelloAnswer = z.infer<typeof helloAnswer>;
