/**
 * What a source is: one TMS, carrier API or EDI standard, spoken both ways.
 *
 * A source knows its partner's language and nothing else: no store, no queue, no Odoo. Reading a
 * message is pure (same bytes, same facts), so that stored messages can be read again after a
 * mapping was mended.
 */
import type { z } from "zod";
import type { Outcome } from "../canonical/outcome.ts";
import type { ShipmentEvent } from "../canonical/shipment_event.ts";
import type { Reading } from "../canonical/reading.ts";
import type { VerifierPreset } from "./verifier_preset.ts";
import type { OrderStanding } from "../canonical/told_order.ts";
import type { OrderPurpose, OrderReceipt, TransportOrder } from "../canonical/transport_order.ts";

/** A message as it came in, before anything was made of it. */
export interface RawMessage {
  body: Buffer;
  contentType: string;
  /** When the bridge took it, UTC. */
  receivedAt: Date;
  /** Sources may put here what the transport said beside the body (a poll's URL, a file's name). */
  attributes: Readonly<Record<string, string>>;
}

export interface PolledMessage {
  body: Buffer;
  contentType: string;
  attributes: Record<string, string>;
  /**
   * What makes it the same message when it comes again, beside its bytes: the list, never the
   * question's time. All attributes when not given.
   */
  identity?: string;
  /** What it says, where that and not its bytes makes it the same when it comes again. */
  said?: string;
}

/** A tracking number of which Odoo wants to hear. */
export interface TrackedNumber {
  number: string;
  /** The partner's code for the shipping method; empty where no code map tells it. */
  carrier: string;
}

/** Something about a poll that people should know; the poll goes on. */
export interface PageWarning {
  code: string;
  text: string;
  hint?: string;
}

/** One page of a poll. The poller stores the messages and the cursor in one commit. */
export interface Page {
  messages: PolledMessage[];
  /** Where the next poll starts; opaque to the bridge. */
  cursor: string;
  /** True when more is waiting at the partner now. */
  more: boolean;
  warnings?: PageWarning[];
}

export interface PeerRequest {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** Relative to the connection's base URL. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /**
   * Its name where the partner takes files: one for each order, change or outcome, the same for
   * every try. The path when not given.
   */
  file?: string;
  /** Statuses that the caller handles itself instead of having an error thrown (304, 404, 409). */
  expect?: readonly number[];
}

export interface PeerResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/**
 * How the partner is reached: its HTTP API, or a folder or SFTP server that takes files by PUT.
 * Authentication, time limits, size limits and typed errors are the bridge's.
 */
export interface Peer {
  /** Takes files and answers nothing: whoever asks it something hears nothing of the partner. */
  readonly isSilent?: true;
  /** Throws MilepostError with the retry decision for any status outside 2xx and `expect`. */
  request(request: PeerRequest, signal: AbortSignal): Promise<PeerResponse>;
}

/** A transport order on its way to the partner. */
export interface OutgoingOrder {
  purpose: OrderPurpose;
  order: TransportOrder;
  /** The same for every try of this order, change or cancellation, and for no other. */
  key: string;
  /** Positive, grows, and is the same for every try: an EDI control number. */
  number: number;
  /** Which try this is, from 1. */
  attempt: number;
}

/**
 * Within how many hours partners of a source usually answer an order; what is left out is not
 * expected, because the partner's language has no such answer or most partners send none.
 */
export interface AnswerHours {
  /** The receipt of the message: 997, 999, CONTRL. */
  receipt?: number;
  /** Whether the carrier takes the load: 990, APERAK. */
  answer?: number;
  /** The first event, after the planned pickup. */
  status?: number;
}

/** Reading is at once, or, where foreign expressions run in a process of their own, later. */
export type AnyReading = Reading | Promise<Reading>;

