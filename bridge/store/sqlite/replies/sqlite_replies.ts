/** The replies over the table `reply`. */
import type { Replies, ReplyCount, ReplyRow } from "../../replies.ts";
import type { Vault } from "../../vault.ts";
import type { Database } from "../database.ts";
import { insertDeadLetter } from "../dead_letters/insert.ts";
import { placeOfReply } from "./insert.ts";

interface Row {
  id: number;
  connection: string;
  message_id: string;
  name: string;
  content_type: string;
  body: Buffer;
  attempts: number;
}

export function sqliteReplies(database: Database): Replies {
  const { sql, vault } = database;
  const selectDue = sql.prepare<[string, number, number], Row>(`
    SELECT id, connection, message_id, name, content_type, body, attempts FROM reply
    WHERE connection = ? AND state = 'waiting' AND due_at <= ? ORDER BY id LIMIT ?`);
  const select = sql.prepare<[number], Row>("SELECT * FROM reply WHERE id = ?");
  const settle = sql.prepare(
    "UPDATE reply SET state = ?, attempts = attempts + 1, settled_at = ? WHERE id = ?",
  );
  const postpone = sql.prepare(
    "UPDATE reply SET attempts = attempts + ?, due_at = ? WHERE id = ? AND state = 'waiting'",
  );
  const count = sql.prepare<[], ReplyCount>(`
    SELECT connection, state, count(*) AS count, min(created_at) AS oldest FROM reply
    WHERE state IN ('waiting', 'dead') GROUP BY connection, state ORDER BY connection, state`);

  return {
    due: (connection, now, limit) =>
      database.read(() => selectDue.all(connection, now, limit).map((row) => toReply(row, vault))),
    recordSent: (id, at) => database.write(() => void settle.run("sent", at, id)),
    recordDelay: (id, dueAt, counts) =>
      database.write(() => void postpone.run(counts ? 1 : 0, dueAt, id)),
    recordDead: (id, problem, at) =>
      database.write(() => {
        const row = select.get(id);
        if (row === undefined) return;
        settle.run("dead", at, id);
        insertDeadLetter(database, {
          connection: row.connection,
          stage: "outbound",
          messageId: row.message_id,
          factKey: null,
          orderId: null,
          problem,
          attempts: row.attempts + 1,
          createdAt: at,
        });
      }),
    count: () => database.read(() => count.all()),
  };
}

function toReply(row: Row, vault: Vault): ReplyRow {
  return {
    id: row.id,
    connection: row.connection,
    messageId: row.message_id,
    name: row.name,
    contentType: row.content_type,
    body: vault.open(placeOfReply(row.message_id, row.name), row.body),
    attempts: row.attempts,
  };
}
