/** An event for a consumer, as Odoo hands it out. */
import type { OutboxItem } from "../../bridge/canonical/exchange.ts";

export function eventItem(id: number, attempt = 1): Extract<OutboxItem, { kind: "event" }> {
  const uuid = `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`;
  return {
    id,
    lease: `lease-${attempt}`,
    kind: "event",
    idempotency_key: uuid,
    attempt,
    payload: {
      id: uuid,
      type: "shipment.state",
      at: "2026-11-20T08:00:00Z",
      shipment: {
        number: `SM/${id}`,
        id: uuid,
        sales_orders: ["S1"],
        transfers: [],
        customer_references: ["PO-1 é"],
      },
      transport: { state: "delivered" },
    },
  };
}
