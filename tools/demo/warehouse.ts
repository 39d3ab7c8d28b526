/** What the warehouse does in Odoo: a delivery leaves when the truck has picked it up. */
import type { OdooCall } from "./odoo_call.ts";

const LEFT = [
  "in_transit",
  "at_delivery",
  "delivered",
  "partially_delivered",
  "refused",
  "returned",
];

/** Validates the transfers of shipments that are on the road; gives how many it were. */
export async function validatePickedUp(odoo: OdooCall): Promise<number> {
  const pickings = await odoo<Array<{ id: number }>>("stock.picking", "search_read", {
    domain: [
      ["picking_type_code", "in", ["outgoing", "dropship"]],
      ["state", "=", "assigned"],
      ["milepost_shipment_ids.state", "in", LEFT],
    ],
    fields: ["name"],
    limit: 20,
  });
  if (pickings.length === 0) return 0;
  await odoo("stock.picking", "button_validate", { ids: pickings.map(({ id }) => id) });
  return pickings.length;
}
