/**
 * An agent whose only way to a host leads to an address that was looked at: for what a partner's link
 * makes us ask for, the paper and the token that is shown for it alike.
 */
import { isIPv6, type LookupFunction } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { Agent, buildConnector } from "undici";
import { pinnedAddress, type Resolve, resolveByDns } from "./link_rules.ts";

export interface Door {
  /** How names are looked up (tests). */
  resolve?: Resolve;
  /** Which address is dialled for the pinned one (tests: the public address of a server of theirs). */
  dial?: (pinned: string) => string;
}

interface Bounds {
  seconds: number;
  maxBytes: number;
  tls: Pick<SecureContextOptions, "ca" | "cert" | "key">;
}

/** Requests end in `link_address` (`never`) where the host has an address that is not public. */
export function guardedAgent(
  { resolve = resolveByDns, dial }: Door,
  { seconds, maxBytes, tls }: Bounds,
): Agent {
  const timeout = seconds * 1000;
  const lead = async (options: buildConnector.Options): Promise<buildConnector.connector> => {
    // An address instead of a name is looked at like any other; nothing looks it up later.
    const pinned = await pinnedAddress(options.hostname.replace(/^\[|\]$/g, ""), resolve);
    return buildConnector({ ...tls, lookup: leadingTo(dial?.(pinned) ?? pinned), timeout });
  };
  const connect: buildConnector.connector = (options, done) =>
    void reach(lead(options), options, done);
  return new Agent({
    connect,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: maxBytes,
  });
}

async function reach(
  connector: Promise<buildConnector.connector>,
  options: buildConnector.Options,
  done: buildConnector.Callback,
): Promise<void> {
  try {
    (await connector)(options, done);
  } catch (error) {
    done(error as Error, null);
  }
}

function leadingTo(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4;
  return (_host, options, done) =>
    options.all === true ? done(null, [{ address, family }]) : done(null, address, family);
}
