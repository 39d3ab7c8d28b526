/**
 * The store: what the bridge must not forget, as units of work.
 *
 * Each method is one atomic step and resolves after its durable commit. There is deliberately no
 * `transaction(callback)`: an embedded database cannot wait inside a transaction, and a caller
 * must not be able to hold one open over a network call.
 */
import type { Fact } from "../canonical/fact.ts";
import type { MessageHead, OutboxItem } from "../canonical/exchange.ts";
import type { Finding, OrderReceipt, Priority, Reply } from "../sources/source.ts";

export type Channel = MessageHead["channel"];

export interface NewMessage {
  connection: string;
  channel: Channel;
  contentType: string;
  body: Buffer;
  attributes: Readonly<Record<string, string>>;
  /** Two messages of one connection with the same key are the same message. */
  dedupeKey: string;
  /** Epoch milliseconds, wall clock. */
  receivedAt: number;
  traceparent?: string;
}

export interface Acceptance {
  id: string;
  /** True when the message was stored before; nothing was changed then. */
  duplicate: boolean;
}

export const MESSAGE_STATES = ["received", "read", "dead", "quarantined"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export interface StoredMessage {
  id: string;
  connection: string;
  channel: Channel;
  contentType: string;
  body: Buffer;
  sha256: string;
  attributes: Record<string, string>;
  receivedAt: number;
  state: MessageState;
  mapping: string | null;
  findings: Finding[];
}

/** A fact with its key, as the normalizer hands it over. */
export interface NewFact {
  fact: Fact;
  priority: Priority;
  /** 32-bit hash of connection and the source's lane; see `laneHash`. */
  laneHash: number;
}

export const FACT_STATES = [
  "ready",
  "waiting",
  "in_flight",
  "delivered",
  "unmatched",
  "dead",
] as const;
export type FactState = (typeof FACT_STATES)[number];

export interface FactSummary {
  key: string;
  kind: string;
  state: FactState;
  attempts: number;
  code: string | null;
  reason: string | null;
  shipments: string[];
}

/** Why something could not go on, for people. */
export interface Problem {
  code: string;
  reason: string;
  path?: string | undefined;
  hint?: string | undefined;
}

/** Whose messages: of one connection, or of all but some. */
export type ReadScope = { only: string } | { except: readonly string[] };

/** A fact that Odoo keeps until a shipment, or one alone, bears its names. */
export interface WaitingFact {
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

export interface Inbox {
  /** Stores messages, each once. */
  accept(messages: readonly NewMessage[]): Promise<Acceptance[]>;
  /** Stores a poll's page and its cursor in one commit. */
  acceptPage(
    connection: string,
    messages: readonly NewMessage[],
    cursor: string,
    at: number,
  ): Promise<Acceptance[]>;
  /** Where the connection's next poll starts; null before the first page. */
  cursor(connection: string): Promise<{ cursor: string; at: number } | null>;
  /** Messages that were not read yet, oldest first; at least one, then as many as fit. */
  unread(limit: number, maxBytes?: number, scope?: ReadScope): Promise<StoredMessage[]>;
  countUnread(): Promise<number>;
  /**
   * Inserts facts of a message that is still being read, and keeps what reads it: a long message
   * is many commits, its first facts are in Odoo before its last ones are read, and the next try
   * of a reading that was cut off finds those facts there.
   */
  recordPart(
    messageId: string,
    mapping: string,
    facts: readonly NewFact[],
  ): Promise<{ inserted: number; duplicates: number }>;
  /**
   * Marks a message as read, inserts its facts and keeps its replies, in one commit; facts that
   * are there already stay as they are.
   */
  recordReading(
    messageId: string,
    mapping: string,
    facts: readonly NewFact[],
    findings: readonly Finding[],
    at: number,
    replies?: readonly Reply[],
  ): Promise<{ inserted: number; duplicates: number }>;
  /** Marks a message as unreadable and writes its dead letter. */
  recordUnreadable(messageId: string, problem: Problem, at: number): Promise<void>;
  /** Keeps a message aside that is in an unknown version; it is no dead letter. */
  recordQuarantined(messageId: string, problem: Problem, at: number): Promise<void>;
  message(id: string): Promise<StoredMessage | null>;
  /** The connection's latest messages, newest first, so many at most. */
  latest(connection: string, limit: number): Promise<StoredMessage[]>;
  factsOf(messageId: string): Promise<FactSummary[]>;
  /** Facts that Odoo could not place when it took them, newest first. */
  waiting(filter: { connection?: string; code?: string }, limit: number): Promise<WaitingFact[]>;
  /** Has a message read again, and its settled facts delivered again. False: no such message. */
  replay(messageId: string): Promise<boolean>;
  /** Deletes messages that were received before the time and whose facts and replies are all settled. */
  prune(before: number, limit: number): Promise<number>;
}

export const ORDER_STATES = ["claimed", "answered", "done", "returned"] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** A transport order out of Odoo's outbox, from its claim to its acknowledgement. */
export interface OrderRow {
  connection: string;
  item: OutboxItem;
  /** Until when Odoo leaves it to us, in steady time. */
  leaseUntil: number;
  state: OrderState;
  receipt: OrderReceipt | null;
}

export interface Orders {
  /**
   * Remembers claimed orders before anything is sent. An order that was answered before keeps its
   * receipt, so that it is acknowledged and not sent again, unless Odoo had that answer already:
   * then it wants it sent again. Gives the rows as they now stand.
   */
  recordClaim(
    connection: string,
    items: readonly OutboxItem[],
    leaseUntil: number,
  ): Promise<OrderRow[]>;
  recordReceipt(connection: string, id: number, receipt: OrderReceipt): Promise<void>;
  /** `done`: Odoo has the answer; `returned`: it is Odoo's again (lease over, or put back for later). */
  recordEnd(connection: string, id: number, state: "done" | "returned"): Promise<void>;
  /** Orders of the connection without an end whose lease still runs: what a restart goes on with. */
  open(connection: string, now: number): Promise<OrderRow[]>;
}

/** A reply that waits to be sent. */
export interface ReplyRow {
  id: number;
  connection: string;
  /** The message that it answers. */
  messageId: string;
  /** File name at the partner. */
  name: string;
  contentType: string;
  body: Buffer;
  /** Failed tries so far. */
  attempts: number;
}

export interface ReplyCount {
  connection: string;
  state: "waiting" | "dead";
  count: number;
  /** Epoch milliseconds of the oldest one's making. */
  oldest: number;
}

/** Replies come in with `Inbox.recordReading`. */
export interface Replies {
  /** Replies of the connection that may be sent at the (steady) time, oldest first. */
  due(connection: string, now: number, limit: number): Promise<ReplyRow[]>;
  recordSent(id: number, at: number): Promise<void>;
  /** Not before `dueAt` (steady time); `counts`: the try counts towards the dead letter. */
  recordDelay(id: number, dueAt: number, counts: boolean): Promise<void>;
  /** Gives up, with a dead letter of stage `outbound` that names the message; its replay sends it again. */
  recordDead(id: number, problem: Problem, at: number): Promise<void>;
  /** Replies that are not sent, by connection and state. */
  count(): Promise<ReplyCount[]>;
}

export const STAGES = ["normalize", "deliver", "outbound"] as const;
export type Stage = (typeof STAGES)[number];

export interface DeadLetter {
  id: number;
  connection: string;
  stage: Stage;
  /** The message that it came from (normalize, deliver), or that a reply answers (outbound). */
  messageId: string | null;
  factKey: string | null;
  /** Odoo's id of the order (outbound). */
  orderId: number | null;
  problem: Problem;
  attempts: number;
  createdAt: number;
  state: "open" | "replayed";
}

export interface DeadLetterFilter {
  ids?: readonly number[] | undefined;
  connection?: string | undefined;
  stage?: Stage | undefined;
  code?: string | undefined;
  state?: "open" | "replayed" | undefined;
  limit?: number | undefined;
}

export interface DeadLetters {
  list(filter: DeadLetterFilter): Promise<DeadLetter[]>;
  get(id: number): Promise<DeadLetter | null>;
  count(): Promise<Array<{ connection: string; stage: Stage; count: number }>>;
  /** Puts the work of open dead letters back; those replayed before stay. Gives the ids put back. */
  replay(filter: DeadLetterFilter, at: number): Promise<number[]>;
  /** For work that has no row of its own to end (an order that the TMS refuses). */
  write(letter: Omit<DeadLetter, "id" | "state">): Promise<void>;
}

export interface QuarantinedMessage {
  messageId: string;
  connection: string;
  problem: Problem;
  createdAt: number;
  state: "open" | "released";
}

export interface QuarantineFilter {
  /** Ids of messages. */
  ids?: readonly string[] | undefined;
  connection?: string | undefined;
  code?: string | undefined;
  /** Those released before, too. */
  all?: boolean | undefined;
  limit?: number | undefined;
}

export interface Quarantine {
  /** Newest first. */
  list(filter: QuarantineFilter): Promise<QuarantinedMessage[]>;
  count(): Promise<Array<{ connection: string; count: number }>>;
  /** Has open ones read again; gives the ids of their messages. */
  release(filter: QuarantineFilter, at: number): Promise<string[]>;
}

/** A version of a partner's mapping that was put into use. */
export interface PartnerUse {
  id: number;
  name: string;
  version: number;
  sha256: string;
  text: string;
  /** Who put it into use. */
  by: string;
  at: number;
}

export interface PartnerUses {
  /** From now on this version reads; gives the number of this entry. */
  use(it: Omit<PartnerUse, "id">): Promise<number>;
  inUse(name: string): Promise<PartnerUse | null>;
  /** Newest first. */
  history(name: string): Promise<PartnerUse[]>;
}

export type PauseScope = "odoo" | "delivery" | "poll" | "files" | "orders" | "replies";

export interface Pause {
  scope: PauseScope;
  /** Empty for what concerns all connections. */
  connection: string;
  code: string;
  reason: string;
  hint: string | null;
  since: number;
}

export interface Pauses {
  set(pause: Pause): Promise<void>;
  clear(scope: PauseScope, connection: string): Promise<void>;
  list(): Promise<Pause[]>;
  clearAll(): Promise<void>;
}

/** Single values that belong to the store as a whole: environment, Odoo's database. */
export interface Properties {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}

export interface Store {
  readonly inbox: Inbox;
  readonly orders: Orders;
  readonly replies: Replies;
  readonly deadLetters: DeadLetters;
  readonly quarantine: Quarantine;
  readonly partners: PartnerUses;
  readonly pauses: Pauses;
  readonly properties: Properties;
  /** Writes and commits something: throws when the store cannot be written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
