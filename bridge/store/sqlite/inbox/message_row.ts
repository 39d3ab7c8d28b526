/** A row of the table `message`. */
import type { Finding } from "../../../canonical/reading.ts";
import type { Channel, MessageState, StoredMessage } from "../../inbox.ts";

export interface MessageRow {
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

export function toMessage(row: MessageRow): StoredMessage {
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
