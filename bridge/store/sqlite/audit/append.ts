/** Adding to the audit. */
import { auditHash, NO_HASH, type NewAuditEntry } from "../../audit.ts";
import type { Database } from "../database.ts";
import { setProperty } from "../property_rows.ts";

/** The sealed end of the chain: number and hash of the last entry. */
export const HEAD = "audit_head";

/** Adds an entry, inside the caller's unit of work. */
export function appendAudit({ sql, vault }: Database, entry: NewAuditEntry): void {
  const last = sql
    .prepare<[], { seq: number; hash: string }>(
      "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
    )
    .get();
  const seq = (last?.seq ?? 0) + 1;
  const detail = JSON.stringify(entry.detail);
  const hash = auditHash(last?.hash ?? NO_HASH, { ...entry, seq }, detail);
  sql
    .prepare("INSERT INTO audit (seq, at, by, action, detail, hash) VALUES (?, ?, ?, ?, ?, ?)")
    .run(seq, entry.at, entry.by, entry.action, detail, hash);
  setProperty(sql, HEAD, vault.sealText(HEAD, `${seq} ${hash}`));
}
