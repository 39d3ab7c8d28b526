/**
 * Polling Karrio's list of trackers. It is paged by offset and filtered by creation only, so
 * every round walks the trackers of the last days. What slips from one page to another meanwhile
 * is there in the next round; a tracker that did not change is known by its bytes and not stored
 * again.
 */
import { z } from "zod";
import { utcOf } from "../shared/reading/instants.ts";
import { getJson, itemMessages, orStartOver, readCursor } from "../shared/json/poll.ts";
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
  now: Date,
): Promise<Page> {
  const at = readCursor("karrio", cursor, cursorType) ?? {};
  const offset = at.offset ?? 0;
  const page = async (): Promise<Page> => {
    const start = at.start ?? utcOf(new Date(now.getTime() - settings.lookback_days * DAY));
    const query = { limit: String(LIMIT), offset: String(offset), created_after: start };
    const fetched = await getJson("karrio", peer, "/v1/trackers", query, signal);
    const count = fetched.root.at("results").items().length;
    const more = !fetched.root.at("next").isMissing && count > 0;
    const next = JSON.stringify(more ? { offset: offset + count, start } : {});
    return { messages: itemMessages(fetched, ["results"]), cursor: next, more };
  };
  return orStartOver(offset > 0, page, () => ({}));
}
