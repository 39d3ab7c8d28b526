/**
 * Polling for changed entities, list by list, each in rounds of its own.
 *
 * A sorted list, the oldest change first, goes on at the latest lastModified of a page, which holds
 * when entities change and move to the end meanwhile. Entities that share one lastModified and fill
 * a page, and lists in no order, are paged over by offset.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { readUtc } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { parseDocument } from "../shared/json/document.ts";
import { itemMessages, orStartOver, readCursor } from "../shared/json/poll.ts";
import {
  askedFrom,
  endOfPass,
  type RoundItem,
  roundType,
  startedOver,
  warningsOf,
  withPage,
} from "../shared/json/round.ts";
import { MilepostError } from "../../errors.ts";
import type { Page, PageWarning, Peer, PeerResponse } from "../source.ts";
import { listType, unwrapped } from "./entity.ts";
import { entityNodes, faultsOf } from "./validate.ts";
import type { Otm5Settings } from "./settings.ts";

const NOT_MODIFIED = 304;

const listCursor = roundType.extend({
  /** Within a round: where its next page starts, and how much of that was paged over. */
  from: z.string().optional(),
  offset: z.int().min(0).optional(),
  /** The last entity of the page before, with which an offset page begins. */
  tail: z.string().optional(),
  etag: z.string().optional(),
  modified: z.string().optional(),
});
type ListCursor = z.infer<typeof listCursor>;

/** Cursors of older versions remembered what they had taken. */
const storedList = listCursor
  .extend({ known: z.unknown().optional() })
  .transform(({ known: _known, ...list }): ListCursor => list);

const cursorType = z.strictObject({
  lists: z.record(z.string(), storedList).default({}),
  /** The list that is asked next. */
  next: z.int().min(0).default(0),
});

/** What follows on a page of a list. */
interface Step {
  list: ListCursor;
  isLast: boolean;
  messages: Page["messages"];
  warnings: PageWarning[];
}

/** One page of one list; `more` until every list was asked to its end. */
export async function fetchEntities(
  peer: Peer,
  cursor: string | null,
  settings: Otm5Settings,
  signal: AbortSignal,
  now: Date,
): Promise<Page> {
  const at = readCursor("otm5", cursor, cursorType) ?? cursorType.parse({});
  const { paths } = settings.poll;
  const index = at.next < paths.length ? at.next : 0;
  const path = paths[index] as string;
  const list: ListCursor = at.lists[path] ?? {};
  const isUnderWay = list.offset !== undefined || list.from !== undefined;
  const cursorOf = (step: Pick<Step, "list" | "isLast">) => {
    const next = step.isLast ? index + 1 : index;
    const lists = { ...at.lists, [path]: step.list };
    return { lists, next: next >= paths.length ? 0 : next };
  };
  const page = async (): Promise<Page> => {
    const query = queryOf(settings, list, now);
    const response = await peer.request(
      { method: "GET", path, query, headers: conditions(list), expect: [NOT_MODIFIED] },
      signal,
    );
    const step =
      response.status === NOT_MODIFIED
        ? { list, isLast: true, messages: [], warnings: [] }
        : readPage(settings, list, response, { path, query }, now);
    const { messages, warnings, isLast } = step;
    const more = !isLast || index + 1 < paths.length;
    return { messages, cursor: JSON.stringify(cursorOf(step)), more, warnings };
  };
  return orStartOver(isUnderWay, page, () => cursorOf({ list: startedOver(list), isLast: true }));
}

function queryOf({ poll }: Otm5Settings, list: ListCursor, now: Date): Record<string, string> {
  const query: Record<string, string> = { [poll.limit]: String(poll.page_size) };
  const from = list.from ?? askedFrom(list, poll.overlap_seconds, now);
  if (from !== undefined) query[poll.since] = from;
  if (list.offset !== undefined) query[poll.offset] = String(list.offset);
  return query;
}

/** Only the first page of a round has an address that stays the same while nothing changes. */
function conditions(list: ListCursor): Record<string, string> {
  if (list.offset !== undefined || list.from !== undefined) return {};
  return {
    ...(list.etag !== undefined && { "if-none-match": list.etag }),
    ...(list.modified !== undefined && { "if-modified-since": list.modified }),
  };
}

