/** The queue over the store's own SQLite tables. */
import type { Fact } from "../../canonical/fact.ts";
import type { MessageHead } from "../../canonical/exchange.ts";
import { toUtcText } from "../../clock.ts";
import { PRIORITIES, type Priority } from "../../sources/source.ts";
import type { Database } from "../../store/sqlite/database.ts";
import { insertDeadLetter } from "../../store/sqlite/dead_letters.ts";
import type { FactState } from "../../store/store.ts";
import type { Claim, FactBatch, FactQueue, Settlement } from "../queue.ts";

interface ClaimRow {
  seq: number;
  message_id: string;
  body: string;
  priority: number;
  attempts: number;
  received_at: number;
  bytes: number;
  sha256: string;
  mapping: string;
  channel: MessageHead["channel"];
}

export function sqliteQueue(database: Database): FactQueue {
  const { sql } = database;
  const anyDue = sql
    .prepare<[number], number>("SELECT 1 FROM fact WHERE state = 'waiting' AND due_at <= ? LIMIT 1")
    .pluck();
  const promote = sql.prepare(
    "UPDATE fact SET state = 'ready', due_at = NULL WHERE state = 'waiting' AND due_at <= ?",
  );
  // Steps from one connection to the next over the index, so a backlog is not walked through.
  const nextConnection = sql
    .prepare<[number, string], string | null>(
      "SELECT min(connection) FROM fact WHERE state = 'ready' AND lane = ? AND connection > ?",
    )
    .pluck();
  const head = sql.prepare<[number, string], { priority: number; seq: number }>(`
    SELECT priority, seq FROM fact WHERE state = 'ready' AND lane = ? AND connection = ?
    ORDER BY priority, seq LIMIT 1`);
  const sizes = sql.prepare<[number, string, number], { seq: number; bytes: number }>(`
    SELECT seq, bytes FROM fact WHERE state = 'ready' AND lane = ? AND connection = ?
    ORDER BY priority, seq LIMIT ?`);
  const take = sql.prepare(`
    UPDATE fact SET state = 'in_flight', lease_until = ?
    WHERE seq IN (SELECT value FROM json_each(?))`);
  const load = sql.prepare<[string], ClaimRow>(`
    SELECT f.seq, f.message_id, f.body, f.priority, f.attempts, f.received_at, f.bytes,
           m.sha256, m.mapping, m.channel
    FROM fact f JOIN message m ON m.id = f.message_id
    WHERE f.seq IN (SELECT value FROM json_each(?)) ORDER BY f.priority, f.seq`);

  function mostUrgent(lane: number, except: ReadonlySet<string>): string | null {
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
  }

  function takeBatch(claim: Claim): FactBatch | null {
    if (anyDue.get(claim.now) !== undefined) promote.run(claim.now);
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
    return toBatch(connection, load.all(list));
  }

  const settle = {
    delivered: sql.prepare(`
      UPDATE fact SET state = 'delivered', shipments = ?, settled_at = ?, lease_until = NULL,
                      code = NULL, reason = NULL WHERE seq = ? AND state = 'in_flight'`),
    unmatched: sql.prepare(`
      UPDATE fact SET state = 'unmatched', code = ?, reason = ?, settled_at = ?, lease_until = NULL
      WHERE seq = ? AND state = 'in_flight'`),
    released: sql.prepare(`
      UPDATE fact SET state = 'ready', lease_until = NULL WHERE seq = ? AND state = 'in_flight'`),
    retry: sql.prepare(`
      UPDATE fact SET state = 'waiting', due_at = ?, attempts = ?, code = ?, reason = ?,
                      lease_until = NULL WHERE seq = ? AND state = 'in_flight'`),
    dead: sql.prepare<unknown[], { connection: string; message_id: string; key: string }>(`
      UPDATE fact SET state = 'dead', attempts = ?, code = ?, reason = ?, settled_at = ?,
                      lease_until = NULL WHERE seq = ? AND state = 'in_flight'
      RETURNING connection, message_id, key`),
  };

  function settleOne(it: Settlement): void {
    if (it.to === "delivered") settle.delivered.run(JSON.stringify(it.shipments), it.at, it.seq);
    else if (it.to === "released") settle.released.run(it.seq);
    else if (it.to === "unmatched") {
      settle.unmatched.run(it.problem.code, it.problem.reason, it.at, it.seq);
    } else if (it.to === "retry") {
      settle.retry.run(it.dueAt, it.attempts, it.problem.code, it.problem.reason, it.seq);
    } else {
      const { code, reason } = it.problem;
      const row = settle.dead.get(it.attempts, code, reason, it.at, it.seq);
      if (row === undefined) return;
      insertDeadLetter(sql, {
        connection: row.connection,
        stage: "deliver",
        messageId: row.message_id,
        factKey: row.key,
        orderId: null,
        problem: it.problem,
        attempts: it.attempts,
        createdAt: it.at,
      });
    }
  }

  const release = sql.prepare(
    "UPDATE fact SET state = 'ready', lease_until = NULL WHERE state = 'in_flight'",
  );
  const clamp = sql.prepare("UPDATE fact SET due_at = ? WHERE state = 'waiting' AND due_at > ?");
  const deal = sql.prepare(`
    UPDATE fact SET lane = lane_hash % ?
    WHERE state IN ('ready', 'waiting', 'dead') AND lane <> lane_hash % ?`);
  // Tools that put facts back deal them by this number, the bridge's own.
  const saveLanes = sql.prepare(`
    INSERT INTO property (name, value) VALUES ('lanes', ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`);
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

  return {
    claim: (claim) => database.write(() => takeBatch(claim)),
    settle: (settlements) => database.write(() => settlements.forEach(settleOne)),
    recover: (lanes, now, longestDelayMs) =>
      database.write(() => {
        database.lanes = lanes;
        const released = release.run().changes;
        const latest = now + Math.round(longestDelayMs);
        clamp.run(latest, latest);
        deal.run(lanes, lanes);
        saveLanes.run(String(lanes));
        return { released };
      }),
    depth: () =>
      database.read(() =>
        depth.all().map((row) => ({ ...row, priority: priorityOf(row.priority) })),
      ),
  };
}

function isBefore(
  a: { priority: number; seq: number },
  b: { priority: number; seq: number },
): boolean {
  return a.priority !== b.priority ? a.priority < b.priority : a.seq < b.seq;
}

function priorityOf(index: number): Priority {
  return PRIORITIES[index] ?? "position";
}

function toBatch(connection: string, rows: readonly ClaimRow[]): FactBatch {
  const messages = new Map<string, MessageHead>();
  for (const row of rows) {
    messages.set(row.message_id, {
      id: row.message_id,
      sha256: row.sha256,
      received_at: toUtcText(new Date(row.received_at)),
      mapping: row.mapping,
      channel: row.channel,
    });
  }
  const facts = rows.map((row) => ({
    seq: row.seq,
    fact: JSON.parse(row.body) as Fact,
    priority: priorityOf(row.priority),
    attempts: row.attempts,
    receivedAt: row.received_at,
  }));
  return { connection, facts, messages: [...messages.values()] };
}
