/**
 * Sends a transport order, its change or its cancellation: an IFTMIN to a carrier, or an INSDES to a
 * warehouse. Sending it again replaces the file, under the same references: the partner knows the
 * order by its number.
 */
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import type { OutgoingOrder, Peer } from "../source.ts";
import { writeIftmin } from "./iftmin.ts";
import { writeInsdes } from "./insdes.ts";
import { orderName } from "./our_order.ts";
import type { EdifactSettings } from "./settings.ts";

/**
 * Puts the order into the partner's folder. Throws `edifact_not_configured` (`pause`), and for what no
 * warehouse could carry out `edifact_order` (`never`).
 */
export async function sendOrder(
  peer: Peer,
  outgoing: OutgoingOrder,
  settings: EdifactSettings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { order, number } = outgoing;
  const { order_message: message } = settings;
  const write = message === "INSDES" ? writeInsdes : writeIftmin;
  const body = write(outgoing, settings, new Date());
  const path = `/${message.toLowerCase()}-${String(number).padStart(9, "0")}.edi`;
  const headers = { "content-type": "application/edifact" };
  await peer.request({ method: "PUT", path, headers, body }, signal);
  const identifiers = [orderName(String(number))];
  return { result: "accepted", externalNumber: order.shipment, identifiers };
}
