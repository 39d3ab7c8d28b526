/** Polling a partner by what its file says of pages and of what is new. */
import { z } from "zod";
import { MilepostError } from "../../errors.ts";
import { readUtc } from "../shared/reading/instants.ts";
import { orStartOver, readCursor } from "../shared/json/poll.ts";
import {
  askedFrom,
  endOfPass,
  type RoundItem,
  roundType,
  startedOver,
  warningsOf,
  withPage,
} from "../shared/json/round.ts";
import type { Page, PageWarning, Peer, PeerResponse, RawMessage } from "../source.ts";
import type { EvaluatedDocument } from "./evaluation.ts";
import { buildFacts } from "./facts.ts";
import { type Fetch, mappingLabel } from "./mapping.ts";
import type { Partner } from "./partner_file.ts";
import type { Evaluated } from "./reading_process.ts";
import { compareSnapshot, DIFFERENCE, saysAnything, snapshotState } from "./snapshot.ts";

const cursorType = roundType.extend({
  page: z.int().min(0).optional(),
  offset: z.int().min(0).optional(),
  /** The partner's cursor, or its URL of the next page. */
  next: z.string().optional(),
  snapshot: snapshotState.optional(),
});
type Cursor = z.infer<typeof cursorType>;

type Evaluate = (message: RawMessage, partner: Partner) => Promise<Evaluated>;

/** Faults of an answer that the next try may not have: a proxy's page, a cut body. */
const BROKEN_ANSWER = new Set([
  "not_json",
  "not_utf8",
  "not_csv",
  "not_xml",
  "not_fixed_width",
  "not_xlsx",
]);

