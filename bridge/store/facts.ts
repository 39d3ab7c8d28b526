/**
 * The facts on their way to Odoo, and what became of them.
 *
 * Facts wait in lanes. A lane is worked on by one worker, so that no two batches in flight share a
 * shipment; inside a lane the higher priority goes first. There is no strict order: Odoo derives
 * from the set of facts, and a stuck ETA must not hold back its shipment's proof of delivery.
 */
import type { Fact } from "../canonical/fact.ts";
import type { MessageHead } from "../canonical/exchange.ts";
import type { Priority } from "../canonical/reading.ts";
import type { Problem } from "../errors.ts";

/** A fact with its key, as the normalizer hands it over. */
export interface NewFact {
  fact: Fact;
  priority: Priority;
  /** 31-bit hash of connection and the source's lane; see `laneHash`. */
  laneHash: number;
}

const FACT_STATES = ["ready", "waiting", "in_flight", "delivered", "unmatched", "dead"] as const;
/** States of facts that are on their way. */
export const WAITING_STATES = ["ready", "waiting", "in_flight"] as const;
export type FactState = (typeof FACT_STATES)[number];

export interface FactSummary {
  key: string;
  kind: string;
  state: FactState;
  attempts: number;
  code: string | null;
  reason: string | null;
  shipments: string[];
  /** No message gives it any more: a retraction was sent after it. */
  withdrawn: boolean;
}

export interface FactStanding {
  withdrawn: boolean;
  /** Key of the retraction that withdrew it last, or took that back. */
  lastWord: string | null;
}

/** A fact that Odoo keeps until a shipment, or one alone, bears its names. */
export interface UnmatchedFact {
  key: string;
  connection: string;
  messageId: string;
  kind: string;
  /** `no_shipment`, or `ambiguous` with the candidates in the reason. */
  code: string | null;
  reason: string | null;
  identifiers: Array<{ type: string; value: string }>;
  receivedAt: number;
}

export interface QueuedFact {
  seq: number;
  fact: Fact;
  priority: Priority;
  /** Failed tries so far. */
  attempts: number;
  /** Wall clock of its message's arrival, epoch milliseconds. */
  receivedAt: number;
}

export interface FactBatch {
  connection: string;
  facts: QueuedFact[];
  /** The messages that the facts were read from, each once. */
  messages: MessageHead[];
}

export interface Claim {
  lane: number;
  /** Connections that must wait now. */
  except: ReadonlySet<string>;
  maxFacts: number;
  /** At least one fact is given, however large it is. */
  maxBytes: number;
  /** Steady time. */
  now: number;
  leaseMs: number;
}

/** What became of one claimed fact. */
export type Settlement =
  | { seq: number; to: "delivered"; shipments: readonly string[]; at: number }
  | { seq: number; to: "unmatched"; problem: Problem; at: number }
  /** Back in the lane as if nothing had been: the fault was not the fact's. */
  | { seq: number; to: "released" }
  | {
      seq: number;
      to: "retry";
      dueAt: number;
      attempts: number;
      problem: Problem;
      /** From now on in this lane; see `shipmentLane`. */
      laneHash?: number;
    }
  | { seq: number; to: "dead"; attempts: number; problem: Problem; at: number };

export interface Depth {
  state: FactState;
  priority: Priority;
  count: number;
  /** Arrival of the oldest, epoch milliseconds. */
  oldest: number;
}

/** Facts come in with `Inbox.recordReading`, and leave with their message. */
export interface Facts {
  /**
   * Takes the next batch of one connection from a lane: the connection whose first fact is the
   * most urgent, then the oldest. Null when nothing is due. Facts whose lease ran out are due
   * again: whoever claimed them could not say what became of them.
   */
  claim(claim: Claim): Promise<FactBatch | null>;
  settle(settlements: readonly Settlement[]): Promise<void>;
  /**
   * Called once at the start, before the first claim: facts that a killed process had in flight
   * are ready again, lanes are dealt anew when their number changed, and no retry lies further
   * ahead than the longest delay (the wall clock may have been set back).
   */
  recover(lanes: number, now: number, longestDelayMs: number): Promise<{ released: number }>;
  /** What is not settled, for metrics and status. */
  depth(): Promise<Depth[]>;
  ofMessage(messageId: string): Promise<FactSummary[]>;
  /** How those of these facts stand that are stored, by their keys. */
  standing(connection: string, keys: readonly string[]): Promise<Map<string, FactStanding>>;
  /** Facts that Odoo could not place when it took them, newest first. */
  unmatched(
    filter: { connection?: string; code?: string },
    limit: number,
  ): Promise<UnmatchedFact[]>;
}
