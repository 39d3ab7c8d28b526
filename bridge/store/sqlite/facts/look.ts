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
}

type UnmatchedRow = Omit<UnmatchedFact, "identifiers"> & { seq: number; body: string };

export function lookingAtFacts(
  database: Database,
): Pick<Facts, "depth" | "ofMessage" | "unmatched"> {
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
    SELECT seq, key, kind, state, attempts, code, reason, shipments FROM fact
    WHERE message_id = ? ORDER BY seq`);
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
  return { ...row, reason, shipments: JSON.parse(row.shipments) as string[] };
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
