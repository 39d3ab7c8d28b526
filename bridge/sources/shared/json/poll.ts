/** What every polling source needs: a cursor that survives restarts, and pages of JSON. */
import { z } from "zod";
import { MilepostError } from "../../../errors.ts";
import type { Page, Peer, PeerResponse, PolledMessage } from "../../source.ts";
import { parseDocument } from "./document.ts";
import { elementsOf } from "./elements.ts";
import { JsonNode } from "./node.ts";

/**
 * Reads a cursor that this source wrote. A cursor of another shape (an older version, a hand
 * edit) pauses the connection: starting over silently would fetch a year of history.
 */
export function readCursor<T>(
  source: string,
  cursor: string | null,
  type: z.ZodType<T>,
): T | undefined {
  if (cursor === null || cursor === "") return undefined;
  try {
    return type.parse(JSON.parse(cursor));
  } catch (cause) {
    throw new MilepostError(`${source}: the stored cursor cannot be read`, {
      code: "bad_cursor",
      retry: "pause",
      culprit: source,
      hint: "milepost cursor reset CONNECTION; what was fetched before is known and not stored again",
      cause,
    });
  }
}

export interface FetchedPage {
  response: PeerResponse;
  root: JsonNode;
  url: string;
}

/** One GET of JSON. An answer that is no JSON is a passing fault of the partner (a proxy's HTML page). */
export async function getJson(
  source: string,
  peer: Peer,
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<FetchedPage> {
  const response = await peer.request(
    { method: "GET", path, query, headers: { accept: "application/json", ...headers } },
    signal,
  );
  const url = `${path}?${new URLSearchParams(query).toString()}`;
  try {
    return { response, root: new JsonNode(parseDocument(source, response.body)), url };
  } catch (cause) {
    throw new MilepostError(`${source}: the answer to ${path} is no JSON`, {
      code: "bad_answer",
      retry: "later",
      culprit: source,
      cause,
    });
  }
}

/** Each item of the answer's list as a message of its own, as the partner wrote it. */
export function itemMessages(
  { response, url }: FetchedPage,
  list: readonly string[],
): PolledMessage[] {
  const [open, close] = wrappingOf(list);
  const version = saidVersion(response);
  const path = url.split("?")[0] ?? url;
  return elementsOf(response.body, list).map((item) => ({
    body: Buffer.concat([open, item, close]),
    contentType: "application/json",
    attributes: { url, ...version },
    identity: `${path} ${version["api-version"] ?? ""}`,
  }));
}

/** What stands around one item so that it is still a list of the partner's. */
function wrappingOf(list: readonly string[]): [Buffer, Buffer] {
  const open = list.map((key) => `{${JSON.stringify(key)}:`).join("");
  return [Buffer.from(`${open}[`), Buffer.from(`]${"}".repeat(list.length)}`)];
}

/**
 * A partner that refuses the place where a round was to go on (its cursor ran out, a page is gone)
 * would refuse it for ever: the round starts over from its last good time instead.
 */
export async function orStartOver(
  isUnderWay: boolean,
  page: () => Promise<Page>,
  cursor: () => unknown,
): Promise<Page> {
  try {
    return await page();
  } catch (error) {
    const isRefused = error instanceof MilepostError && error.code === "peer_refused";
    if (!isUnderWay || !isRefused) throw error;
    const text = `${error.message} for the next page: the round starts over from its last good time`;
    const warning = { code: "poll_place_refused", text };
    return { messages: [], cursor: JSON.stringify(cursor()), more: false, warnings: [warning] };
  }
}

/** The version of its API that the partner names in the answer. */
function saidVersion({ headers }: PeerResponse): Record<string, string> {
  const said = headers["api-version"];
  return said === undefined ? {} : { "api-version": said.slice(0, 40) };
}
