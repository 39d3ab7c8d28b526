/** The store over one SQLite file. */
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import { sqliteAudit } from "./audit/sqlite_audit.ts";
import { deadLetterPruner } from "./dead_letters/prune.ts";
import { sqliteDeadLetters } from "./dead_letters/sqlite_dead_letters.ts";
import { sqliteFacts } from "./facts/sqlite_facts.ts";
import { sealedDeadLetters } from "./dead_letters/insert.ts";
import { sealedFacts } from "./facts/sealed.ts";
import { sealedMessages } from "./inbox/message_row.ts";
import { messagePruner } from "./inbox/prune.ts";
import { sqliteInbox } from "./inbox/sqlite_inbox.ts";
import { keysInUse } from "./keys.ts";
import { outboxPruner, sealedItems, sqliteOutbox } from "./outbox.ts";
import { sqlitePartnerUses } from "./partner_uses.ts";
import { sqlitePauses } from "./pauses.ts";
import { sealedLinks, sqliteProofLinks } from "./proof_links.ts";
import { sqliteProperties } from "./properties.ts";
import { setProperty } from "./property_rows.ts";
import { sqliteQuarantine } from "./quarantine/sqlite_quarantine.ts";
import { sealedQuarantine } from "./quarantine/entry.ts";
import { sealedReplies } from "./replies/insert.ts";
import { sqliteReplies } from "./replies/sqlite_replies.ts";
import { resealer } from "./resealing.ts";

const SEALED = [
  sealedMessages,
  sealedFacts,
  sealedReplies,
  sealedItems,
  sealedDeadLetters,
  sealedQuarantine,
  sealedLinks,
];

export function sqliteStore(database: Database): Store {
  const pruneMessages = messagePruner(database);
  const pruneDeadLetters = deadLetterPruner(database);
  const pruneOutbox = outboxPruner(database);
  const reseal = resealer(database, SEALED);
  return {
    inbox: sqliteInbox(database),
    facts: sqliteFacts(database),
    outbox: sqliteOutbox(database),
    replies: sqliteReplies(database),
    proofLinks: sqliteProofLinks(database),
    deadLetters: sqliteDeadLetters(database),
    quarantine: sqliteQuarantine(database),
    partners: sqlitePartnerUses(database),
    audit: sqliteAudit(database),
    pauses: sqlitePauses(database),
    properties: sqliteProperties(database),
    probe: (bytes = 0) =>
      database.write(() => setProperty(database.sql, "probe", `${Date.now()}${" ".repeat(bytes)}`)),
    prune: (before, limit) =>
      database.write(() => ({
        ...pruneMessages(before, limit),
        deadLetters: pruneDeadLetters(before, limit),
        outboxItems: pruneOutbox(before, limit),
      })),
    sealedBy: () => database.read(() => keysInUse(database.sql)),
    reseal: (rows) => database.write(() => reseal(rows)),
    shrink: (pages) => database.write(() => database.shrink(pages)),
    close: () => database.close(),
  };
}
