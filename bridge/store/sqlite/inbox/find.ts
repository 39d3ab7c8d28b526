/** Finding messages by what a filter says, without looking into them. */
import type SqliteDatabase from "better-sqlite3";
import type { Channel, MessageFilter, MessageState, MessageSummary } from "../../inbox.ts";
import { STATE } from "./look.ts";

interface Row {
  seq: number;
  id: string;
  connection: string;
  channel: Channel;
  content_type: string;
  bytes: number;
  received_at: number;
  state: MessageState;
  mapping: string | null;
  traceparent: string | null;
  facts: number;
}

const CONDITIONS = `
  (:ids IS NULL OR message.id IN (SELECT value FROM json_each(:ids)))
  AND (:connection IS NULL OR connection = :connection)
  AND (:state IS NULL OR ${STATE} = :state)
  AND (:mapping IS NULL OR mapping = :mapping)
  AND (:since IS NULL OR received_at >= :since)
  AND (:until IS NULL OR received_at < :until)
  AND (:beforeSeq IS NULL OR seq < :beforeSeq)
  AND (:kind IS NULL OR EXISTS (
    SELECT 1 FROM fact WHERE fact.message_id = message.id AND fact.kind = :kind))
  AND (:trace IS NULL OR instr(traceparent, :trace) > 0)
  AND (:fact IS NULL OR EXISTS (
    SELECT 1 FROM fact WHERE message_id = message.id AND substr(key, 1, length(:fact)) = :fact))
  AND (:shipment IS NULL OR EXISTS (
    SELECT 1 FROM fact, json_each(fact.shipments) AS named
    WHERE fact.message_id = message.id AND named.value = :shipment))`;

/** Newest first. */
export function findMessages(
  sql: SqliteDatabase.Database,
  filter: MessageFilter,
  limit: number,
): MessageSummary[] {
  return sql
    .prepare<object, Row>(
      `SELECT seq, id, connection, channel, content_type, length(payload) AS bytes, received_at,
         ${STATE} AS state, mapping, traceparent,
         (SELECT count(*) FROM fact WHERE message_id = message.id) AS facts
       FROM message WHERE ${CONDITIONS} ORDER BY seq DESC LIMIT :limit`,
    )
    .all({
      ids: filter.ids === undefined ? null : JSON.stringify(filter.ids),
      connection: filter.connection ?? null,
      state: filter.state ?? null,
      mapping: filter.mapping ?? null,
      since: filter.since ?? null,
      until: filter.until ?? null,
      beforeSeq: filter.beforeSeq ?? null,
      kind: filter.kind ?? null,
      shipment: filter.shipment ?? null,
      fact: filter.fact ?? null,
      trace: filter.trace ?? null,
      limit,
    })
    .map(({ content_type, received_at, ...row }) => ({
      ...row,
      contentType: content_type,
      receivedAt: received_at,
    }));
}
