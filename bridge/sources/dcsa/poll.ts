/**
 * Polling a carrier's events, by creation time (2.x) or update time (3.0).
 *
 * Carriers need not answer a query without a reference, so the settings may list bookings,
 * transport documents and containers; the poll then goes through them one after the other. Each is
 * a question with a round of its own: a reference that is new, or whose answer comes late, is not
 * passed over by what others answered.
 */
import { z } from "zod";
import { readUtc } from "../shared/reading/instants.ts";
import {
  type FetchedPage,
  getJson,
  itemMessages,
  orStartOver,
  readCursor,
} from "../shared/json/poll.ts";
import {
  askedFrom,
  endOfPass,
  type Round,
  roundType,
  startedOver,
  warningsOf,
  withPage,
} from "../shared/json/round.ts";
import type { Page, Peer } from "../source.ts";
import { eventNodes, validate } from "./validate.ts";
import type { DcsaSettings } from "./settings.ts";

type Reference = DcsaSettings["references"][number];

const cursorType = z.strictObject({
  /** By reference. */
  rounds: z.record(z.string(), roundType).default({}),
  /** Query that the carrier gave for the next page. */
  next: z.record(z.string(), z.string()).optional(),
  /** Which of the listed references is being asked. */
  reference: z.int().min(0).optional(),
  /** The one time of all references, in cursors of older versions. */
  since: z.string().optional(),
  seen: z.string().optional(),
});
type Cursor = z.infer<typeof cursorType>;

/** One page for one reference; `more` until all references are through. */
export async function fetchEvents(
  peer: Peer,
  cursor: string | null,
  settings: DcsaSettings,
  signal: AbortSignal,
  now: Date,
): Promise<Page> {
  const at: Cursor = readCursor("dcsa", cursor, cursorType) ?? { rounds: {} };
  const listed = at.reference ?? 0;
  const index = listed < settings.references.length ? listed : 0;
  const reference = settings.references[index] ?? {};
  const key = keyOf(reference);
  const round = at.rounds[key] ?? (at.since === undefined ? {} : { since: at.since });
  const cursorOf = (after: Round, next?: Cursor["next"], isThrough = false): Cursor => {
    const rounds = { ...at.rounds, [key]: after };
    const following = index + (isThrough ? 1 : 0);
    if (following >= Math.max(1, settings.references.length))
      return { rounds: named(settings, rounds) };
    const { since } = at;
    return { rounds, ...(since && { since }), reference: following, ...(next && { next }) };
  };
  const page = async (): Promise<Page> => {
    const query = { ...firstQuery(settings, round, reference, now), ...at.next };
    const version = settings.version === "3.0" ? "3.0.0" : "2";
    const headers = { "api-version": version };
    const fetched = await getJson("dcsa", peer, settings.path, query, signal, headers);
    const items = itemsOf(settings, fetched, now);
    const taken = withPage(round, items, fetched.response, now);
    const messages = itemMessages(fetched, Array.isArray(fetched.root.value) ? [] : ["events"]);
    const ahead = warningsOf(items, now);
    const next = nextQuery(settings, query, fetched);
    if (next !== undefined) return pageWith(messages, cursorOf(taken, next), true, ahead);
    const end = endOfPass(taken, at.next !== undefined);
    const after = cursorOf(end.round, undefined, !end.again);
    const more = end.again || after.reference !== undefined;
    return pageWith(messages, after, more, [...ahead, ...end.warnings]);
  };
  return orStartOver(at.next !== undefined, page, () => cursorOf(startedOver(round)));
}

function pageWith(
  messages: Page["messages"],
  cursor: Cursor,
  more: boolean,
  warnings: Page["warnings"] = [],
): Page {
  return { messages, cursor: JSON.stringify(cursor), more, warnings };
}

function keyOf({
  booking = "",
  transport_document: paper = "",
  equipment = "",
}: Reference): string {
  return [booking, paper, equipment].join("|");
}

/** The rounds of what the settings still list. */
function named({ references }: DcsaSettings, rounds: Cursor["rounds"]): Cursor["rounds"] {
  const keys = new Set((references.length === 0 ? [{}] : references).map(keyOf));
  return Object.fromEntries(Object.entries(rounds).filter(([key]) => keys.has(key)));
}

/** The time of an event that is refused says nothing about the others. */
function itemsOf({ version }: DcsaSettings, { root }: FetchedPage, now: Date) {
  const clock = version === "3.0" ? "eventUpdatedDateTime" : "eventCreatedDateTime";
  return [...validate(eventNodes(root), now)].map(({ node, faults }) => ({
    said: JSON.stringify(node.value),
    at: faults.length === 0 ? readUtc(node.at(clock).text(40)) : undefined,
  }));
}

function firstQuery(
  settings: DcsaSettings,
  round: Round,
  reference: Reference,
  now: Date,
): Record<string, string> {
  const query: Record<string, string> = { limit: String(settings.page_size) };
  const parameter =
    settings.version === "3.0" ? "eventUpdatedDateTimeMin" : "eventCreatedDateTime:gte";
  const since = askedFrom(round, settings.overlap_seconds, now);
  if (since !== undefined) query[parameter] = since;
  if (reference.booking !== undefined) query["carrierBookingReference"] = reference.booking;
  if (reference.transport_document !== undefined) {
    query["transportDocumentReference"] = reference.transport_document;
  }
  if (reference.equipment !== undefined) query["equipmentReference"] = reference.equipment;
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
