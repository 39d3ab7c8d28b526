/** Dead letters: what could not go on, why, and putting it back. */
import type { Problem } from "../errors.ts";

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
  /** Open ones; `oldest` in epoch milliseconds. */
  count(): Promise<Array<{ connection: string; stage: Stage; count: number; oldest: number }>>;
  /** Puts the work of open dead letters back; those replayed before stay. Gives the ids put back. */
  replay(filter: DeadLetterFilter, at: number, by: string): Promise<number[]>;
  /** For work that has no row of its own to end (an order that the TMS refuses). */
  write(letter: Omit<DeadLetter, "id" | "state">): Promise<void>;
}
