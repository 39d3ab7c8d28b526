/** What every polling source needs: a cursor that survives restarts, and pages of JSON. */
import { z } from "zod";
import { MilepostError } from "../../../errors.ts";
import type { Page, Peer, PeerResponse } from "../../source.ts";
import { parseDocument } from "./document.ts";
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
      hint: "Reset the connection's cursor; what was fetched before is recognised as duplicate.",
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

/** A page of the poll; one without events is not worth storing. */
export function pageOf(fetched: FetchedPage, events: number, cursor: unknown, more: boolean): Page {
  const message = {
    body: fetched.response.body,
    contentType: "application/json",
    attributes: { url: fetched.url, ...saidVersion(fetched.response) },
  };
  return { messages: events > 0 ? [message] : [], cursor: JSON.stringify(cursor), more };
}

/** The version of its API that the partner names in the answer. */
export function saidVersion({ headers }: PeerResponse): Record<string, string> {
  const said = headers["api-version"];
  return said === undefined ? {} : { "api-version": said.slice(0, 40) };
}

/** The later of two UTC texts. */
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
