/** Sales that change their mind after the transport was ordered: one wants more, one nothing at all. */
import type { OdooCall } from "./odoo_call.ts";

/** Orders one piece more on the first line of a confirmed sale. */
export async function wantMore(odoo: OdooCall, sale: number): Promise<void> {
  const [line] = await odoo<Array<{ id: number; product_uom_qty: number }>>(
    "sale.order.line",
    "search_read",
    { domain: [["order_id", "=", sale]], fields: ["product_uom_qty"], order: "id", limit: 1 },
  );
  if (line === undefined) throw new Error(`Sale ${sale} has no line`);
  const vals = { product_uom_qty: line.product_uom_qty + 1 };
  await odoo("sale.order.line", "write", { ids: [line.id], vals });
}

/** Calls a confirmed sale off; its transfer and its transport go with it. */
export async function callOff(odoo: OdooCall, sale: number): Promise<void> {
  await odoo("sale.order", "action_cancel", { ids: [sale] });
}
