/** The audit over the table `audit`. */
import { type Audit, type AuditCheck, type AuditEntry, auditHash, NO_HASH } from "../../audit.ts";
import type { Database } from "../database.ts";
import { getProperty } from "../property_rows.ts";
import { appendAudit, HEAD } from "./append.ts";

type Row = Omit<AuditEntry, "detail"> & { detail: string };

export function sqliteAudit(database: Database): Audit {
  const { sql } = database;
  const newest = sql.prepare<[number], Row>("SELECT * FROM audit ORDER BY seq DESC LIMIT ?");
  return {
    record: (entry) => database.write(() => appendAudit(database, entry)),
    list: (limit) => database.read(() => newest.all(limit).map(toEntry)),
    verify: () => database.read(() => verify(database)),
  };
}

function verify({ sql, vault }: Database): AuditCheck {
  let entries = 0;
  let head = NO_HASH;
  const rows = sql.prepare<[], Row>("SELECT * FROM audit ORDER BY seq").iterate();
  const found = (seq: number, what: string) => ({ entries, head, fault: { seq, what } });
  for (const row of rows) {
    if (row.seq !== entries + 1) return found(entries + 1, "the entry is gone");
    if (row.hash !== auditHash(head, row, row.detail)) return found(row.seq, "it was changed");
    entries = row.seq;
    head = row.hash;
  }
  const sealed = getProperty(sql, HEAD);
  const end = sealed === null ? `0 ${NO_HASH}` : vault.openText(HEAD, sealed);
  if (end === `${entries} ${head}`) return { entries, head, fault: null };
  return found(
    entries,
    "the end is not the one that the bridge sealed: entries are gone or foreign",
  );
}

function toEntry({ detail, ...row }: Row): AuditEntry {
  return { ...row, detail: JSON.parse(detail) as Record<string, unknown> };
}
