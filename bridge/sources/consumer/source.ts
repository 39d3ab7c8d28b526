/**
 * A consumer: a system of a customer or partner that is told what happens to its shipments, as
 * webhooks by Standard Webhooks (standardwebhooks.com). It says nothing itself.
 */
import type { ShipmentEvent } from "../../canonical/shipment_event.ts";
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import type { MilepostError } from "../../errors.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import type { Peer, Source } from "../source.ts";
import { type ConsumerSettings, settings } from "./settings.ts";

const ID = "consumer";
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);
/** What he answers counts by its status alone: whatever page or text comes with it. */
const TAKEN = [200, 201, 202, 203, 204, 205];

export const consumerSource: Source<ConsumerSettings> = {
  id: ID,
  mapping: `${ID}@1`,
  settings,
  contentTypes: [],
  check: () => {
    throw oneWay();
  },
  read: () => {
    throw oneWay();
  },
  refusedWay: () => "a consumer is told events and says nothing",
  refusedPeer: ({ base_url, isSigned }) => {
    const { protocol, hostname } = new URL(base_url);
    if (protocol !== "https:" && !LOOPBACK.has(hostname)) return "events leave by https alone";
    return isSigned ? undefined : "events are signed: set peer.sign_webhooks.keys";
  },
  sendEvent,
};

function oneWay(): MilepostError {
  return unreadable(ID, "one_way", "/", "a consumer is told events and says nothing");
}

/** Throws MilepostError with the retry decision, of the status that he answers. */
async function sendEvent(
  peer: Peer,
  event: ShipmentEvent,
  number: number,
  { path }: ConsumerSettings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { id, type, at, ...data } = event;
  await peer.request(
    {
      method: "POST",
      path,
      headers: { "content-type": "application/json", "webhook-id": id },
      body: JSON.stringify({ type, timestamp: at, id, sequence: number, data }),
      expect: TAKEN,
    },
    signal,
  );
  return { result: "accepted", identifiers: [] };
}
