/** What Odoo believes at the end, read over RPC. */
import { createHash } from "node:crypto";
import type { OdooCall } from "./odoo_call.ts";

export interface StopOutcome {
  key: string;
  aliases: string[];
  kind: string;
  /** UTC to the second, as all instants here. */
  arrived: string | null;
  departed: string | null;
  completed: string | null;
  outcome: string | null;
}

export interface ProofOutcome {
  said: string;
  signer: string | null;
  /** Goods, outcome and quantity of each line. */
  quantities: Array<{ goods: string; outcome: string; quantity: number }>;
  /** SHA-256 of the stored files themselves. */
  documents: string[];
}

export interface ShipmentOutcome {
  name: string;
  uid: string;
  state: string;
  attempts: number;
  delivered: string | null;
  /** From when the goods could be picked up. */
  ready: string | null;
  order: { state: string; number: string | null } | null;
  stops: StopOutcome[];
  proofs: ProofOutcome[];
}

type Row = Record<string, unknown> & { id: number };

const utc = (value: unknown): string | null =>
  typeof value === "string" ? `${value.replace(" ", "T")}Z` : null;
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Reads everything that is known of the connection's shipments. */
export async function readOutcomes(
  odoo: OdooCall,
  connectionId: number,
): Promise<ShipmentOutcome[]> {
  const records = await readRecords(odoo, connectionId);
  const documents = await readDocuments(odoo, records.proofs);
  return records.shipments.map((shipment) => shipmentOutcome(shipment, records, documents));
}

type Records = Awaited<ReturnType<typeof readRecords>>;

/** The rows of every model that tells of the connection's shipments. */
async function readRecords(odoo: OdooCall, connectionId: number) {
  const rows = (model: string, domain: unknown[], fields: string[]) =>
    odoo<Row[]>(model, "search_read", { domain, fields, load: null, order: "id" });
  const own = ["shipment_id.connection_id", "=", connectionId];
  const counts = [
    ["superseded", "=", false],
    ["retracted", "=", false],
  ];
  const times = ["arrived_at", "departed_at", "completed_at"];
  const [shipments, stops, proofs, orders] = await Promise.all([
    rows(
      "milepost.shipment",
      [["connection_id", "=", connectionId]],
      ["name", "uid", "state", "attempt_count", "delivered_at", "ready_at"],
    ),
    rows(
      "milepost.stop",
      [own, ["in_plan", "=", true]],
      ["shipment_id", "key", "aliases", "kind", "outcome", ...times],
    ),
    rows(
      "milepost.pod",
      [own, ...counts],
      ["shipment_id", "said_at", "signer", "line_ids", "document_ids"],
    ),
    rows(
      "milepost.outbox",
      [own, ["kind", "=", "transport_order"]],
      ["shipment_id", "state", "external_number"],
    ),
  ]);
  const lines = await rows(
    "milepost.pod.line",
    [["pod_id", "in", proofs.map(({ id }) => id)]],
    ["pod_id", "goods", "outcome", "quantity"],
  );
  return { shipments, stops, proofs, orders, lines };
}

function shipmentOutcome(
  shipment: Row,
  { stops, proofs, orders, lines }: Records,
  documents: Awaited<ReturnType<typeof readDocuments>>,
): ShipmentOutcome {
  const of = (list: Row[]) => list.filter((row) => row["shipment_id"] === shipment.id);
  const [order] = of(orders);
  return {
    name: String(shipment["name"]),
    uid: String(shipment["uid"]),
    state: String(shipment["state"]),
    attempts: Number(shipment["attempt_count"]),
    delivered: utc(shipment["delivered_at"]),
    ready: utc(shipment["ready_at"]),
    order: order && { state: String(order["state"]), number: text(order["external_number"]) },
    stops: of(stops).map(stopOutcome),
    proofs: of(proofs).map((proof) => ({
      said: utc(proof["said_at"]) ?? "",
      signer: text(proof["signer"]),
      quantities: lines.filter((line) => line["pod_id"] === proof.id).map(lineOutcome),
      documents: (proof["document_ids"] as number[]).map((id) => documents.get(id) ?? "missing"),
    })),
  } as ShipmentOutcome;
}

function stopOutcome(row: Row): StopOutcome {
  return {
    key: String(row["key"]),
    aliases: Array.isArray(row["aliases"]) ? (row["aliases"] as string[]) : [],
    kind: String(row["kind"]),
    arrived: utc(row["arrived_at"]),
    departed: utc(row["departed_at"]),
    completed: utc(row["completed_at"]),
    outcome: text(row["outcome"]),
  };
}

function lineOutcome(row: Row): ProofOutcome["quantities"][number] {
  return {
    goods: text(row["goods"]) ?? "",
    outcome: String(row["outcome"]),
    quantity: Number(row["quantity"]),
  };
}

/** The hash of each file as Odoo gives it out, not the hash that it was told. */
async function readDocuments(odoo: OdooCall, proofs: readonly Row[]): Promise<Map<number, string>> {
  const ids = proofs.flatMap((proof) => proof["document_ids"] as number[]);
  const files = await odoo<Array<{ id: number; datas: string | false }>>("ir.attachment", "read", {
    ids,
    fields: ["datas"],
  });
  const hash = (base64: string) =>
    createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex");
  return new Map(files.map(({ id, datas }) => [id, datas === false ? "empty" : hash(datas)]));
}

/** How many facts are stored about the connection's shipments, or wait for one. */
export async function countFacts(odoo: OdooCall, connectionId: number): Promise<number> {
  const models = ["milestone", "itinerary", "pod", "charge", "retraction"];
  const counts = await Promise.all(
    models.map((model) =>
      odoo<number>(`milepost.${model}`, "search_count", {
        domain: [["connection_id", "=", connectionId]],
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
