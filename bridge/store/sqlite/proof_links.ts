/** The links over the table `proof_link`. */
import type { ProofLink } from "../../canonical/proof_link.ts";
import {
  type LinkCount,
  type LinkState,
  proofLinkId,
  type ProofLinkRow,
  type ProofLinks,
} from "../proof_links.ts";
import type { Vault } from "../vault.ts";
import type { Database } from "./database.ts";
import { messageStorer } from "./inbox/accept.ts";
import type { SealedTable } from "./resealing.ts";

interface Row {
  id: string;
  connection: string;
  message_id: string;
  link: string;
  state: LinkState;
  attempts: number;
  code: string | null;
  told: string | null;
  created_at: number;
}

function placeOfLink(id: unknown): string {
  return `proof_link.link/${String(id)}`;
}

export const sealedLinks: SealedTable = {
  table: "proof_link",
  key: ["id"],
  columns: ["link"],
  place: (row) => placeOfLink(row["id"]),
};

export function sqliteProofLinks(database: Database): ProofLinks {
  const { sql, vault } = database;
  const select = sql.prepare<[string], Row>("SELECT * FROM proof_link WHERE id = ?");
  // A link that is stored again is another one, or there is none yet.
  const upsert = sql.prepare(`
    INSERT INTO proof_link (id, connection, message_id, link, state, created_at)
    VALUES (?, ?, ?, ?, 'waiting', ?)
    ON CONFLICT (id) DO UPDATE SET message_id = excluded.message_id, link = excluded.link,
      state = 'waiting', attempts = 0, due_at = 0`);
  const selectDue = sql.prepare<[string, number, number], Row>(`
    SELECT * FROM proof_link WHERE connection = ? AND state = 'waiting' AND due_at <= ?
    ORDER BY due_at, created_at, id LIMIT ?`);
  const settle = sql.prepare(`
    UPDATE proof_link SET state = ?, attempts = ?, due_at = ?, code = ?, told = ? WHERE id = ?`);
  const selectOpen = sql.prepare<[string | null, string | null], Row>(`
    SELECT * FROM proof_link WHERE state IN ('waiting', 'refused')
    AND (? IS NULL OR connection = ?) ORDER BY created_at, id`);
  const again = sql.prepare(`
    UPDATE proof_link SET state = 'waiting', attempts = 0, due_at = 0
    WHERE state <> 'fetched' AND id IN (SELECT value FROM json_each(?))`);
  const count = sql.prepare<[], LinkCount>(`
    SELECT connection, state, count(*) AS count, min(created_at) AS oldest FROM proof_link
    WHERE state IN ('waiting', 'refused') GROUP BY connection, state ORDER BY connection, state`);
  const storeMessage = messageStorer(database);

  function add(connection: string, messageId: string, link: ProofLink, at: number): void {
    const id = proofLinkId(connection, link);
    const known = select.get(id);
    if (known?.state === "fetched") return;
    if (known !== undefined && toLink(known, vault).link.url === link.url) return;
    const text = vault.sealText(placeOfLink(id), JSON.stringify(link));
    upsert.run(id, connection, messageId, text, at);
  }

  return {
    add: (connection, messageId, links, at) =>
      database.write(() => links.forEach((link) => add(connection, messageId, link, at))),
    due: (connection, now, limit) =>
      database.read(() => selectDue.all(connection, now, limit).map((row) => toLink(row, vault))),
    settle: (id, { state, attempts, dueAt, code, told }, message) =>
      database.write(() => {
        if (message !== undefined) storeMessage(message);
        settle.run(state, attempts, dueAt, code, told, id);
      }),
    open: (connection) =>
      database.read(() =>
        selectOpen.all(connection ?? null, connection ?? null).map((row) => toLink(row, vault)),
      ),
    again: (ids) => database.write(() => again.run(JSON.stringify(ids)).changes),
    count: () => database.read(() => count.all()),
  };
}

function toLink(row: Row, vault: Vault): ProofLinkRow {
  const { id, connection, state, attempts, code, told } = row;
  const link = JSON.parse(vault.openText(placeOfLink(id), row.link)) as ProofLink;
  const messageId = row.message_id;
  return {
    id,
    connection,
    messageId,
    link,
    state,
    attempts,
    code,
    told,
    createdAt: row.created_at,
  };
}
