/** Looking at messages: the unread, one, the latest. */
import type { Inbox, ReadScope, StoredMessage } from "../../inbox.ts";
import type { Database } from "../database.ts";
import { type MessageRow, toMessage } from "./message_row.ts";

/** What is set aside without a dead letter is in quarantine. */
export const STATE = `
  CASE WHEN message.state = 'dead' AND EXISTS (
      SELECT 1 FROM quarantine WHERE message_id = message.id AND released_at IS NULL)
    THEN 'quarantined' ELSE message.state END`;
const SELECT = `SELECT message.*, ${STATE} AS state FROM message`;

export function looking(
  database: Database,
): Pick<Inbox, "unread" | "countUnread" | "message" | "latest"> {
  const { sql, vault } = database;
  const selectUnread = sql.prepare<[string, number], MessageRow>(`
    SELECT * FROM message INDEXED BY message_unread WHERE state = 'received'
    AND connection NOT IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`);
  const selectUnreadOf = sql.prepare<[string, number], MessageRow>(`
    SELECT * FROM message INDEXED BY message_unread_of
    WHERE state = 'received' AND connection = ? ORDER BY seq LIMIT ?`);
  const countUnread = sql
    .prepare<[], number>("SELECT count(*) FROM message WHERE state = 'received'")
    .pluck();
  const select = sql.prepare<[string], MessageRow>(`${SELECT} WHERE id = ?`);
  const selectLatest = sql.prepare<[string, number], MessageRow>(
    `${SELECT} WHERE connection = ? ORDER BY seq DESC LIMIT ?`,
  );

  function unread(limit: number, maxBytes: number, scope: ReadScope): StoredMessage[] {
    const messages: StoredMessage[] = [];
    let bytes = 0;
    const rows =
      "only" in scope
        ? selectUnreadOf.iterate(scope.only, limit)
        : selectUnread.iterate(JSON.stringify(scope.except), limit);
    for (const row of rows) {
      bytes += row.payload.length;
      if (messages.length > 0 && bytes > maxBytes) break;
      messages.push(toMessage(row, vault));
    }
    return messages;
  }

  return {
    unread: (limit, maxBytes = Infinity, scope = { except: [] }) =>
      database.read(() => unread(limit, maxBytes, scope)),
    countUnread: () => database.read(() => countUnread.get() ?? 0),
    message: (id) =>
      database.read(() => {
        const row = select.get(id);
        return row === undefined ? null : toMessage(row, vault);
      }),
    latest: (connection, limit) =>
      database.read(() => selectLatest.all(connection, limit).map((row) => toMessage(row, vault))),
  };
}
