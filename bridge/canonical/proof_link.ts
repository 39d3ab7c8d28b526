/** A proof of delivery that a partner has behind a link: what is said of it before it is fetched. */
import type { ProofOfDelivery } from "./fact.ts";

/** What the paper proves, as the message said it; the paper itself is added once it is here. */
export interface LinkedProof extends Omit<
  ProofOfDelivery,
  "key" | "message" | "kind" | "documents" | "source_event"
> {
  /** The sender's events with which he withdraws it. */
  events?: readonly string[] | undefined;
}

const LONGEST_EVENT = 128;

/**
 * The event of a paper that was fetched: `<event>|<event>|paper/<id of the link>`. Odoo withdraws it with
 * each of those that come before, whatever is fetched or heard first.
 */
export function paperEvent(id: string, events: readonly string[] = []): string {
  const parts = [...events, `paper/${id}`];
  while (parts.join("|").length > LONGEST_EVENT) parts.shift();
  return parts.join("|");
}

export interface ProofLink {
  /** As the partner wrote it. It may let in whoever has it: never shown, stored sealed. */
  url: string;
  /** The sender's id of the paper; links with the same id lead to the same paper. */
  id?: string | undefined;
  /** How people know the paper. */
  name?: string | undefined;
  proof: LinkedProof;
  /** Facts of one shipment should share a lane. */
  lane: string;
}