/** One page; `more` until the round is through. */
export async function fetchPage(
  peer: Peer,
  cursor: string | null,
  partner: Partner,
  evaluate: Evaluate,
  signal: AbortSignal,
  now: Date,
): Promise<Page> {
  const { mapping } = partner;
  const { fetch } = mapping;
  if (fetch === undefined) {
    throw new MilepostError(`${mappingLabel(mapping)} says nothing of a poll`, {
      code: "mapping_invalid",
      retry: "pause",
      hint: "add fetch to the partner's file, or take poll away",
    });
  }
  const at = readCursor(mappingLabel(mapping), cursor, cursorType) ?? {};
  const { page, offset, next: place, snapshot: before, ...round } = at;
  const isUnderWay = page !== undefined || offset !== undefined || place !== undefined;
  const known = { ...(before && { snapshot: before }) };
  const one = async (): Promise<Page> => {
    const request = requestOf(fetch, at, now);
    const headers = { accept: ACCEPT[mapping.format.type], ...fetch.headers };
    const response = await peer.request({ method: "GET", ...request, headers }, signal);
    const message: RawMessage = {
      body: response.body,
      contentType: contentTypeOf(response, mapping.format.type),
      receivedAt: now,
      attributes: { url: `${request.path}?${new URLSearchParams(request.query).toString()}` },
    };
    const evaluated = await evaluatedPage(evaluate, message, partner);
    const items = evaluated.items.map(({ hash, since }): RoundItem => ({
      said: hash,
      at: since === null ? undefined : readUtc(since, mapping.zone),
    }));
    const taken = withPage(round, items, response, now);
    const { messages, snapshot } = messagesOf(partner, at, message, evaluated);
    const state = { ...(snapshot && { snapshot }) };
    const warnings = [...warningsOf(items, now), ...noTimes(fetch, items)];
    const following = nextOf(fetch, at, evaluated, response);
    if (following !== undefined) {
      const after = JSON.stringify({ ...taken, ...following, ...state });
      return { messages, cursor: after, more: true, warnings };
    }
    // Without a time to go on from, each round reads the whole list anyway.
    const end = endOfPass(taken, isUnderWay && fetch.since !== undefined);
    warnings.push(...end.warnings);
    const after = JSON.stringify({ ...end.round, ...state });
    return { messages, cursor: after, more: end.again, warnings };
  };
  return orStartOver(isUnderWay, one, () => ({ ...startedOver(round), ...known }));
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ACCEPT = {
  json: "application/json",
  csv: "text/csv",
  xml: "application/xml",
  fixed: "text/plain",
  xlsx: XLSX,
} as const;

function contentTypeOf({ headers }: PeerResponse, type: keyof typeof ACCEPT): string {
  const said = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  return said === undefined || said === "" ? ACCEPT[type] : said;
}

async function evaluatedPage(
  evaluate: Evaluate,
  message: RawMessage,
  partner: Partner,
): Promise<EvaluatedDocument> {
  try {
    return (await evaluate(message, partner)).result;
  } catch (cause) {
    if (!(cause instanceof MilepostError) || !BROKEN_ANSWER.has(cause.code)) throw cause;
    const { culprit = "" } = cause;
    throw new MilepostError(cause.message, { code: "bad_answer", retry: "later", culprit, cause });
  }
}

/** What of the page is worth storing; with a snapshot, what is different. */
function messagesOf(
  { mapping }: Partner,
  at: Cursor,
  message: RawMessage,
  evaluated: EvaluatedDocument,
): Pick<Page, "messages"> & { snapshot?: Cursor["snapshot"] } {
  const { body, contentType, attributes } = message;
  if (mapping.snapshot === undefined) {
    const { records, skipped, failures, version } = evaluated;
    const foreign =
      mapping.versions !== undefined && !mapping.versions.known.includes(version ?? "");
    const empty = records.length === 0 && skipped === 0 && failures.length === 0 && !foreign;
    // A page that shows the same again is nothing new, whatever time it was asked for.
    const identity = mapping.fetch?.path ?? "";
    return {
      messages: empty ? [] : [{ body, contentType, attributes: { ...attributes }, identity }],
    };
  }
  const built = buildFacts(mapping, evaluated, message.receivedAt);
  const { difference, state } = compareSnapshot(at.snapshot ?? {}, built);
  if (!saysAnything(difference, built)) return { messages: [], snapshot: state };
  const said = { [DIFFERENCE]: JSON.stringify(difference) };
  return { messages: [{ body, contentType, attributes: said }], snapshot: state };
}

function requestOf(
  fetch: Fetch,
  at: Cursor,
  now: Date,
): { path: string; query: Record<string, string> } {
  const { pagination, since } = fetch;
  if (pagination?.by === "link" && at.next !== undefined) return { path: at.next, query: {} };
  const query: Record<string, string> = { ...fetch.query };
  if (since !== undefined) {
    const from = askedFrom(at, since.overlap_seconds, now) ?? since.start;
    if (from !== undefined) query[since.parameter] = from;
  }
  if (pagination?.by === "page") query[pagination.parameter] = String(at.page ?? pagination.first);
  if (pagination?.by === "offset") query[pagination.parameter] = String(at.offset ?? 0);
  if (pagination?.by === "cursor" && at.next !== undefined) query[pagination.parameter] = at.next;
  return { path: fetch.path, query };
}

/** A `since` field that no record shows would have every poll read the whole list, silently. */
function noTimes({ since }: Fetch, items: readonly RoundItem[]): PageWarning[] {
  if (since === undefined || items.length === 0) return [];
  if (items.some(({ at }) => at !== undefined)) return [];
  return [
    {
      code: "poll_no_since",
      text: `none of ${items.length} records shows a time at fetch.since.field: the whole list is read each time`,
      hint: 'correct the expression; an attribute in XML is written "`@name`"',
    },
  ];
}

/** Where the next page is; nothing when this was the last. The same page again ends the round. */
function nextOf(
  { pagination, path }: Fetch,
  at: Cursor,
  { records, skipped, next }: EvaluatedDocument,
  { headers }: PeerResponse,
): Pick<Cursor, "page" | "offset" | "next"> | undefined {
  const count = records.length + skipped;
  switch (pagination?.by) {
    case undefined:
      return undefined;
    case "page":
      return count === 0 ? undefined : { page: (at.page ?? pagination.first) + 1 };
    case "offset":
      return count < pagination.step ? undefined : { offset: (at.offset ?? 0) + pagination.step };
    case "cursor":
      return next === null || next === "" || next === at.next ? undefined : { next };
    case "link": {
      const url = next ?? linkedNext(headers["link"]);
      const relative = url === undefined || url === "" ? undefined : fromPath(url, path);
      return relative === undefined || relative === at.next ? undefined : { next: relative };
    }
  }
}

/** RFC 8288: `<https://…?page=2>; rel="next"`. */
function linkedNext(header: string | undefined): string | undefined {
  for (const part of (header ?? "").slice(0, 8000).split(",")) {
    const [target = "", ...parameters] = part.split(";").map((it) => it.trim());
    const isNext = parameters.some((it) => /^rel="?next"?$/i.test(it));
    if (isNext && target.startsWith("<") && target.endsWith(">")) return target.slice(1, -1);
  }
  return undefined;
}

/** A path below the peer's base URL stays one, whatever the partner puts before it. */
function fromPath(url: string, path: string): string {
  const at = url.startsWith("/") ? url.indexOf(path) : -1;
  return at < 0 ? url : url.slice(at);
}
