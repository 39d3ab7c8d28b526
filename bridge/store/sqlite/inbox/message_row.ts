/** A row of the table `message`. */
import type { Finding } from "../../../canonical/reading.ts";
import type { Channel, MessageState, StoredMessage } from "../../inbox.ts";
import type { Vault } from "../../vault.ts";
import type { SealedTable } from "../resealing.ts";

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
  pass: number;
  findings: string;
}

/** What is sealed of a message, and where it belongs. */
export function placeOfMessage(id: unknown, column: string): string {
  return `message.${column}/${String(id)}`;
}

export const sealedMessages: SealedTable = {
  table: "message",
  key: ["seq"],
  columns: ["payload", "attributes", "findings"],
  place: (row, column) => placeOfMessage(row["id"], column),
};

export function toMessage(row: MessageRow, vault: Vault): StoredMessage {
  const text = (column: "attributes" | "findings") =>
    vault.openText(placeOfMessage(row.id, column), row[column]);
  return {
    id: row.id,
    connection: row.connection,
    channel: row.channel,
    contentType: row.content_type,
    body: vault.open(placeOfMessage(row.id, "payload"), row.payload),
    sha256: row.sha256,
    attributes: JSON.parse(text("attributes")) as Record<string, string>,
    receivedAt: row.received_at,
    state: row.state,
    mapping: row.mapping,
    pass: row.pass,
    findings: JSON.parse(text("findings")) as Finding[],
  };
}
