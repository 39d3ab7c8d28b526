/**
 * Polling AfterShip by update time. Newer API versions page by `cursor`, older ones by `page`;
 * both are followed, whichever the answer speaks.
 */
import { z } from "zod";
import { readUtc } from "../shared/reading/instants.ts";
import { getJson, itemMessages, orStartOver, readCursor } from "../shared/json/poll.ts";
import {
  askedFrom,
  endOfPass,
  roundType,
  startedOver,
  warningsOf,
  withPage,
} from "../shared/json/round.ts";
import type { JsonNode } from "../shared/json/node.ts";
import type { Page, Peer } from "../source.ts";
import type { AfterShipSettings } from "./settings.ts";

const LIMIT = 200;

const cursorType = roundType.extend({
  next: z.string().optional(),
  page: z.int().min(1).optional(),
});

/** One page of the trackings that changed since the last round. */
export async function fetchTrackings(
  peer: Peer,
  cursor: string | null,
  settings: AfterShipSettings,
  signal: AbortSignal,
  now: Date,
): Promise<Page> {
  const { next: place, page: number, ...round } = readCursor("aftership", cursor, cursorType) ?? {};
  const isUnderWay = place !== undefined || number !== undefined;
  const page = async (): Promise<Page> => {
    const query: Record<string, string> = { limit: String(LIMIT) };
    const since = askedFrom(round, settings.overlap_seconds, now);
    if (since !== undefined) query["updated_at_min"] = since;
    if (place !== undefined) query["cursor"] = place;
    if (number !== undefined) query["page"] = String(number);
    const fetched = await getJson("aftership", peer, settings.path, query, signal);
    const data = fetched.root.at("data");
    const items = data
      .at("trackings")
      .items()
      .map((it) => ({
        said: JSON.stringify(it.value),
        at: readUtc(it.at("updated_at").text(40)),
      }));
    const taken = withPage(round, items, fetched.response, now);
    const messages = itemMessages(fetched, ["data", "trackings"]);
    const warnings = warningsOf(items, now);
    const following = nextOf(data, place);
    if (following !== undefined) {
      const after = JSON.stringify({ ...taken, ...following });
      return { messages, cursor: after, more: true, warnings };
    }
    const end = endOfPass(taken, isUnderWay);
    warnings.push(...end.warnings);
    return { messages, cursor: JSON.stringify(end.round), more: end.again, warnings };
  };
  return orStartOver(isUnderWay, page, () => startedOver(round));
}

function nextOf(data: JsonNode, place: string | undefined) {
  const pagination = data.at("pagination");
  const next = pagination.at("next_cursor").text(512);
  if (next !== undefined && next !== place && pagination.at("has_next_page").isTrue())
    return { next };
  const page = data.at("page").number();
  const limit = data.at("limit").number() ?? LIMIT;
  const isMore = page !== undefined && page * limit < (data.at("count").number() ?? 0);
  return isMore ? { page: page + 1 } : undefined;
}