function readPage(
  { poll }: Otm5Settings,
  list: ListCursor,
  response: PeerResponse,
  asked: { path: string; query: Record<string, string> },
  now: Date,
): Step {
  const url = `${asked.path}?${new URLSearchParams(asked.query).toString()}`;
  const { root, entities } = entitiesOf(response, asked.path);
  const items = entities.map((it) => itemOf(it, listType(url)));
  const messages = messagesOf({ response, root, url }, entities);
  const warnings = warningsOf(items, now);
  const { from, offset, tail, etag: _etag, modified: _modified, ...before } = list;
  const [first] = entities;
  // Another one at the seam means that entities have left the part that was paged over, and that
  // others slipped into it unread.
  const isShifted = tail !== undefined && first !== undefined && tailOf(first) !== tail;
  const place = { ...(from !== undefined && { from }) };
  if (isShifted) return { list: { ...before, ...place }, isLast: false, messages, warnings };
  const round = withPage(before, items, response, now);
  if (entities.length >= poll.page_size) {
    const next = onwards(poll.sorted, asked.query[poll.since], list, entities);
    return { list: { ...round, ...place, ...next }, isLast: false, messages, warnings };
  }
  const isFirst = from === undefined && offset === undefined;
  const end = endOfPass(round, !poll.sorted && !isFirst);
  const isStill = isFirst && end.round.since === list.since;
  const kept = isStill ? conditionOf(response) : {};
  warnings.push(...end.warnings);
  return { list: { ...end.round, ...kept }, isLast: !end.again, messages, warnings };
}

/** A condition belongs to one address; the address changes with `since`. */
function conditionOf({ headers }: PeerResponse): Pick<ListCursor, "etag" | "modified"> {
  const { etag, "last-modified": modified } = headers;
  return { ...(etag !== undefined && { etag }), ...(modified !== undefined && { modified }) };
}

/** Where the next page of the round starts. */
function onwards(
  sorted: boolean,
  start: string | undefined,
  { offset = 0 }: ListCursor,
  entities: readonly JsonNode[],
): Pick<ListCursor, "from" | "offset" | "tail"> {
  if (!sorted) return { offset: offset + entities.length };
  const times = entities.flatMap((it) => changeOf(it) ?? []);
  if (times.some((it, index) => it < (times[index - 1] ?? ""))) throw unsorted();
  const last = times.at(-1) ?? "";
  if (last > (start ?? "")) return { from: last };
  // The seam: the next page begins with the last entity of this one.
  return { offset: offset + entities.length - 1, tail: tailOf(entities.at(-1) as JsonNode) };
}

/** Going on behind the last entity of such a page would skip others for ever. */
function unsorted(): MilepostError {
  return new MilepostError("otm5: the partner's list is not sorted by lastModified", {
    code: "poll_unsorted",
    retry: "pause",
    culprit: "otm5",
    hint: "Set settings.poll.sorted to false for this connection.",
  });
}

function entitiesOf(response: PeerResponse, path: string) {
  try {
    const root = new JsonNode(parseDocument("otm5", response.body));
    return { root, entities: entityNodes(root) };
  } catch (cause) {
    throw new MilepostError(`otm5: the answer to ${path} is no list of entities`, {
      code: "bad_answer",
      retry: "later",
      culprit: "otm5",
      cause,
    });
  }
}

/** Each entity as a message; an answer that is one entity is one already. */
function messagesOf(
  fetched: Parameters<typeof itemMessages>[0],
  entities: readonly JsonNode[],
): Page["messages"] {
  const [, ...keys] = (entities[0]?.path ?? "").split("/");
  const list = keys.slice(0, -1);
  if (entities.length > 0 && keys.length === 0) {
    const { response, url } = fetched;
    return [{ body: response.body, contentType: "application/json", attributes: { url } }];
  }
  return itemMessages(fetched, list);
}

/** The time of an entity that is refused says nothing about the others. */
function itemOf(node: JsonNode, type: string | undefined): RoundItem {
  const isRefused = faultsOf(node, type).length > 0;
  return { said: JSON.stringify(node.value), at: isRefused ? undefined : changeOf(node) };
}

function changeOf(node: JsonNode): string | undefined {
  const entity = unwrapped(node);
  return readUtc(entity.at("lastModified").text(64)) ?? readUtc(entity.at("creationDate").text(64));
}

function tailOf({ value }: JsonNode): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);
}
