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
  /** Links that are due at the (steady) time, the longest due first: those that fail keep none waiting. */
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

/**
 * Parameters of signed links, which change from one message to the next: [one that tells whose they are,
 * theirs]. Others, a bare `token` among them, may be all that tells two papers apart.
 */
const SIGNATURES: ReadonlyArray<readonly [mark: RegExp, parameter: RegExp]> = [
  [/^x-amz-signature$/i, /^(x-amz-.*|expires)$/i],
  [/^x-goog-signature$/i, /^(x-goog-.*|expires)$/i],
  // Azure's shared access signature.
  [/^sv$/, /^(s[a-z]{1,3}|sig)$/],
  // CloudFront.
  [/^key-pair-id$/i, /^(expires|signature|key-pair-id|policy)$/i],
];

/** The same for all links to one paper that proves one thing: a paper may prove several stops. */
export function proofLinkId(connection: string, { id, url, lane, proof }: ProofLink): string {
  const { stop } = proof;
  const place = stop?.id ?? stop?.sequence ?? stop?.kind;
  const paper = id ?? withoutSignature(url);
  return createHash("sha256")
    .update(JSON.stringify([connection, lane, place, paper]))
    .digest("hex")
    .slice(0, 32);
}

function withoutSignature(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const names = [...url.searchParams.keys()];
  for (const [mark, parameter] of SIGNATURES) {
    if (!names.some((name) => mark.test(name))) continue;
    for (const name of names) if (parameter.test(name)) url.searchParams.delete(name);
  }
  return url.href;
}
