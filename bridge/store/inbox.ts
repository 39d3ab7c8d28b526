/** The inbox: messages as they came in, and what reading made of them. */
import type { MessageHead } from "../canonical/exchange.ts";
import type { Finding, Reply } from "../canonical/reading.ts";
import type { Problem } from "../errors.ts";
import type { NewFact } from "./facts.ts";

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
  /** Number of the reading that gave its facts, from 1. */
  pass: number;
  findings: Finding[];
}

/** What is known of a message without looking into it. */
export interface MessageSummary {
  /** Where it stands in the order of arrival. */
  seq: number;
  id: string;
  connection: string;
  channel: Channel;
  contentType: string;
  bytes: number;
  receivedAt: number;
  state: MessageState;
  mapping: string | null;
  /** W3C trace context that it came with. */
  traceparent: string | null;
  facts: number;
}

export interface MessageFilter {
  ids?: readonly string[] | undefined;
  connection?: string | undefined;
  state?: MessageState | undefined;
  /** Source and version that read it: `mapped:acme@2`. */
  mapping?: string | undefined;
  /** Number of a shipment in Odoo that a fact of it was applied to. */
  shipment?: string | undefined;
  /** With a fact of this kind. */
  kind?: string | undefined;
  /** Key of a fact that was read from it, or the first digits of it. */
  fact?: string | undefined;
  /** Part of the trace context that it came with. */
  trace?: string | undefined;
  /** Arrival, epoch milliseconds: from `since`, before `until`. */
  since?: number | undefined;
  until?: number | undefined;
  /** Only those that stand before this one; see `MessageSummary.seq`. */
  beforeSeq?: number | undefined;
}

/** Whose messages: of one connection, or of all but some. */
export type ReadScope = { only: string } | { except: readonly string[] };

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
    pass?: number,
  ): Promise<{ inserted: number; duplicates: number }>;
  /**
   * Marks a message as read, inserts its facts and keeps its replies, in one commit; facts that
   * are there already stay as they are. `pass` numbers the readings of a message, from 1: what only
   * earlier ones gave, and no other message gives, is withdrawn by a retraction of its own.
   */
  recordReading(
    messageId: string,
    mapping: string,
    facts: readonly NewFact[],
    findings: readonly Finding[],
    at: number,
    replies?: readonly Reply[],
    pass?: number,
  ): Promise<{ inserted: number; duplicates: number }>;
  /** Marks a message as unreadable and writes its dead letter. */
  recordUnreadable(messageId: string, problem: Problem, at: number): Promise<void>;
  /** Keeps a message aside that is in an unknown version; it is no dead letter. */
  recordQuarantined(messageId: string, problem: Problem, at: number): Promise<void>;
  message(id: string): Promise<StoredMessage | null>;
  /** The connection's latest messages, newest first, so many at most. */
  latest(connection: string, limit: number): Promise<StoredMessage[]>;
  /** What the filter names, newest first, so many at most. */
  find(filter: MessageFilter, limit: number): Promise<MessageSummary[]>;
  /**
   * Has a message read again and, unless only what changes is to go out, its settled facts
   * delivered again. False: no such message.
   */
  replay(messageId: string, at: number, by: string, deliver?: boolean): Promise<boolean>;
}
