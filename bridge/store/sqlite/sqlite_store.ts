/** The store over one SQLite file. */
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import { sqliteDeadLetters } from "./dead_letters/sqlite_dead_letters.ts";
import { sqliteFacts } from "./facts/sqlite_facts.ts";
import { sqliteInbox } from "./inbox/sqlite_inbox.ts";
import { sqliteOutbox } from "./outbox.ts";
import { sqlitePartnerUses } from "./partner_uses.ts";
import { sqlitePauses } from "./pauses.ts";
import { setProperty, sqliteProperties } from "./properties.ts";
import { sqliteQuarantine } from "./quarantine/sqlite_quarantine.ts";
import { sqliteReplies } from "./replies/sqlite_replies.ts";

export function sqliteStore(database: Database): Store {
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
    close: () => database.close(),
  };
}
