/** The store over one SQLite file. */
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import { deadLetterPruner } from "./dead_letters/prune.ts";
import { sqliteDeadLetters } from "./dead_letters/sqlite_dead_letters.ts";
import { sqliteFacts } from "./facts/sqlite_facts.ts";
import { messagePruner } from "./inbox/prune.ts";
import { sqliteInbox } from "./inbox/sqlite_inbox.ts";
import { outboxPruner, sqliteOutbox } from "./outbox.ts";
import { sqlitePartnerUses } from "./partner_uses.ts";
import { sqlitePauses } from "./pauses.ts";
import { setProperty, sqliteProperties } from "./properties.ts";
import { sqliteQuarantine } from "./quarantine/sqlite_quarantine.ts";
import { sqliteReplies } from "./replies/sqlite_replies.ts";

export function sqliteStore(database: Database): Store {
  const pruneMessages = messagePruner(database);
  const pruneDeadLetters = deadLetterPruner(database);
  const pruneOutbox = outboxPruner(database);
  return {
    inbox: sqliteInbox(database),
    facts: sqliteFacts(database),
    outbox: sqliteOutbox(database),
    replies: sqliteReplies(database),
    deadLetters: sqliteDeadLetters(database),
    quarantine: sqliteQuarantine(database),
    partners: sqlitePartnerUses(database),
    pauses: sqlitePauses(database),
    properties: sqliteProperties(database),
    probe: (bytes = 0) =>
      database.write(() => setProperty(database, "probe", `${Date.now()}${" ".repeat(bytes)}`)),
    prune: (before, limit) =>
      database.write(() => ({
        ...pruneMessages(before, limit),
        deadLetters: pruneDeadLetters(before, limit),
        outboxItems: pruneOutbox(before, limit),
      })),
    shrink: (pages) => database.write(() => database.shrink(pages)),
    close: () => database.close(),
  };
}
