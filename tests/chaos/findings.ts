/** What a run of chaos found, and when it proves that nothing is lost. */
import type { Acknowledged } from "./acknowledged.ts";
import { type Disaster, KILLS_PER_DISASTER } from "./disasters.ts";

/** Less than this for each kill is no load. */
const LOAD_PER_KILL = 5;

export interface Findings {
  kills: number;
  acknowledged: number;
  acknowledged_lost: number;
  duplicates_in_odoo: number;
  /** Facts, orders and dead letters that are not where they belong at the end. */
  stuck: number;
  orders: number;
  orders_twice: number;
  mismatches: number;
  /** Messages of the partner that were sent once more. */
  repeated: number;
  channels: Acknowledged["channels"];
  disasters: Record<Disaster, number>;
}

/** Nothing was lost, doubled, or left over. */
export function isClean(it: Findings): boolean {
  const { acknowledged_lost, duplicates_in_odoo, stuck, orders_twice, mismatches } = it;
  return acknowledged_lost + duplicates_in_odoo + stuck + orders_twice + mismatches === 0;
}

/**
 * Where nothing was at stake nothing can be lost: that proves nothing. Neither does a run in which
 * less went wrong than was meant, such as one whose disk could not be filled.
 */
export function wasLoaded(it: Findings): boolean {
  const { kills, acknowledged, repeated, channels, orders, disasters } = it;
  const isEveryWayUsed = Object.values(channels).every((count) => count > 0);
  const wentWrong = Object.values(disasters).reduce((sum, count) => sum + count, 0);
  const hasDisasters = wentWrong >= Math.floor(kills / KILLS_PER_DISASTER);
  const hasMessages = acknowledged >= kills * LOAD_PER_KILL && repeated > 0;
  return hasMessages && orders > 0 && isEveryWayUsed && hasDisasters;
}
