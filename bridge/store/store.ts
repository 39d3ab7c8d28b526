/**
 * The store: what the bridge must not forget, as units of work.
 *
 * Each method of a unit is one atomic step and resolves after its durable commit. There is
 * deliberately no `transaction(callback)`: an embedded database cannot wait inside a transaction,
 * and a caller must not be able to hold one open over a network call.
 */
import type { Audit } from "./audit.ts";
import type { DeadLetters } from "./dead_letters.ts";
import type { Facts } from "./facts.ts";
import type { Inbox } from "./inbox.ts";
import type { Outbox } from "./outbox.ts";
import type { PartnerUses } from "./partner_uses.ts";
import type { Pauses } from "./pauses.ts";
import type { ProofLinks } from "./proof_links.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Replies } from "./replies.ts";

/** Single values that belong to the store as a whole: environment, Odoo's database. */
export interface Properties {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  /** Sets what is made of the value that stands there, in one step: another process may write, too. */
  change(name: string, make: (kept: string | null) => string): Promise<void>;
}

/** Property: orders whose answer is overdue, by connection, as Odoo said last. */
export const UNANSWERED = "orders_unanswered";

/** From when on things are kept, in epoch milliseconds. */
export interface Retention {
  /** What has ended well: messages whose facts are in Odoo, replayed dead letters, answered orders. */
  settled: number;
  /** What waited for somebody to decide: dead letters, quarantine, their messages. */
  unresolved: number;
}

/** How much was forgotten. */
export interface Pruned {
  messages: number;
  unresolved: number;
  deadLetters: number;
  outboxItems: number;
}

export interface Store {
  readonly inbox: Inbox;
  readonly facts: Facts;
  readonly outbox: Outbox;
  readonly replies: Replies;
  readonly proofLinks: ProofLinks;
  readonly deadLetters: DeadLetters;
  readonly quarantine: Quarantine;
  readonly partners: PartnerUses;
  readonly audit: Audit;
  readonly pauses: Pauses;
  readonly properties: Properties;
  /** Writes and commits something of about that size: throws when the store cannot be written. */
  probe(bytes?: number): Promise<void>;
  /** Forgets what is older, so many of each at most. What is under way stays, however old. */
  prune(before: Retention, limit: number): Promise<Pruned>;
  /** Names of the keys that something in the store may still be sealed with. */
  sealedBy(): Promise<string[]>;
  /** Seals so many rows at most with the current key; gives how many it looked at, 0 when none is left. */
  reseal(rows: number): Promise<number>;
  /** Gives disk space back that nothing needs, so many pages at most; gives how many it was. */
  shrink(pages: number): Promise<number>;
  close(): Promise<void>;
}
