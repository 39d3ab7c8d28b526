/**
 * Polling a carrier's events, by creation time (2.x) or update time (3.0).
 *
 * Carriers need not answer a query without a reference, so the settings may list bookings,
 * transport documents and containers; the poll then goes through them one after the other.
 */
import { z } from "zod";
import { readUtc } from "../shared/reading/instants.ts";
import { type FetchedPage, getJson, later, pageOf, readCursor } from "../shared/json/poll.ts";
import type { Page, Peer } from "../source.ts";
import type { DcsaSettings } from "./settings.ts";

const cursorType = z.strictObject({
  since: z.string().optional(),
  /** Latest creation or update seen in this round; the next round's `since`. */
  seen: z.string().optional(),
  /** Query that the carrier gave for the next page. */
  next: z.record(z.string(), z.string()).optional(),
  /** Which of the listed references is being asked. */
  reference: z.int().min(0).optional(),
});
type Cursor = z.infer<typeof cursorType>;

/** One page for one reference; `more` until all references are through. */
export async function fetchEvents(
  peer: Peer,
  cursor: string | null,
  settings: DcsaSettings,
  signal: AbortSignal,
): Promise<Page> {
  const at: Cursor = readCursor("dcsa", cursor, cursorType) ?? {};
  const index = at.reference ?? 0;
  const query = { ...firstQuery(settings, at, index), ...at.next };
  const headers = settings.version === "3.0" ? { "api-version": "3.0.0" } : { "api-version": "2" };
  const fetched = await getJson("dcsa", peer, settings.path, query, signal, headers);
  const events = Array.isArray(fetched.root.value)
    ? fetched.root.items()
    : fetched.root.at("events").items();
  const clock = settings.version === "3.0" ? "eventUpdatedDateTime" : "eventCreatedDateTime";
  const seen = events.reduce<string | undefined>(
    (latest, event) => later(latest, readUtc(event.at(clock).text(40))),
    at.seen,
  );
  const next = nextQuery(settings, query, fetched);
  if (next !== undefined) return pageOf(fetched, events.length, { ...at, seen, next }, true);
  if (index + 1 < settings.references.length) {
    return pageOf(fetched, events.length, { since: at.since, seen, reference: index + 1 }, true);
  }
  return pageOf(fetched, events.length, { since: later(at.since, seen) }, false);
}

function firstQuery(settings: DcsaSettings, at: Cursor, index: number): Record<string, string> {
  const query: Record<string, string> = { limit: String(settings.page_size) };
  const since = settings.version === "3.0" ? "eventUpdatedDateTimeMin" : "eventCreatedDateTime:gte";
  if (at.since !== undefined) query[since] = at.since;
  const reference = settings.references[index];
  if (reference?.booking !== undefined) query["carrierBookingReference"] = reference.booking;
  if (reference?.transport_document !== undefined) {
    query["transportDocumentReference"] = reference.transport_document;
  }
  if (reference?.equipment !== undefined) query["equipmentReference"] = reference.equipment;
  return query;
}

/**
 * 3.0 gives a cursor to add to the first query, 2.x the URL of the next page. A next page that is
 * this one again would never end, so it ends the round.
 */
function nextQuery(
  settings: DcsaSettings,
  query: Record<string, string>,
  { response }: FetchedPage,
): Record<string, string> | undefined {
  const header = (name: string) => response.headers[name] ?? response.headers[name.toLowerCase()];
  if (settings.version === "3.0") {
    const cursor = header("Next-Page-Cursor");
    return cursor === undefined || cursor === "" || cursor === query["cursor"]
      ? undefined
      : { cursor };
  }
  const url = header("Next-Page");
  if (url === undefined || !URL.canParse(url, "https://carrier.invalid")) return undefined;
  const next = Object.fromEntries(new URL(url, "https://carrier.invalid").searchParams);
  const cursor = next["cursor"];
  return cursor === undefined || cursor === query["cursor"] ? undefined : next;
}
