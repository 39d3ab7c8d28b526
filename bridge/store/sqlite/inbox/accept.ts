/** Storing what comes in, each message once. */
import { createHash } from "node:crypto";
import type { Acceptance, Inbox, NewMessage } from "../../inbox.ts";
import type { Database } from "../database.ts";
import { messageId } from "../message_id.ts";
import { placeOfMessage } from "./message_row.ts";

/** Gives what stores a message, inside the caller's unit of work. */
export function messageStorer({ sql, vault }: Database): (message: NewMessage) => Acceptance {
  const insert = sql.prepare<unknown[], { id: string }>(`
    INSERT INTO message (id, connection, channel, dedupe_key, content_type, payload, sha256,
                         attributes, traceparent, received_at, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received')
    ON CONFLICT (connection, dedupe_key) DO NOTHING
    RETURNING id`);
  const findDuplicate = sql
    .prepare<[string, string], string>(
      "SELECT id FROM message WHERE connection = ? AND dedupe_key = ?",
    )
    .pluck();
  return (message) => {
    const newId = messageId(message.receivedAt);
    const row = insert.get(
      newId,
      message.connection,
      message.channel,
      message.dedupeKey,
      message.contentType,
      vault.seal(placeOfMessage(newId, "payload"), message.body),
      createHash("sha256").update(message.body).digest("hex"),
      vault.sealText(placeOfMessage(newId, "attributes"), JSON.stringify(message.attributes)),
      message.traceparent ?? null,
      message.receivedAt,
    );
    if (row !== undefined) return { id: row.id, duplicate: false };
    const id = findDuplicate.get(message.connection, message.dedupeKey) ?? "";
    return { id, duplicate: true };
  };
}

export function accepting(database: Database): Pick<Inbox, "accept" | "acceptPage" | "cursor"> {
  const { sql } = database;
  const store = messageStorer(database);
  const saveCursor = sql.prepare(`
    INSERT INTO poll_cursor (connection, cursor, at) VALUES (?, ?, ?)
    ON CONFLICT (connection) DO UPDATE SET cursor = excluded.cursor, at = excluded.at`);
  const readCursor = sql.prepare<[string], { cursor: string; at: number }>(
    "SELECT cursor, at FROM poll_cursor WHERE connection = ?",
  );

  return {
    accept: (messages) => database.write(() => messages.map(store)),
    acceptPage: (connection, messages, cursor, at) =>
      database.write(() => {
        const acceptances = messages.map(store);
        saveCursor.run(connection, cursor, at);
        return acceptances;
      }),
    cursor: (connection) => database.read(() => readCursor.get(connection) ?? null),
  };
}
