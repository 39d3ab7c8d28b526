/** Partners' mappings over the table `partner_use`. */
import type { PartnerUse, PartnerUses } from "../partner_uses.ts";
import { appendAudit } from "./audit/append.ts";
import type { Database } from "./database.ts";

export function sqlitePartnerUses(database: Database): PartnerUses {
  const { sql } = database;
  const insert = sql.prepare<unknown[], { id: number }>(`
    INSERT INTO partner_use (name, version, sha256, text, by, at) VALUES (?, ?, ?, ?, ?, ?)
    RETURNING id`);
  const last = sql.prepare<[string], PartnerUse>(
    "SELECT * FROM partner_use WHERE name = ? ORDER BY id DESC LIMIT 1",
  );
  const all = sql.prepare<[string], PartnerUse>(
    "SELECT * FROM partner_use WHERE name = ? ORDER BY id DESC LIMIT 200",
  );
  return {
    use: ({ name, version, sha256, text, by, at }) =>
      database.write(() => {
        const detail = { name, version, sha256 };
        appendAudit(database, { at, by, action: "partner enabled", detail });
        return insert.get(name, version, sha256, text, by, at)?.id ?? 0;
      }),
    inUse: (name) => database.read(() => last.get(name) ?? null),
    history: (name) => database.read(() => all.all(name)),
  };
}
