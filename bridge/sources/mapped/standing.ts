/** How a partner without code shows an order of ours: by `orders.find` of its file. */
import type { OrderStanding } from "../../canonical/told_order.ts";
import type { TransportOrder } from "../../canonical/transport_order.ts";
import type { Peer } from "../source.ts";
import { findOrder } from "./orders.ts";
import type { Partner } from "./partner_file.ts";

/** By his word alone: a 404 of which the file says nothing may be a gateway's, or a wrong path's. */
export async function readOrder(
  peer: Peer,
  order: TransportOrder,
  partner: Partner,
  signal: AbortSignal,
): Promise<OrderStanding> {
  const shown = await findOrder(peer, order, partner, signal);
  switch (shown?.result) {
    case undefined:
      return { standing: "unsure" };
    case "missing":
      return { standing: "missing" };
    case "rejected":
      return { standing: "refused", reason: shown.reason };
    case "cancelled":
      return { standing: "cancelled", reason: shown.reason };
    case "accepted": {
      const { externalNumber: number, identifiers } = shown;
      return { standing: "there", identifiers, ...(number !== undefined && { number }) };
    }
  }
}

/** Why it cannot be asked for. */
export function refusedLook({ mapping }: Partner): string | undefined {
  return mapping.orders?.find === undefined ? "the partner's file has no orders/find" : undefined;
}
