/** The invoices of the demo: the billing analyst's work, and what of it is read back from Odoo. */
import { Decimal } from "decimal.js";
import type { OdooCall } from "./odoo_call.ts";

export interface BilledShipment {
  name: string;
  customer: string;
  /** Reasons of the holds that keep the customer's invoice back, sorted. */
  holds: string[];
  /** Numbers of the posted invoices that bill it. */
  invoices: string[];
  /** Invoiced quantity of each product, credit notes taken off, sorted: `<product> <quantity>`. */
  lines: string[];
  /** Money of these lines, without tax. */
  amount: string;
  /** The day of supply that stands in the shipment, and the last one of each of its invoices. */
  suppliedOn: string | null;
  invoiceDays: string[];
}

export interface Billed {
  shipments: BilledShipment[];
  /** Lines of posted invoices that bill goods of no shipment. */
  strays: string[];
}

/** Presses of the button until it is sure that nobody else is faster. */
const PRESSES = 5;

/**
 * Decides about all that changed and bills what is due, as the button does. Odoo's own work may have the
 * same shipments in hand: who comes second presses again.
 */
export async function bill(analyst: OdooCall, press = 1): Promise<void> {
  try {
    await analyst("milepost.billing.run", "run_now", {});
  } catch (error) {
    if (press === PRESSES || !String(error).includes("could not serialize access")) throw error;
    await bill(analyst, press + 1);
  }
}

type Row = Record<string, unknown> & { id: number };
/** A reference to a record, as Odoo gives it: id and name, or nothing. */
type Reference = [id: number, name: string] | false;

/** Reads what is billed of the connection's shipments. */
export async function readBilled(odoo: OdooCall, connectionId: number): Promise<Billed> {
  const rows = (model: string, domain: unknown[], fields: string[]) =>
    odoo<Row[]>(model, "search_read", { domain, fields, order: "id" });
  const own = ["connection_id", "=", connectionId];
  const [shipments, holds, lines] = await Promise.all([
    rows("milepost.shipment", [own], ["name", "partner_id", "supply_date"]),
    rows(
      "milepost.hold",
      [
        ["shipment_id.connection_id", "=", connectionId],
        ["side", "=", "ar"],
        ["severity", "!=", "warn"],
        ["state", "in", ["open", "in_review"]],
      ],
      ["shipment_id", "reason"],
    ),
    rows(
      "account.move.line",
      [
        ["move_id.move_type", "in", ["out_invoice", "out_refund"]],
        ["parent_state", "=", "posted"],
        ["display_type", "=", "product"],
      ],
      ["move_id", "move_type", "product_id", "quantity", "price_subtotal", "milepost_billable_id"],
    ),
  ]);
  const billables = await rows(
    "milepost.billable",
    [["id", "in", lines.flatMap((line) => idOf(line["milepost_billable_id"]) ?? [])]],
    ["shipment_id"],
  );
  const moves = await rows(
    "account.move",
    [["id", "in", [...new Set(lines.flatMap((line) => idOf(line["move_id"]) ?? []))]]],
    ["name", "delivery_date"],
  );
  const shipmentOf = new Map(billables.map((it) => [it.id, idOf(it["shipment_id"])]));
  const owner = (line: Row) => shipmentOf.get(idOf(line["milepost_billable_id"]) ?? 0);
  return {
    shipments: shipments.map((shipment) =>
      billedShipment(
        shipment,
        holds.filter((hold) => idOf(hold["shipment_id"]) === shipment.id),
        lines.filter((line) => owner(line) === shipment.id),
        moves,
      ),
    ),
    strays: lines
      .filter((line) => owner(line) === undefined)
      .map((line) => nameOf(line["move_id"])),
  };
}

function billedShipment(shipment: Row, holds: Row[], lines: Row[], moves: Row[]): BilledShipment {
  const sign = (line: Row) => (line["move_type"] === "out_refund" ? -1 : 1);
  const quantities = new Map<string, Decimal>();
  for (const line of lines) {
    const product = nameOf(line["product_id"]);
    const quantity = new Decimal(Number(line["quantity"])).times(sign(line));
    quantities.set(product, quantity.plus(quantities.get(product) ?? 0));
  }
  const money = lines.map((line) => new Decimal(Number(line["price_subtotal"])).times(sign(line)));
  const ids = new Set(lines.map((line) => idOf(line["move_id"])));
  const own = moves.filter(({ id }) => ids.has(id));
  return {
    name: String(shipment["name"]),
    customer: nameOf(shipment["partner_id"]),
    holds: [...new Set(holds.map((hold) => String(hold["reason"])))].toSorted(),
    invoices: own.map((move) => String(move["name"])),
    lines: [...quantities].map(([product, of]) => `${product} ${of.toFixed()}`).toSorted(),
    amount: Decimal.sum(0, ...money).toFixed(2),
    suppliedOn: typeof shipment["supply_date"] === "string" ? shipment["supply_date"] : null,
    invoiceDays: own.map((move) => String(move["delivery_date"])),
  };
}

const idOf = (value: unknown): number | undefined =>
  Array.isArray(value) ? (value as [number])[0] : undefined;
const nameOf = (value: unknown): string => {
  const reference = value as Reference;
  return reference === false ? "" : reference[1];
};
