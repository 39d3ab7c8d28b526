/** Shipments in Odoo as the flow tests make and read them. */
import type { OdooCall } from "../../tools/demo/odoo_call.ts";

/** What a person sees of a shipment: every derived field, none that counts or dates the ingestion. */
const DERIVED = [
  "state",
  "current_milestone",
  "current_milestone_at",
  "eta",
  "planned_pickup_at",
  "planned_delivery_at",
  "picked_up_at",
  "arrived_delivery_at",
  "delivered_at",
  "lateness_minutes",
  "is_late",
  "exception_reason",
  "exception_code",
  "exception_since",
  "is_damaged",
  "is_lost",
  "has_pod",
  "attempt_count",
  "stop_count",
  "stop_done_count",
  "progress",
  "unmapped_count",
  "fact_count",
];

const STOP_FIELDS = [
  "sequence",
  "kind",
  "state",
  "outcome",
  "planned_arrival",
  "window_end",
  "estimated_arrival",
  "arrived_at",
  "departed_at",
  "completed_at",
  "lateness_minutes",
];

export async function createConnection(
  admin: OdooCall,
  code: string,
): Promise<{ id: number; code: string }> {
  const [id] = await admin<number[]>("milepost.connection", "create", {
    vals_list: [{ name: code, code, source: "otm5" }],
  });
  if (id === undefined) throw new Error("Odoo created no connection");
  return { id, code };
}

export async function createShipment(
  admin: OdooCall,
  connectionId: number,
): Promise<{ id: number; uid: string; name: string }> {
  const [id] = await admin<number[]>("milepost.shipment", "create", {
    vals_list: [{ connection_id: connectionId }],
  });
  const [row] = await admin<Array<{ id: number; uid: string; name: string }>>(
    "milepost.shipment",
    "read",
    { ids: [id], fields: ["uid", "name"] },
  );
  if (row === undefined) throw new Error("Odoo created no shipment");
  return row;
}

export async function readOutcome(admin: OdooCall, shipmentId: number): Promise<unknown> {
  const [shipment] = await admin<Array<Record<string, unknown>>>("milepost.shipment", "read", {
    ids: [shipmentId],
    fields: DERIVED,
    load: null,
  });
  const stops = await admin<Array<Record<string, unknown>>>("milepost.stop", "search_read", {
    domain: [["shipment_id", "=", shipmentId]],
    fields: STOP_FIELDS,
    order: "sequence, key",
  });
  const proofs = await admin<Array<Record<string, unknown>>>("milepost.pod", "search_read", {
    domain: [["shipment_id", "=", shipmentId]],
    fields: ["source_event", "said_at", "signer", "superseded", "retracted", "stop_id"],
    order: "source_event, said_at, signer, superseded",
  });
  const sequence = new Map(stops.map((stop) => [stop["id"], stop["sequence"]]));
  const placed = proofs.map(({ stop_id: stop, ...rest }) => ({
    ...rest,
    stop: Array.isArray(stop) ? sequence.get(stop[0]) : null,
  }));
  const without = ({ id: _id, ...rest }: Record<string, unknown>) => rest;
  return {
    shipment: without(shipment ?? {}),
    stops: stops.map(without),
    proofs: placed.map(without),
  };
}
