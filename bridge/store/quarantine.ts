/** Messages in an unknown version, or of unknown parties: kept aside, with the reason, until somebody releases them. */
import type { Problem } from "../errors.ts";

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
  /** Open ones; `oldest` in epoch milliseconds. */
  count(): Promise<Array<{ connection: string; count: number; oldest: number }>>;
  /** Has open ones read again; gives the ids of their messages. */
  release(filter: QuarantineFilter, at: number, by: string): Promise<string[]>;
}
