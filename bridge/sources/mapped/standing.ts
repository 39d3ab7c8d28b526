/** How a partner without code shows an order of ours: by `orders.find` of its file. */
import type { OrderStanding } from "../../canonical/told_order.ts";
import type { TransportOrder } from "../../canonical/transport_order.ts";
import type { Peer } from "../source.ts";
import { findOrder } from "./orders.ts";
import type { Partner } from "./partner_file.ts";

const NOT_THERE = new Set([404, 410]);

export async function readOrder(
  peer: Peer,
  order: TransportOrder,
  partner: Partner,
  signal: AbortSignal,
): Promise<OrderStanding> {
  let status = 0;
  const watched: Peer = {
    request: async (request, until) => {
      const response = await peer.request(request, until);
      ({ status } = response);
      return response;
    },
  };
  const receipt = await findOrder(watched, order, partner, signal);
  if (receipt === undefined) return { standing: NOT_THERE.has(status) ? "missing" : "unsure" };
  if (receipt.result === "rejected") return { standing: "refused", reason: receipt.reason };
  const { externalNumber: number, identifiers } = receipt;
  return { standing: "there", identifiers, ...(number !== undefined && { number }) };
}

/** Why it cannot be asked for. */
export function refusedLook({ mapping }: Partner): string | undefined {
  return mapping.orders?.find === undefined ? "the partner's file has no orders/find" : undefined;
}
