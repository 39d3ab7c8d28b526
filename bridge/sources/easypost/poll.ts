/**
 * Polling EasyPost's list of trackers.
 *
 * The list is sorted by creation and cannot be filtered by update, so every round walks the
 * trackers of the last days from the newest on (`before_id`, a place that no change moves). Webhooks
 * are the better way; the poll catches what they lost. A tracker that did not change is known by
 * its bytes and not stored again.
 */
import { z } from "zod";
import { utcOf } from "../shared/reading/instants.ts";
import { getJson, itemMessages, orStartOver, readCursor } from "../shared/json/poll.ts";
import type { Page, Peer } from "../source.ts";
import type { EasyPostSettings } from "./settings.ts";

const PAGE_SIZE = 100;
const DAY = 86_400_000;

const cursorType = z.strictObject({
  /** Last tracker of the page before; absent at the start of a round. */
  before: z.string().optional(),
  /** Start of the round's period, kept for all its pages. */
  start: z.string().optional(),
});

/** One page of the current round; `more` while the round goes on. */
export async function fetchTrackers(
  peer: Peer,
  cursor: string | null,
  settings: EasyPostSettings,
  signal: AbortSignal,
  now: Date,
): Promise<Page> {
  const at = readCursor("easypost", cursor, cursorType) ?? {};
  const page = async (): Promise<Page> => {
    const start = at.start ?? utcOf(new Date(now.getTime() - settings.lookback_days * DAY));
    const query: Record<string, string> = { page_size: String(PAGE_SIZE), start_datetime: start };
    if (at.before !== undefined) query["before_id"] = at.before;
    const fetched = await getJson("easypost", peer, "/v2/trackers", query, signal);
    const last = fetched.root.at("trackers").items().at(-1)?.at("id").text(128);
    const more = fetched.root.at("has_more").isTrue() && last !== undefined && last !== at.before;
    const next = JSON.stringify(more ? { before: last, start } : {});
    return { messages: itemMessages(fetched, ["trackers"]), cursor: next, more };
  };
  return orStartOver(at.before !== undefined, page, () => ({}));
}
