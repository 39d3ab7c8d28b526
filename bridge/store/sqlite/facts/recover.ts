/** Putting the table in order at the start. */
import type { Database } from "../database.ts";
import { setProperty } from "../property_rows.ts";

/** Gives what recovers the facts, inside the caller's unit of work; see `Facts.recover`. */
export function factRecovery(database: Database) {
  const { sql } = database;
  const release = sql.prepare(
    "UPDATE fact SET state = 'ready', lease_until = NULL WHERE state = 'in_flight'",
  );
  const clamp = sql.prepare("UPDATE fact SET due_at = ? WHERE state = 'waiting' AND due_at > ?");
  const deal = sql.prepare(`
    UPDATE fact SET lane = lane_hash % ?
    WHERE state IN ('ready', 'waiting', 'dead') AND lane <> lane_hash % ?`);

  return (lanes: number, now: number, longestDelayMs: number) => {
    database.lanes = lanes;
    const released = release.run().changes;
    const latest = now + Math.round(longestDelayMs);
    clamp.run(latest, latest);
    deal.run(lanes, lanes);
    // Tools that put facts back deal them by this number, the bridge's own.
    setProperty(sql, "lanes", String(lanes));
    return { released };
  };
}
