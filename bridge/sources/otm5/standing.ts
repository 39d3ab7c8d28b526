/** How a TMS shows an order of ours, under the UUID that it went out with. */
import type { OrderStanding } from "../../canonical/told_order.ts";
import type { TransportOrder } from "../../canonical/transport_order.ts";
import { JsonNode } from "../shared/json/node.ts";
import type { Peer } from "../source.ts";
import { isAbout, NOT_SHOWN, orderReceipt, readAnswer, stateAmong } from "./answer.ts";
import { isUnsure } from "./refusal.ts";
import type { Otm5Settings } from "./settings.ts";

const NOT_THERE = new Set([404, 410]);
const CANCELLED = new Set(["cancelled", "canceled"]);

export async function readOrder(
  peer: Peer,
  order: TransportOrder,
  { orders }: Otm5Settings,
  signal: AbortSignal,
): Promise<OrderStanding> {
  const path = `${orders.path}/${order.id}`;
  const response = await peer.request({ method: "GET", path, expect: NOT_SHOWN }, signal);
  // A gateway's 404 says nothing of the order.
  if (NOT_THERE.has(response.status) && !isUnsure(response)) return { standing: "missing" };
  if (response.status >= 300 || response.body.length === 0) return { standing: "unsure" };
  const asked = { peer, order, purpose: "original" as const, key: order.id, places: [] };
  const root: JsonNode = readAnswer(response);
  if (!isAbout(asked, root)) return { standing: "unsure" };
  const cancelled = stateAmong(root, CANCELLED);
  if (cancelled !== undefined) return { standing: "cancelled", reason: `shown as ${cancelled}` };
  const receipt = orderReceipt(asked, root);
  if (receipt === undefined) return { standing: "unsure" };
  if (receipt.result === "rejected") return { standing: "refused", reason: receipt.reason };
  const { externalNumber: number, identifiers } = receipt;
  const attributes = { url: path };
  const message = { body: response.body, contentType: "application/json", attributes };
  return { standing: "there", identifiers, message, ...(number !== undefined && { number }) };
}
