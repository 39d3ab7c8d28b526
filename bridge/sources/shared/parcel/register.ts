/** Making a tracking number known to a service that sends what happens to it. */
import { MilepostError } from "../../../errors.ts";
import type { Peer, PeerRequest, PeerResponse, TrackedNumber } from "../../source.ts";

interface Registration<Settings> {
  /** Whose fault it is. */
  source: string;
  /** Whether the service needs its name of the carrier. */
  needsCarrier: boolean;
  request: (number: TrackedNumber, settings: Settings) => PeerRequest;
  /** Answers besides 2xx that say: it is known already. */
  isKnown?: (answer: PeerResponse) => boolean;
}

/** `registerNumber` of a source. Refuses a number (`never`) whose carrier the service cannot know. */
export function registering<Settings>({
  source,
  needsCarrier,
  request,
  isKnown,
}: Registration<Settings>) {
  return async (
    peer: Peer,
    number: TrackedNumber,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<void> => {
    if (needsCarrier && number.carrier === "") {
      throw new MilepostError(`${source} wants to know whose number it is`, {
        code: "carrier_not_mapped",
        retry: "never",
        culprit: source,
        hint: "map the shipping method to the service's name of the carrier (Code Maps, kind Service)",
      });
    }
    const expect = isKnown === undefined ? [] : [400, 409, 422];
    const answer = await peer.request({ ...json(request(number, settings)), expect }, signal);
    if (answer.status < 300 || isKnown?.(answer) === true) return;
    throw new MilepostError(`${source} refuses the number (${answer.status})`, {
      code: "peer_refused",
      retry: "never",
      culprit: source,
    });
  };
}

function json(request: PeerRequest): PeerRequest {
  if (request.body === undefined) return request;
  return { ...request, headers: { "content-type": "application/json", ...request.headers } };
}
