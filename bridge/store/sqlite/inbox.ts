/** The inbox: messages as they came in, and the facts that were read from them. */
import { createHash } from "node:crypto";
import { PRIORITIES, type Finding } from "../../sources/source.ts";
import type {
  Acceptance,
  Channel,
  FactState,
  FactSummary,
  Inbox,
  MessageState,
  NewFact,
  NewMessage,
  Problem,
  ReadScope,
  StoredMessage,
  WaitingFact,
} from "../store.ts";
import type { Database } from "./database.ts";
import { insertDeadLetter } from "./dead_letters.ts";
import { messageId } from "./message_id.ts";
import { insertQuarantine } from "./quarantine.ts";
import { insertReplies } from "./replies.ts";

interface MessageRow {
  id: string;
  connection: string;
  channel: Channel;
  content_type: string;
  payload: Buffer;
  sha256: string;
  attributes: string;
  received_at: number;
  state: MessageState;
  mapping: string | null;
  findings: string;
}

interface FactRow {
  key: string;
  kind: string;
  state: FactState;
  attempts: number;
  code: string | null;
  reason: string | null;
  shipments: string;
}

type WaitingRow = Omit<WaitingFact, "identifiers"> & { identifiers: string };

/** What is set aside without a dead letter is in quarantine. */
const SELECT_MESSAGE = `
  SELECT message.*, CASE WHEN state = 'dead' AND EXISTS (
      SELECT 1 FROM quarantine WHERE message_id = message.id AND released_at IS NULL)
    THEN 'quarantined' ELSE state END AS state
  FROM message`;

