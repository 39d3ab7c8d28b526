/** Asks a partner's poll endpoint once, as the bridge would, and keeps nothing: does it let us in? */
import { systemClock } from "../clock.ts";
import type { ConnectionConfig } from "../config.ts";
import { errorText, MilepostError } from "../errors.ts";
import { createMetrics } from "../metrics.ts";
import { createPeer } from "../peer/create_peer.ts";
import type { Peer } from "../sources/source.ts";
import { mappedSource } from "../sources/mapped/source.ts";
import type { Partner } from "./partner.ts";

export type PollTrial =
  | { asked: false; why: string }
  | { asked: true; ok: true; messages: number; bytes: number; warnings: string[] }
  | { asked: true; ok: false; code: string; text: string; hint?: string };

/** What to do about faults that say nothing of it themselves. */
const HINTS: Readonly<Record<string, string>> = {
  peer_timeout:
    "is the address right, and this machine's allowed there? else raise peer.request_seconds",
  peer_unreachable: "is the firewall open, peer.base_url right, the partner up?",
  bad_answer: "the answer is not in the file's format: a login page, or another list",
  peer_refused: "check fetch.path and fetch.query of the partner's file, and peer.base_url",
};

/** One page from the beginning. Faults of the partner are the answer, not an error. */
export async function tryPoll(config: ConnectionConfig, partner: Partner): Promise<PollTrial> {
  const { code, peer, poll } = config;
  if (partner.mapping.fetch === undefined || (peer === undefined && poll === undefined)) {
    return { asked: false, why: `not asked: connection ${code} is not polled` };
  }
  const clock = systemClock();
  let opened: ReturnType<typeof createPeer>;
  try {
    opened = createPeer(config, clock, createMetrics());
    if (opened === undefined) return { asked: false, why: `not asked: ${code} has no peer` };
    return await askOnce(opened.peer, partner, clock.now());
  } catch (error) {
    return refused(error);
  } finally {
    await opened?.close();
  }
}

async function askOnce(peer: Peer, partner: Partner, now: Date): Promise<PollTrial> {
  const { signal } = new AbortController();
  const page = await mappedSource.fetchPage?.(peer, null, partner, signal, now);
  const { messages = [], warnings = [] } = page ?? {};
  return {
    asked: true,
    ok: true,
    messages: messages.length,
    bytes: messages.reduce((sum, { body }) => sum + body.length, 0),
    warnings: warnings.map((it) => it.text),
  };
}

function refused(error: unknown): PollTrial {
  const code = error instanceof MilepostError ? error.code : "unexpected";
  const own = error instanceof MilepostError ? error.hint : undefined;
  const hint = own ?? HINTS[code];
  return {
    asked: true,
    ok: false,
    code,
    text: errorText(error),
    ...(hint !== undefined && { hint }),
  };
}
