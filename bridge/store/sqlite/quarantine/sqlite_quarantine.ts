/** The quarantine over the table `quarantine`. */
import type { Quarantine, QuarantineFilter, QuarantinedMessage } from "../../quarantine.ts";
import type { Vault } from "../../vault.ts";
import { appendAudit } from "../audit/append.ts";
import type { Database } from "../database.ts";
import { messageRereader } from "../inbox/reread.ts";
import { endQuarantine, placeOfReason } from "./entry.ts";

interface Row {
  message_id: string;
  connection: string;
  code: string;
  reason: string;
  path: string | null;
  hint: string | null;
  created_at: number;
  released_at: number | null;
}

export function sqliteQuarantine(database: Database): Quarantine {
  const { sql, vault } = database;
  const countOpen = sql.prepare<[], { connection: string; count: number; oldest: number }>(`
    SELECT connection, count(*) AS count, min(created_at) AS oldest FROM quarantine
    WHERE released_at IS NULL GROUP BY connection`);
  const reread = messageRereader(database);

  function find(filter: QuarantineFilter): Row[] {
    const { ids, connection, code, all, limit } = filter;
    return sql
      .prepare<object, Row>(
        `SELECT * FROM quarantine
         WHERE (:all OR released_at IS NULL)
           AND (:ids IS NULL OR message_id IN (SELECT value FROM json_each(:ids)))
           AND (:connection IS NULL OR connection = :connection)
           AND (:code IS NULL OR code = :code)
         ORDER BY created_at DESC, message_id DESC LIMIT :limit`,
      )
      .all({
        ids: ids === undefined ? null : JSON.stringify(ids),
        connection: connection ?? null,
        code: code ?? null,
        all: all === true ? 1 : 0,
        limit: limit ?? 1000,
      });
  }

  return {
    list: (filter) => database.read(() => find(filter).map((row) => toQuarantined(row, vault))),
    count: () => database.read(() => countOpen.all()),
    release: (filter, at, by) =>
      database.write(() => {
        const rows = find({ ...filter, all: false });
        for (const row of rows) {
          endQuarantine(sql, row.message_id, at);
          reread(row.message_id);
        }
        const ids = rows.map((row) => row.message_id);
        if (ids.length > 0) {
          appendAudit(database, { at, by, action: "quarantine released", detail: { ids } });
        }
        return ids;
      }),
  };
}

function toQuarantined(row: Row, vault: Vault): QuarantinedMessage {
  return {
    messageId: row.message_id,
    connection: row.connection,
    problem: {
      code: row.code,
      reason: vault.shownText(placeOfReason(row.message_id), row.reason),
      ...(row.path === null ? {} : { path: row.path }),
      ...(row.hint === null ? {} : { hint: row.hint }),
    },
    createdAt: row.created_at,
    state: row.released_at === null ? "open" : "released",
  };
}
