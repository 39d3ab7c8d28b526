/**
 * Polling Karrio's list of trackers. It is paged by offset and filtered by creation only, so
 * every round walks the trackers of the last days; what did not change is recognised as duplicate.
 */
import { z } from "zod";
import { utcOf } from "../shared/reading/instants.ts";
import { getJson, pageOf, readCursor } from "../shared/json/poll.ts";
import type { Page, Peer } from "../source.ts";
import type { KarrioSettings } from "./settings.ts";

const LIMIT = 100;
const DAY = 86_400_000;

const cursorType = z.strictObject({
  offset: z.int().min(0).optional(),
  start: z.string().optional(),
});

/** One page of the current round; `more` while the round goes on. */
export async function fetchTrackers(
  peer: Peer,
  cursor: string | null,
  settings: KarrioSettings,
  signal: AbortSignal,
): Promise<Page> {
  const at = readCursor("karrio", cursor, cursorType) ?? {};
  const start = at.start ?? utcOf(new Date(Date.now() - settings.lookback_days * DAY));
  const offset = at.offset ?? 0;
  const query = { limit: String(LIMIT), offset: String(offset), created_after: start };
  const fetched = await getJson("karrio", peer, "/v1/trackers", query, signal);
  const results = fetched.root.at("results").items();
  const more = !fetched.root.at("next").isMissing && results.length > 0;
  return pageOf(
    fetched,
    results.length,
    more ? { offset: offset + results.length, start } : {},
    more,
  );
}
