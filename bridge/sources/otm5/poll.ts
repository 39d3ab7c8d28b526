/**
 * Polling for changed entities, list by list.
 *
 * Every list is asked for what changed at or after the latest lastModified that was seen, less an
 * overlap for entities that were committed late. Several entities can share one lastModified and
 * the overlap brings known ones again: the cursor remembers which versions of that span were taken,
 * so that none is skipped and none makes a new message.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { readUtc } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { parseDocument } from "../shared/json/document.ts";
import { later, readCursor, saidVersion } from "../shared/json/poll.ts";
import { MilepostError } from "../../errors.ts";
import type { Page, Peer, PeerResponse } from "../source.ts";
import { unwrapped } from "./entity.ts";
import { entityNodes } from "./validate.ts";
import type { Otm5Settings } from "./settings.ts";

/** More than this in one span are known by what Odoo says of their facts: duplicates. */
const MAX_KNOWN = 2000;
const NOT_MODIFIED = 304;

const listCursor = z.strictObject({
  /** Latest lastModified of all that was taken. */
  since: z.string().optional(),
  /** Versions taken in the span that will be asked for again: hash of id and lastModified → lastModified. */
  known: z.record(z.string(), z.string()).default({}),
  /** Within a round: where its next page starts, what of it was paged over, the latest seen. */
  from: z.string().optional(),
  offset: z.int().min(0).optional(),
  seen: z.string().optional(),
  etag: z.string().optional(),
  modified: z.string().optional(),
});
type ListCursor = z.infer<typeof listCursor>;

const cursorType = z.strictObject({
  lists: z.record(z.string(), listCursor).default({}),
  /** The list that is asked next. */
  next: z.int().min(0).default(0),
});

/** One page of one list; `more` until every list was asked to its end. */
export async function fetchEntities(
  peer: Peer,
  cursor: string | null,
  settings: Otm5Settings,
  signal: AbortSignal,
): Promise<Page> {
  const at = readCursor("otm5", cursor, cursorType) ?? cursorType.parse({});
  const { paths } = settings.poll;
  const index = at.next < paths.length ? at.next : 0;
  const path = paths[index] as string;
  const list = at.lists[path] ?? listCursor.parse({});
  const query = queryOf(settings, list);
  const response = await peer.request(
    { method: "GET", path, query, headers: conditions(list), expect: [NOT_MODIFIED] },
    signal,
  );
  const page =
    response.status === NOT_MODIFIED
      ? { list, isLast: true, fresh: 0 }
      : readPage(settings, list, response, path);
  const next = page.isLast ? index + 1 : index;
  const isDone = next >= paths.length;
  const lists = { ...at.lists, [path]: page.list };
  const url = `${path}?${new URLSearchParams(query).toString()}`;
  return {
    messages:
      page.fresh > 0
        ? [
            {
              body: response.body,
              contentType: "application/json",
              attributes: { url, ...saidVersion(response) },
            },
          ]
        : [],
    cursor: JSON.stringify({ lists, next: isDone ? 0 : next }),
    more: !isDone,
  };
}

function queryOf({ poll }: Otm5Settings, list: ListCursor): Record<string, string> {
  const query: Record<string, string> = { [poll.limit]: String(poll.page_size) };
  const from = startOf(list, poll.overlap_seconds);
  if (from !== undefined) query[poll.since] = from;
  if (list.offset !== undefined) query[poll.offset] = String(list.offset);
  return query;
}

