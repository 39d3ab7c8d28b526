/** The peer's credentials for links to its own origin: nobody else sees them, redirects included. */
import { Agent } from "undici";
import type { Clock } from "../clock.ts";
import type { ConnectionConfig } from "../config.ts";
import { Credentials } from "../peer/credentials.ts";
import type { LinkClientParts } from "./link_client.ts";

/** Nothing when the connection does not show them. */
export function peerCredentials(
  { code, peer, proof_links: links }: ConnectionConfig,
  clock: Clock,
): NonNullable<LinkClientParts["credentials"]> | undefined {
  if (!links.with_credentials || peer === undefined) return undefined;
  const { origin } = new URL(peer.base_url);
  const credentials = new Credentials(code, peer, new Agent(), clock);
  return async (url) => {
    if (url.origin !== origin) return {};
    const { headers } = await credentials.of(url, { method: "GET", path: url.pathname });
    return headers;
  };
}
