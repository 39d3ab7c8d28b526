/** Replies to partners, between the reading that called for them and their sending. */
import type { Problem } from "../errors.ts";

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
