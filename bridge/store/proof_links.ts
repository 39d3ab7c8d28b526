/** Papers behind links, from the message that named them until they are fetched or given up. */
import { createHash } from "node:crypto";
import type { ProofLink } from "../canonical/proof_link.ts";
import type { NewMessage } from "./inbox.ts";

const LINK_STATES = ["waiting", "fetched", "refused"] as const;
export type LinkState = (typeof LINK_STATES)[number];

export interface ProofLinkRow {
  id: string;
  connection: string;
  /** The message that named it. */
  messageId: string;
  link: ProofLink;
  state: LinkState;
  /** Failed tries so far. */
  attempts: number;
  /** Why it is not here. */
  code: string | null;
  /** What Odoo heard last of that. */
  told: string | null;
  createdAt: number;
}

/** What became of a try. */
export interface LinkSettlement {
  state: LinkState;
  attempts: number;
  /** Steady time. */
  dueAt: number;
  code: string | null;
  told: string | null;
}

export interface LinkCount {
  connection: string;
  state: LinkState;
  count: number;
  /** Epoch milliseconds. */
  oldest: number;
}

export interface ProofLinks {
  /**
   * Remembers the links of a message, each paper once. A new link to a paper that is not here yet
   * takes the place of the old one, which may have run out, and is due at once.
   */
  add(
    connection: string,
    messageId: string,
    links: readonly ProofLink[],
    at: number,
  ): Promise<void>;
  /** Links that are due at the (steady) time, oldest first. */
  due(connection: string, now: number, limit: number): Promise<ProofLinkRow[]>;
  /** Remembers what became of a try, and stores the message that says so, in one commit. */
  settle(id: string, settlement: LinkSettlement, message?: NewMessage): Promise<void>;
  /** What is not here, oldest first. */
  open(connection?: string): Promise<ProofLinkRow[]>;
  /** Has these tried again at once; gives how many that is. */
  again(ids: readonly string[]): Promise<number>;
  /** What is not here, by connection and state. */
  count(): Promise<LinkCount[]>;
}

/** Parameters of signed links, which change from one message to the next (S3, GCS, Azure, CloudFront). */
const SIGNATURE =
  /^(x-(amz|goog)-.*|expires|signature|key-pair-id|policy|s[eptvr]|spr|sig|token)$/i;

/** The same for all links to one paper. */
export function proofLinkId(connection: string, { id, url, lane }: ProofLink): string {
  const paper = id ?? `${lane} ${withoutSignature(url)}`;
  return createHash("sha256")
    .update(JSON.stringify([connection, paper]))
    .digest("hex")
    .slice(0, 32);
}

function withoutSignature(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  for (const name of [...url.searchParams.keys()]) {
    if (SIGNATURE.test(name)) url.searchParams.delete(name);
  }
  return url.href;
}
