/** The peer's credentials for links to its own origin: nobody else sees them, redirects included. */
import type { Clock } from "../clock.ts";
import type { ConnectionConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import { Credentials } from "../peer/credentials.ts";
import { tlsOf } from "../peer/http_peer.ts";
import { type Door, guardedAgent } from "./guarded_agent.ts";
import type { LinkClientParts } from "./link_client.ts";

/** A token's answer is short. */
const MAX_TOKEN_BYTES = 100_000;

/** Nothing when the connection does not show them. A token comes by the same door as the paper. */
export function peerCredentials(
  { code, peer, proof_links: links }: ConnectionConfig,
  clock: Clock,
  door: Door = {},
): NonNullable<LinkClientParts["credentials"]> | undefined {
  if (!links.with_credentials || peer === undefined) return undefined;
  const { origin } = new URL(peer.base_url);
  const bounds = { seconds: peer.request_seconds, maxBytes: MAX_TOKEN_BYTES, tls: tlsOf(peer) };
  const credentials = new Credentials(code, peer, guardedAgent(door, bounds), clock);
  return async (url, refused) => {
    if (url.origin !== origin) return undefined;
    const request = { method: "GET", path: url.pathname } as const;
    try {
      if (refused !== undefined) return await credentials.renewed(url, request, refused);
      return await credentials.of(url, request);
    } catch (error) {
      throw isAddress(error) ? insideToken(code, error) : error;
    }
  };
}

function isAddress(error: unknown): boolean {
  return error instanceof MilepostError && error.code === "link_address";
}

/** It is no fault of the link, which is tried again. */
function insideToken(connection: string, cause: unknown): MilepostError {
  const message = `The token server of ${connection} has an address that is not public`;
  return new MilepostError(message, {
    code: "link_address",
    retry: "later",
    culprit: connection,
    cause,
    hint: "see peer.auth.token_url, or set proof_links.with_credentials: false",
  });
}
