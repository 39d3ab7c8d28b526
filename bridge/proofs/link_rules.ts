/**
 * Where a link may lead. What a partner writes there could aim at our own network (SSRF, CWE-918):
 * nothing is fetched but by https, from hosts that the connection lists, at a public address.
 */
import { isIP } from "node:net";
import { lookup } from "node:dns/promises";
import { MilepostError, type RetryDecision } from "../errors.ts";
import { isPublicAddress } from "./public_address.ts";

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<string[]>;

export const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The URL of a link, or of a redirect from `base`. Throws `link_invalid`, `link_host`. */
export function allowedUrl(text: string, hosts: readonly string[], base?: URL): URL {
  if (!URL.canParse(text, base)) throw linkError("link_invalid", "never", "is no URL");
  const url = new URL(text, base);
  const { protocol, hostname, port, username, password } = url;
  if (protocol !== "https:") throw linkError("link_invalid", "never", "is not https");
  if (username !== "" || password !== "")
    throw linkError("link_invalid", "never", "holds a user or password");
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0)
    throw linkError("link_invalid", "never", "names an address instead of a host");
  const host = port === "" ? hostname : `${hostname}:${port}`;
  if (!hosts.some((it) => matches(it, host))) {
    const hint = "add the host to proof_links.hosts of the connection when it is the partner's";
    throw linkError(
      "link_host",
      "never",
      `leads to ${host}, which is not in proof_links.hosts`,
      hint,
    );
  }
  url.hash = "";
  return url;
}

function matches(allowed: string, host: string): boolean {
  return allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed;
}

/**
 * The one address that the request goes to. It is looked up once and kept for the connection: a
 * name that answers otherwise the next time (DNS rebinding) changes nothing. Throws `link_address`
 * when any of the name's addresses is not public.
 */
export async function pinnedAddress(host: string, resolve: Resolve): Promise<string> {
  let addresses: string[];
  try {
    addresses = await resolve(host);
  } catch (cause) {
    throw linkError(
      "link_unreachable",
      "later",
      `leads to ${host}, whose name is not known`,
      undefined,
      cause,
    );
  }
  const [first] = addresses;
  if (first === undefined)
    throw linkError("link_unreachable", "later", `leads to ${host}, which has no address`);
  const inside = addresses.find((it) => !isPublicAddress(it));
  if (inside !== undefined) {
    const hint = "the partner's host must have public addresses only";
    throw linkError(
      "link_address",
      "never",
      `leads to ${host} at ${inside}, which is not public`,
      hint,
    );
  }
  return first;
}

/** An error that says of the link what is wrong, never the link itself: it may let in who has it. */
export function linkError(
  code: string,
  retry: RetryDecision,
  what: string,
  hint?: string,
  cause?: unknown,
  wait?: number,
): MilepostError {
  return new MilepostError(`The link ${what}`, {
    code,
    retry,
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}