/** A round starts some way back, its further pages where the last one ended. */
function startOf(list: ListCursor, overlap: number): string | undefined {
  return list.from ?? (list.since === undefined ? undefined : before(list.since, overlap));
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
  settings: Otm5Settings,
  list: ListCursor,
  response: PeerResponse,
  path: string,
): { list: ListCursor; isLast: boolean; fresh: number } {
  const entities = entitiesOf(response, path);
  const known = { ...list.known };
  // An offset page starts with the last entity of the page before. Another one there means that
  // entities have left the part that was paged over, and that others slipped into it unread.
  const [first] = entities;
  const isShifted =
    first !== undefined &&
    (list.offset ?? 0) > 0 &&
    !Object.hasOwn(known, hashOf(first, versionOf(first)));
  let seen = list.seen;
  let fresh = 0;
  for (const entity of entities) {
    const modified = versionOf(entity);
    const key = hashOf(entity, modified);
    if (!Object.hasOwn(known, key)) fresh += 1;
    known[key] = modified ?? "";
    seen = later(seen, modified);
  }
  if (isShifted) return { list: { ...list, known, seen, offset: 0 }, isLast: false, fresh };
  const isLast = entities.length < settings.poll.page_size;
  if (!isLast) return { list: onwards(settings, list, entities, known, seen), isLast, fresh };
  const since = later(list.since, seen);
  const isFirst = list.offset === undefined && list.from === undefined;
  const isStill = isFirst && since === list.since;
  const ended: ListCursor = { known: pruned(known, since, settings.poll.overlap_seconds) };
  if (since !== undefined) ended.since = since;
  // A condition belongs to one address; the address changes with `since`.
  if (isStill) {
    const { etag, "last-modified": modified } = response.headers;
    if (etag !== undefined) ended.etag = etag;
    if (modified !== undefined) ended.modified = modified;
  }
  return { list: ended, isLast, fresh };
}

/**
 * The next page of the round. A sorted list goes on at the latest lastModified of this page, which
 * holds when entities change and move to the end meanwhile. A page that brought nothing later (all
 * share one lastModified), or one of an unsorted list, is paged over by offset.
 */
function onwards(
  settings: Otm5Settings,
  list: ListCursor,
  entities: readonly JsonNode[],
  known: Record<string, string>,
  seen: string | undefined,
): ListCursor {
  const { sorted } = settings.poll;
  const versions = entities.map((it) => versionOf(it) ?? "");
  if (sorted && versions.some((it, index) => it < (versions[index - 1] ?? ""))) throw unsorted();
  const start = startOf(list, settings.poll.overlap_seconds);
  const last = versions.at(-1) ?? "";
  const goesOn = sorted && last > (start ?? "");
  const from = goesOn ? last : list.from;
  const offset = goesOn ? undefined : (list.offset ?? 0) + entities.length - 1;
  return {
    known,
    ...(list.since !== undefined && { since: list.since }),
    ...(from !== undefined && { from }),
    ...(offset !== undefined && { offset }),
    ...(seen !== undefined && { seen }),
  };
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

function entitiesOf(response: PeerResponse, path: string): JsonNode[] {
  try {
    const root = new JsonNode(parseDocument("otm5", response.body));
    return entityNodes(root).map(unwrapped);
  } catch (cause) {
    throw new MilepostError(`otm5: the answer to ${path} is no list of entities`, {
      code: "bad_answer",
      retry: "later",
      culprit: "otm5",
      cause,
    });
  }
}

function versionOf(entity: JsonNode): string | undefined {
  return readUtc(entity.at("lastModified").text(64)) ?? readUtc(entity.at("creationDate").text(64));
}

function hashOf(entity: JsonNode, modified: string | undefined): string {
  // Two versions within a second differ in their content only.
  const said = `${entity.at("id").text(100) ?? ""} ${modified ?? ""} ${JSON.stringify(entity.value)}`;
  return createHash("sha256").update(said).digest("base64url").slice(0, 16);
}

/** Forgets the versions that will not be asked for again, the oldest first. */
function pruned(
  known: Record<string, string>,
  since: string | undefined,
  overlap: number,
): Record<string, string> {
  const from = since === undefined ? "" : before(since, overlap);
  const kept = Object.entries(known).filter(([, modified]) => modified >= from || modified === "");
  return Object.fromEntries(kept.toSorted(([, a], [, b]) => (a < b ? 1 : -1)).slice(0, MAX_KNOWN));
}

function before(at: string, seconds: number): string {
  return `${new Date(Date.parse(at) - seconds * 1000).toISOString().slice(0, 19)}Z`;
}
