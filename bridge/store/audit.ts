/**
 * The audit: who did what to the bridge, in the commit that did it.
 *
 * Each entry's hash covers the one before it, and the last hash is sealed with the store's key. So
 * an entry that is changed, taken out or cut off at the end is found, also when whoever did it
 * could write the file and calculated the chain anew.
 */
import { createHash } from "node:crypto";

const AUDIT_ACTIONS = [
  "bridge started",
  "bridge stopped",
  "dead letters replayed",
  "events replayed",
  "drift accepted",
  "proofs fetched again",
  "orders repaired",
  "quarantine released",
  "message replayed",
  "cursor reset",
  "partner enabled",
  "odoo key rotated",
  "store key rotated",
  "backup made",
  "store restored",
  "store exported",
  "store imported",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditEntry {
  seq: number;
  /** Epoch milliseconds. */
  at: number;
  /** A user of the machine, a role of the admin port, or the bridge itself. */
  by: string;
  action: AuditAction;
  detail: Readonly<Record<string, unknown>>;
  hash: string;
}

export type NewAuditEntry = Omit<AuditEntry, "seq" | "hash">;

export interface AuditCheck {
  entries: number;
  /** Of the last entry; whoever noted it can tell later that nothing before it changed. */
  head: string;
  /** The first thing that is wrong. */
  fault: { seq: number; what: string } | null;
}

export interface Audit {
  record(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<AuditEntry[]>;
  verify(): Promise<AuditCheck>;
}

/** What the first entry's hash covers in place of the one before it. */
export const NO_HASH = "0".repeat(64);

/** SHA-256 over the hash before it and what the entry says, its detail as the stored JSON text. */
export function auditHash(
  before: string,
  { seq, at, by, action }: Omit<AuditEntry, "detail" | "hash">,
  detail: string,
): string {
  return createHash("sha256")
    .update(JSON.stringify([before, seq, at, by, action, detail]))
    .digest("hex");
}