export function sqliteInbox(database: Database): Inbox {
  const { sql } = database;
  const insertMessage = sql.prepare<unknown[], { id: string }>(`
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
  const saveCursor = sql.prepare(`
    INSERT INTO poll_cursor (connection, cursor, at) VALUES (?, ?, ?)
    ON CONFLICT (connection) DO UPDATE SET cursor = excluded.cursor, at = excluded.at`);
  const readCursor = sql.prepare<[string], { cursor: string; at: number }>(
    "SELECT cursor, at FROM poll_cursor WHERE connection = ?",
  );
  const selectUnread = sql.prepare<[string, number], MessageRow>(`
    SELECT * FROM message INDEXED BY message_unread WHERE state = 'received'
    AND connection NOT IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`);
  const selectUnreadOf = sql.prepare<[string, number], MessageRow>(`
    SELECT * FROM message INDEXED BY message_unread_of
    WHERE state = 'received' AND connection = ? ORDER BY seq LIMIT ?`);
  const countUnread = sql
    .prepare<[], number>("SELECT count(*) FROM message WHERE state = 'received'")
    .pluck();
  const selectMessage = sql.prepare<[string], MessageRow>(`${SELECT_MESSAGE} WHERE id = ?`);
  const selectLatest = sql.prepare<[string, number], MessageRow>(
    `${SELECT_MESSAGE} WHERE connection = ? ORDER BY seq DESC LIMIT ?`,
  );
  const endQuarantine = sql.prepare(
    "UPDATE quarantine SET released_at = ? WHERE message_id = ? AND released_at IS NULL",
  );
  // A message that was set aside half-way keeps the mapping that its facts in flight were read by.
  const markRead = sql.prepare(
    "UPDATE message SET state = ?, mapping = coalesce(?, mapping), findings = ?, read_at = ? WHERE id = ?",
  );
  const markMapping = sql.prepare("UPDATE message SET mapping = ? WHERE id = ?");
  const insertFact = sql.prepare(`
    INSERT INTO fact (key, connection, message_id, kind, priority, lane_hash, lane, body, bytes,
                      state, received_at)
    SELECT ?, connection, id, ?, ?, ?, ?, ?, ?, 'ready', received_at FROM message WHERE id = ?
    ON CONFLICT (connection, key) DO NOTHING`);
  const selectFacts = sql.prepare<[string], FactRow>(`
    SELECT key, kind, state, attempts, code, reason, shipments FROM fact
    WHERE message_id = ? ORDER BY seq`);
  const selectWaiting = sql.prepare<object, WaitingRow>(`
    SELECT key, connection, message_id AS messageId, kind, code, reason, received_at AS receivedAt,
      json_extract(body, '$.identifiers') AS identifiers
    FROM fact WHERE state = 'unmatched'
      AND (:connection IS NULL OR connection = :connection) AND (:code IS NULL OR code = :code)
    ORDER BY seq DESC LIMIT :limit`);
  const reread = sql.prepare("UPDATE message SET state = 'received' WHERE id = ?");
  const redeliver = sql.prepare(`
    UPDATE fact SET state = 'ready', attempts = 0, due_at = NULL, code = NULL, reason = NULL,
      lane = lane_hash % (SELECT CAST(value AS INTEGER) FROM property WHERE name = 'lanes')
    WHERE message_id = ? AND state IN ('delivered', 'unmatched', 'dead')`);
  const deleteOld = sql.prepare(`
    DELETE FROM message WHERE seq IN (
      SELECT seq FROM message m WHERE received_at < ? AND state = 'read' AND NOT EXISTS (
        SELECT 1 FROM fact f WHERE f.message_id = m.id
        AND f.state NOT IN ('delivered', 'unmatched'))
      AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.message_id = m.id AND r.state = 'waiting')
      LIMIT ?)`);

  function store(message: NewMessage): Acceptance {
    const row = insertMessage.get(
      messageId(message.receivedAt),
      message.connection,
      message.channel,
      message.dedupeKey,
      message.contentType,
      message.body,
      createHash("sha256").update(message.body).digest("hex"),
      JSON.stringify(message.attributes),
      message.traceparent ?? null,
      message.receivedAt,
    );
    if (row !== undefined) return { id: row.id, duplicate: false };
    const id = findDuplicate.get(message.connection, message.dedupeKey) ?? "";
    return { id, duplicate: true };
  }

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
      messages.push(toMessage(row));
    }
    return messages;
  }

  function storeFact(messageUid: string, { fact, priority, laneHash }: NewFact): boolean {
    const body = JSON.stringify(fact);
    const { changes } = insertFact.run(
      fact.key,
      fact.kind,
      PRIORITIES.indexOf(priority),
      laneHash,
      laneHash % database.lanes,
      body,
      Buffer.byteLength(body),
      messageUid,
    );
    return changes === 1;
  }

  function storeFacts(id: string, facts: readonly NewFact[]) {
    const inserted = facts.filter((fact) => storeFact(id, fact)).length;
    return { inserted, duplicates: facts.length - inserted };
  }

  return {
    accept: (messages) => database.write(() => messages.map(store)),
    acceptPage: (connection, messages, cursor, at) =>
      database.write(() => {
        const acceptances = messages.map(store);
        saveCursor.run(connection, cursor, at);
        return acceptances;
      }),
    cursor: (connection) => database.read(() => readCursor.get(connection) ?? null),
    unread: (limit, maxBytes = Infinity, scope = { except: [] }) =>
      database.read(() => unread(limit, maxBytes, scope)),
    countUnread: () => database.read(() => countUnread.get() ?? 0),
    recordPart: (id, mapping, facts) =>
      database.write(() => {
        markMapping.run(mapping, id);
        return storeFacts(id, facts);
      }),
    recordReading: (id, mapping, facts, findings, at, replies = []) =>
      database.write(() => {
        const counts = storeFacts(id, facts);
        insertReplies(sql, id, replies, at);
        markRead.run("read", mapping, JSON.stringify(findings), at, id);
        return counts;
      }),
    recordUnreadable: (id: string, problem: Problem, at: number) =>
      database.write(() => {
        const connection = selectMessage.get(id)?.connection ?? "";
        markRead.run("dead", null, "[]", at, id);
        const letter = { connection, stage: "normalize" as const, messageId: id, factKey: null };
        insertDeadLetter(sql, { ...letter, orderId: null, problem, attempts: 1, createdAt: at });
      }),
    recordQuarantined: (id: string, problem: Problem, at: number) =>
      database.write(() => {
        markRead.run("dead", null, "[]", at, id);
        insertQuarantine(sql, id, problem, at);
      }),
    latest: (connection, limit) =>
      database.read(() => selectLatest.all(connection, limit).map(toMessage)),
    message: (id) =>
      database.read(() => {
        const row = selectMessage.get(id);
        return row === undefined ? null : toMessage(row);
      }),
    waiting: (filter, limit) =>
      database.read(() =>
        selectWaiting
          .all({ connection: filter.connection ?? null, code: filter.code ?? null, limit })
          .map(({ identifiers, ...row }) => ({
            ...row,
            identifiers: JSON.parse(identifiers) as WaitingFact["identifiers"],
          })),
      ),
    factsOf: (id) => database.read(() => selectFacts.all(id).map(toSummary)),
    replay: (id) =>
      database.write(() => {
        redeliver.run(id);
        endQuarantine.run(Date.now(), id);
        return reread.run(id).changes === 1;
      }),
    prune: (before, limit) => database.write(() => deleteOld.run(before, limit).changes),
  };
}

function toMessage(row: MessageRow): StoredMessage {
  return {
    id: row.id,
    connection: row.connection,
    channel: row.channel,
    contentType: row.content_type,
    body: row.payload,
    sha256: row.sha256,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    receivedAt: row.received_at,
    state: row.state,
    mapping: row.mapping,
    findings: JSON.parse(row.findings) as Finding[],
  };
}

function toSummary(row: FactRow): FactSummary {
  return { ...row, shipments: JSON.parse(row.shipments) as string[] };
}