export interface Source<Settings = unknown, Result extends AnyReading = Reading> {
  /** Name in the configuration: `otm5`. */
  readonly id: string;
  /** Source and version of its mapping, remembered by every fact: `otm5@1`. */
  readonly mapping: string;
  /** The connection's `settings` for this source; unknown keys are refused. */
  readonly settings: z.ZodType<Settings>;
  /** How the partner may sign its webhooks, by the name that `webhook.verifier.preset` gives. */
  readonly verifiers?: Readonly<Record<string, VerifierPreset>>;
  /**
   * How the partner is reached, when the settings say it (a partner's file): members of the
   * connection's configuration, which lie under what the connection itself configures.
   */
  transport?(settings: Settings): Readonly<Record<string, unknown>>;
  /** Why messages cannot come this way with these settings; nothing when they can. */
  refusedWay?(settings: Settings, way: "webhook" | "folder" | "sftp"): string | undefined;
  /** Why what is sent cannot go as files with these settings; nothing when it can. */
  refusedFiles?(settings: Settings): string | undefined;
  /** Why a partner must not be reached so; nothing when it may. */
  refusedPeer?(peer: { base_url: string; isSigned: boolean }): string | undefined;
  /** Whether orders, or outcomes, have a way to the partner with these settings; they do when left out. */
  sends?(settings: Settings, what: "orders" | "outcomes"): boolean;
  /** Which answers to an order are overdue when, unless the connection's `orders.expect` says otherwise. */
  readonly answerHours?: AnswerHours;
  /** Reading may take long (foreign expressions): these connections have a reader of their own. */
  readonly apart?: boolean;
  /** Content types that a webhook may carry. */
  readonly contentTypes: readonly string[];
  /**
   * The checks that a sender should hear of at once (syntax, schema): throws MilepostError
   * (`retry: never`) with the path of the fault. Cheap; called before a webhook is answered.
   */
  check(message: RawMessage, settings: Settings): void;
  /**
   * The message as a document of fields, for whom wants to know which it has. Left out by sources
   * that read at once: what they look at is noted while they read. Throws like `read`.
   */
  document?(message: RawMessage, settings: Settings): unknown;
  /** Reads a message into facts. Pure. Throws MilepostError (`never`) when nothing can be read. */
  read(message: RawMessage, settings: Settings): Result;
  /**
   * The same as `read` for messages that may be long (a file of ten thousand): parts that each
   * take little time and memory. Their facts are committed part by part, other work goes on in
   * between, and after a crash the reading starts anew and finds those facts there. Replies of a
   * part are kept with the last one.
   */
  readParts?(message: RawMessage, settings: Settings): Iterable<Reading>;
  /** Fetches what is new since the cursor (null: from the beginning). `now` is the wall clock. */
  fetchPage?(
    peer: Peer,
    cursor: string | null,
    settings: Settings,
    signal: AbortSignal,
    now: Date,
    /** Of partners who are asked for numbers (`tracks`); nothing while Odoo was not heard yet. */
    numbers?: readonly TrackedNumber[],
  ): Promise<Page>;
  /** Whether the partner is asked for tracking numbers that Odoo knows, or told of them. */
  tracks?(settings: Settings): boolean;
  /**
   * Makes a tracking number known to a partner who sends what happens to it; to do it twice must
   * change nothing. Throws MilepostError with the retry decision.
   */
  registerNumber?(
    peer: Peer,
    number: TrackedNumber,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The cursor of a poll that asks for all since a time (UTC text); nothing where the partner
   * cannot be asked so.
   */
  cursorFrom?(since: string, settings: Settings): string | undefined;
  /**
   * Sends a transport order, its change or its cancellation; sending it again must change nothing
   * at the partner.
   */
  sendOrder?(
    peer: Peer,
    outgoing: OutgoingOrder,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<OrderReceipt>;

  /**
   * How the partner shows an order of ours; changes nothing there. Left out by sources whose
   * partners cannot be asked. Throws MilepostError with the retry decision.
   */
  readOrder?(
    peer: Peer,
    order: TransportOrder,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<OrderStanding>;

  /** Why orders of this connection cannot be asked for; nothing when they can. */
  refusedLook?(settings: Settings): string | undefined;

  /**
   * Tells the partner what became of the shipment's money. The latest one counts, so sending one
   * again must change nothing.
   */
  sendOutcome?(
    peer: Peer,
    outcome: Outcome,
    idempotencyKey: string,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<OrderReceipt>;

  /**
   * Tells a consumer what happened to a shipment. The event's id is the same for every try, so that
   * he can drop what he has; `number` grows with each event.
   */
  sendEvent?(
    peer: Peer,
    event: ShipmentEvent,
    number: number,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<OrderReceipt>;
}

/** A source of the registry, whichever way it reads. */
export type AnySource = Source<unknown, AnyReading>;
