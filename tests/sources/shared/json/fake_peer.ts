/** A partner's API in memory: answers in the order given and remembers what was asked. */
import type { Peer, PeerRequest, PeerResponse } from "../../../../bridge/sources/source.ts";

export interface Answer {
  body: unknown;
  headers?: Record<string, string>;
}

export function fakePeer(answers: readonly Answer[]): Peer & { asked: PeerRequest[] } {
  const asked: PeerRequest[] = [];
  return {
    asked,
    request(request): Promise<PeerResponse> {
      const answer = answers[asked.length];
      asked.push(request);
      if (answer === undefined) throw new Error("asked more often than answered");
      const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      return Promise.resolve({
        status: 200,
        headers: answer.headers ?? {},
        body: Buffer.from(body),
      });
    },
  };
}

export const NEVER = new AbortController().signal;
