/**
 * Polling AfterShip by update time. Newer API versions page by `cursor`, older ones by `page`;
 * both are followed, whichever the answer speaks.
 */
import { z } from "zod";
import { readUtc } from "../shared/reading/instants.ts";
import { getJson, later, pageOf, readCursor } from "../shared/json/poll.ts";
import type { Page, Peer } from "../source.ts";
import type { AfterShipSettings } from "./settings.ts";

const LIMIT = 200;

const cursorType = z.strictObject({
  /** Updated at or after this instant; the boundary is fetched twice and recognised. */
  since: z.string().optional(),
  /** Latest update seen in this round; the next round's `since`. */
  seen: z.string().optional(),
  next: z.string().optional(),
  page: z.int().optional(),
});

/** One page of the trackings that changed since the last round. */
export async function fetchTrackings(
  peer: Peer,
  cursor: string | null,
  settings: AfterShipSettings,
  signal: AbortSignal,
): Promise<Page> {
  const at = readCursor("aftership", cursor, cursorType) ?? {};
  const query: Record<string, string> = { limit: String(LIMIT) };
  if (at.since !== undefined) query["updated_at_min"] = at.since;
  if (at.next !== undefined) query["cursor"] = at.next;
  if (at.page !== undefined) query["page"] = String(at.page);
  const fetched = await getJson("aftership", peer, settings.path, query, signal);
  const data = fetched.root.at("data");
  const trackings = data.at("trackings").items();
  const seen = trackings.reduce<string | undefined>(
    (latest, tracking) => later(latest, readUtc(tracking.at("updated_at").text(40))),
    at.seen,
  );
  const next = data.at("pagination", "next_cursor").text(512);
  if (next !== undefined && data.at("pagination", "has_next_page").isTrue()) {
    return pageOf(fetched, trackings.length, { since: at.since, seen, next }, true);
  }
  const page = data.at("page").number();
  const limit = data.at("limit").number() ?? LIMIT;
  if (page !== undefined && page * limit < (data.at("count").number() ?? 0)) {
    return pageOf(fetched, trackings.length, { since: at.since, seen, page: page + 1 }, true);
  }
  return pageOf(fetched, trackings.length, { since: later(at.since, seen) }, false);
}
