/** What reading a message gives: facts, what could not be used, and replies to the sender. */
import type { CheckedFact } from "./checked_fact.ts";
import type { ProofLink } from "./proof_link.ts";

/** Facts with a higher priority overtake others on their way to Odoo. */
export const PRIORITIES = ["billing", "exception", "eta", "position"] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface ReadFact {
  /** Checked where it was read: what the model does not allow is a finding of the message. */
  fact: CheckedFact;
  priority: Priority;
  /** Facts of one shipment should share a lane (a trip or order id): a lane has one batch in flight. */
  lane: string;
}

/** Something that was read but could not be used as it stands; kept with the message and shown. */
export interface Finding {
  severity: "warning" | "error";
  code: string;
  path: string;
  text: string;
  /** This place of the message gave nothing at all: a dead letter names it. */
  lost?: true;
}

/** A message back to the sender that reading called for: a 997, CONTRL or APERAK. */
export interface Reply {
  /** File name; unique for what it answers, so that sending it twice replaces it. */
  name: string;
  contentType: string;
  body: Buffer;
}

export interface Reading {
  facts: ReadFact[];
  findings: Finding[];
  replies?: Reply[];
  /** Papers that the partner has behind a link; fetched beside the work. */
  links?: ProofLink[];
  /** The mapping that read it, when that is not the source's own: `mapped:acme@3`. */
  mapping?: string;
}
