/** Sends a transport order, its change or its cancellation as a 204 file, or a 940 to a warehouse. The partner's answers come back as 997 or 999, and 990. */
import { MilepostError } from "../../errors.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import type { OutgoingOrder, Peer } from "../source.ts";
import { composeOrder } from "./compose/order.ts";
import { composeWarehouseOrder } from "./compose/warehouse_order.ts";
import { GROUPS, orderName } from "./our_order.ts";
import type { X12Settings } from "./settings.ts";
import { controlNumber, writeInterchange } from "./writer.ts";

/**
 * Puts the file. Each try has the same name and control numbers, so that a partner who took an
 * earlier one already sees the same interchange again; only the time of writing differs.
 */
export async function sendOrder(
  peer: Peer,
  { order, purpose, number }: OutgoingOrder,
  settings: X12Settings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { interchange, carrier_scac: scac, outbound_folder: folder, order_set: type } = settings;
  if (interchange === undefined) {
    throw new MilepostError("x12: the connection does not say who sends to whom", {
      code: "x12_not_configured",
      retry: "pause",
      culprit: "x12",
      hint: "set settings.interchange: sender and receiver at least",
    });
  }
  const told = purpose === "change" ? settings.order_change : purpose;
  const set =
    type === "940"
      ? composeWarehouseOrder(order, purpose, { units: settings.units, scac })
      : composeOrder(order, told, scac);
  const group = { functionalId: GROUPS[type], sets: [set] };
  const made = new Date();
  const body = writeInterchange({ interchange, control: number, made }, [group]);
  const name = `${type}_${order.shipment.replace(/[^A-Za-z0-9-]/g, "_")}_${controlNumber(number)}.edi`;
  const path = folder === undefined ? name : `${folder}/${name}`;
  const headers = { "content-type": "application/edi-x12" };
  await peer.request({ method: "PUT", path, headers, body }, signal);
  const names: Identifier[] = [
    { type: "shipment_id", value: order.shipment },
    orderName(controlNumber(number)),
  ];
  return { result: "accepted", identifiers: names };
}
