/** Looking at facts: what waits, what a message gave, what Odoo could not place. */
import type { FactState, FactSummary, Facts, UnmatchedFact } from "../../facts.ts";
import type { Vault } from "../../vault.ts";
import type { Database } from "../database.ts";
import { priorityOf } from "./priority.ts";
import { placeOfBody, placeOfReason } from "./sealed.ts";

interface FactRow {
  seq: number;
  key: string;
  kind: string;
  state: FactState;
  attempts: number;
  code: string | null;
  reason: string | null;
  shipments: string;
  withdrawn: 0 | 1;
}

type UnmatchedRow = Omit<UnmatchedFact, "identifiers"> & { seq: number; body: string };

export function lookingAtFacts(
  database: Database,
): Pick<Facts, "depth" | "ofMessage" | "standing" | "unmatched"> {
  const { sql, vault } = database;
  const depth = sql.prepare<
    [],
    { state: FactState; priority: number; count: number; oldest: number }
  >(`
    SELECT 'ready' AS state, priority, count(*) AS count, min(received_at) AS oldest
    FROM fact WHERE state = 'ready' GROUP BY priority
    UNION ALL SELECT 'waiting', priority, count(*), min(received_at)
    FROM fact WHERE state = 'waiting' GROUP BY priority
    UNION ALL SELECT 'in_flight', priority, count(*), min(received_at)
    FROM fact WHERE state = 'in_flight' GROUP BY priority`);
  const selectFacts = sql.prepare<[string], FactRow>(`
    SELECT seq, key, kind, state, attempts, code, reason, shipments, withdrawn FROM fact
    WHERE message_id = ? ORDER BY seq`);
  const selectStanding = sql.prepare<
    [string, string],
    { key: string; withdrawn: 0 | 1; last_word: string | null }
  >(`
    SELECT key, withdrawn, last_word FROM fact
    WHERE connection = ? AND key IN (SELECT value FROM json_each(?))`);
  const selectUnmatched = sql.prepare<object, UnmatchedRow>(`
    SELECT seq, key, connection, message_id AS messageId, kind, code, reason, received_at AS receivedAt, body
    FROM fact WHERE state = 'unmatched'
      AND (:connection IS NULL OR connection = :connection) AND (:code IS NULL OR code = :code)
    ORDER BY seq DESC LIMIT :limit`);

  return {
    depth: () =>
      database.read(() =>
        depth.all().map((row) => ({ ...row, priority: priorityOf(row.priority) })),
      ),
    ofMessage: (id) => database.read(() => selectFacts.all(id).map((row) => toSummary(row, vault))),
    standing: (connection, keys) =>
      database.read(() => {
        const rows = selectStanding.all(connection, JSON.stringify(keys));
        return new Map(
          rows.map((row) => [row.key, { withdrawn: row.withdrawn === 1, lastWord: row.last_word }]),
        );
      }),
    unmatched: ({ connection, code }, limit) =>
      database.read(() =>
        selectUnmatched
          .all({ connection: connection ?? null, code: code ?? null, limit })
          .map(({ body, seq, ...row }) => ({
            ...row,
            reason: reasonOf(seq, row.reason, vault),
            identifiers: identifiersOf(row, body, vault),
          })),
      ),
  };
}

function toSummary({ seq, ...row }: FactRow, vault: Vault): FactSummary {
  const reason = reasonOf(seq, row.reason, vault);
  const shipments = JSON.parse(row.shipments) as string[];
  return { ...row, reason, shipments, withdrawn: row.withdrawn === 1 };
}

function reasonOf(seq: number, reason: string | null, vault: Vault): string | null {
  return reason === null ? null : vault.shownText(placeOfReason(seq), reason);
}

function identifiersOf(
  { connection, key }: Pick<UnmatchedFact, "connection" | "key">,
  body: string,
  vault: Vault,
) {
  const fact = vault.openText(placeOfBody(connection, key), body);
  return (JSON.parse(fact) as Pick<UnmatchedFact, "identifiers">).identifiers;
}
