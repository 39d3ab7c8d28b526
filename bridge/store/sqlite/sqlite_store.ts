/** The store over one SQLite file. */
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import { sqliteQuarantine } from "./quarantine.ts";
import { sqliteDeadLetters } from "./dead_letters.ts";
import { sqliteInbox } from "./inbox.ts";
import { sqliteOrders } from "./orders.ts";
import { sqlitePartners } from "./partners.ts";
import { sqlitePauses } from "./pauses.ts";
import { sqliteReplies } from "./replies.ts";

export function sqliteStore(database: Database): Store {
  const { sql } = database;
  const select = sql.prepare<[string], string>("SELECT value FROM property WHERE name = ?").pluck();
  const upsert = sql.prepare(`
    INSERT INTO property (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`);
  return {
    inbox: sqliteInbox(database),
    orders: sqliteOrders(database),
    replies: sqliteReplies(database),
    deadLetters: sqliteDeadLetters(database),
    quarantine: sqliteQuarantine(database),
    partners: sqlitePartners(database),
    pauses: sqlitePauses(database),
    properties: {
      get: (name) => database.read(() => select.get(name) ?? null),
      set: (name, value) => database.write(() => void upsert.run(name, value)),
    },
    probe: () => database.write(() => void upsert.run("probe", String(Date.now()))),
    close: () => database.close(),
  };
}
