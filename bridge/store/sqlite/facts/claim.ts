/** Taking the next batch of a lane. */
import type { MessageHead } from "../../../canonical/exchange.ts";
import type { Fact } from "../../../canonical/fact.ts";
import { toUtcText } from "../../../clock.ts";
import type { Claim, FactBatch } from "../../facts.ts";
import type { Vault } from "../../vault.ts";
import type { Database } from "../database.ts";
import { priorityOf } from "./priority.ts";
import { placeOfBody } from "./sealed.ts";

interface ClaimRow {
  seq: number;
  key: string;
  message_id: string;
  body: string;
  priority: number;
  attempts: number;
  received_at: number;
  bytes: number;
  sha256: string;
  mapping: string;
  channel: MessageHead["channel"];
  traceparent: string | null;
}

/** Gives what takes a batch, inside the caller's unit of work. */
export function factClaimer(database: Database): (claim: Claim) => FactBatch | null {
  const { sql, vault } = database;
  const mostUrgent = mostUrgentConnection(database);
  const anyDue = sql
    .prepare<[number], number>("SELECT 1 FROM fact WHERE state = 'waiting' AND due_at <= ? LIMIT 1")
    .pluck();
  const promote = sql.prepare(
    "UPDATE fact SET state = 'ready', due_at = NULL WHERE state = 'waiting' AND due_at <= ?",
  );
  const anyExpired = sql
    .prepare<[number], number>(
      "SELECT 1 FROM fact WHERE state = 'in_flight' AND lease_until <= ? LIMIT 1",
    )
    .pluck();
  const sweep = sql.prepare(`
    UPDATE fact SET state = 'ready', lease_until = NULL
    WHERE state = 'in_flight' AND lease_until <= ?`);
  const sizes = sql.prepare<[number, string, number], { seq: number; bytes: number }>(`
    SELECT seq, bytes FROM fact WHERE state = 'ready' AND lane = ? AND connection = ?
    ORDER BY priority, seq LIMIT ?`);
  const take = sql.prepare(`
    UPDATE fact SET state = 'in_flight', lease_until = ?
    WHERE seq IN (SELECT value FROM json_each(?))`);
  const load = sql.prepare<[string], ClaimRow>(`
    SELECT f.seq, f.key, f.message_id, f.body, f.priority, f.attempts, f.received_at, f.bytes,
           m.sha256, m.mapping, m.channel, m.traceparent
    FROM fact f JOIN message m ON m.id = f.message_id
    WHERE f.seq IN (SELECT value FROM json_each(?)) ORDER BY f.priority, f.seq`);

  return (claim) => {
    if (anyDue.get(claim.now) !== undefined) promote.run(claim.now);
    if (anyExpired.get(claim.now) !== undefined) sweep.run(claim.now);
    const connection = mostUrgent(claim.lane, claim.except);
    if (connection === null) return null;
    const seqs: number[] = [];
    let bytes = 0;
    for (const row of sizes.iterate(claim.lane, connection, claim.maxFacts)) {
      bytes += row.bytes;
      if (seqs.length > 0 && bytes > claim.maxBytes) break;
      seqs.push(row.seq);
    }
    const list = JSON.stringify(seqs);
    take.run(claim.now + claim.leaseMs, list);
    return toBatch(connection, load.all(list), vault);
  };
}

/** Gives what finds the lane's connection whose first fact is the most urgent, then the oldest. */
function mostUrgentConnection({ sql }: Database) {
  // Steps from one connection to the next over the index, so a backlog is not walked through.
  const nextConnection = sql
    .prepare<[number, string], string | null>(
      "SELECT min(connection) FROM fact WHERE state = 'ready' AND lane = ? AND connection > ?",
    )
    .pluck();
  const head = sql.prepare<[number, string], { priority: number; seq: number }>(`
    SELECT priority, seq FROM fact WHERE state = 'ready' AND lane = ? AND connection = ?
    ORDER BY priority, seq LIMIT 1`);

  return (lane: number, except: ReadonlySet<string>): string | null => {
    let best: { connection: string; priority: number; seq: number } | null = null;
    let connection = nextConnection.get(lane, "");
    while (typeof connection === "string") {
      const first = except.has(connection) ? undefined : head.get(lane, connection);
      if (first !== undefined && (best === null || isBefore(first, best))) {
        best = { connection, ...first };
      }
      connection = nextConnection.get(lane, connection);
    }
    return best?.connection ?? null;
  };
}

function isBefore(
  a: { priority: number; seq: number },
  b: { priority: number; seq: number },
): boolean {
  return a.priority !== b.priority ? a.priority < b.priority : a.seq < b.seq;
}

function toBatch(connection: string, rows: readonly ClaimRow[], vault: Vault): FactBatch {
  const messages = new Map<string, MessageHead>();
  for (const row of rows) {
    messages.set(row.message_id, {
      id: row.message_id,
      sha256: row.sha256,
      received_at: toUtcText(new Date(row.received_at)),
      mapping: row.mapping,
      channel: row.channel,
      ...(row.traceparent !== null && { trace_id: traceIdOf(row.traceparent) }),
    });
  }
  const facts = rows.map((row) => ({
    seq: row.seq,
    fact: JSON.parse(vault.openText(placeOfBody(connection, row.key), row.body)) as Fact,
    priority: priorityOf(row.priority),
    attempts: row.attempts,
    receivedAt: row.received_at,
  }));
  return { connection, facts, messages: [...messages.values()] };
}

/** The second part of `version-traceid-parentid-flags`; its shape was checked at the door. */
function traceIdOf(traceparent: string): string {
  return traceparent.split("-", 2)[1] ?? "";
}
