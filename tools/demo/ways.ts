/**
 * Sales that go another way than one delivery of one step: what a sales team, a buyer and a warehouse
 * do for them in Odoo.
 */
import type { OdooCall } from "./odoo_call.ts";
import { CUSTOM_ENGINE, KIT, TRANSPORT, type Catalogue } from "./sales.ts";

export const WAYS = [
  "two_steps",
  "backorder",
  "kits",
  "drop_shipment",
  "service",
  "multi_drop",
] as const;
export type Way = (typeof WAYS)[number];

/** The sales of each way: ids of sales orders. */
export type WaySales = Record<Way, number[]>;

/** Shipments that come of them; the backorder's second comes when the first goods leave. */
export const WAY_SHIPMENTS = 7;

export interface Seller {
  admin: OdooCall;
  sales: OdooCall;
  connectionId: number;
  catalogue: Catalogue;
  /** From when the goods can be picked up: the TMS's now, as Odoo writes it. */
  readyAt: string;
}

/** Confirms a sale of each way. */
export async function sellAllWays(seller: Seller): Promise<WaySales> {
  return {
    multi_drop: await multiDrop(seller),
    two_steps: [await twoSteps(seller)],
    backorder: [await sell(seller, 3, [[product(seller, 0), 10]])],
    kits: [await kits(seller)],
    drop_shipment: [await dropShipment(seller)],
    service: [await service(seller)],
  };
}

/** Four of the ten are at the dock: they leave alone, the rest follows on a truck of its own. */
export async function leaveSomeBehind({ sales }: Seller, { backorder }: WaySales): Promise<void> {
  const [order] = await sales<Array<{ picking_ids: number[] }>>("sale.order", "read", {
    ids: backorder,
    fields: ["picking_ids"],
  });
  const ids = order?.picking_ids ?? [];
  const moves = await sales<Array<{ id: number }>>("stock.move", "search_read", {
    domain: [["picking_id", "in", ids]],
    fields: ["id"],
  });
  const vals = { quantity: 4, picked: true };
  await sales("stock.move", "write", { ids: moves.map(({ id }) => id), vals });
  await sales("stock.picking", "button_validate", { ids, context: { skip_backorder: true } });
}

/** Names of the shipments of each way. */
export async function shipmentsOf(admin: OdooCall, ways: WaySales): Promise<Record<Way, string[]>> {
  const names = WAYS.map(async (way) => {
    const rows = await admin<Array<{ name: string }>>("milepost.shipment", "search_read", {
      domain: [["sale_order_ids", "in", ways[way]]],
      fields: ["name"],
    });
    return [way, rows.map(({ name }) => name)] as const;
  });
  return Object.fromEntries(await Promise.all(names)) as Record<Way, string[]>;
}

type Lines = ReadonlyArray<readonly [product: number, quantity: number]>;

async function sell(
  { sales, catalogue, readyAt }: Seller,
  customer: number,
  lines: Lines,
  more: object = {},
): Promise<number> {
  const [id] = await sales<number[]>("sale.order", "create", {
    vals_list: [
      {
        partner_id: catalogue.customers[customer],
        commitment_date: readyAt,
        order_line: lines.map(([product_id, product_uom_qty]) => [
          0,
          0,
          { product_id, product_uom_qty },
        ]),
        ...more,
      },
    ],
  });
  if (id === undefined) throw new Error("Odoo made no sales order");
  await sales("sale.order", "action_confirm", { ids: [id] });
  return id;
}

const product = ({ catalogue }: Seller, index: number) => catalogue.products[index] as number;

async function created(odoo: OdooCall, model: string, vals: object): Promise<number> {
  const [id] = await odoo<number[]>(model, "create", { vals_list: [vals] });
  if (id === undefined) throw new Error(`Odoo made no ${model}`);
  return id;
}

/** Two customers on one truck: nobody else fetches the goods meanwhile. */
async function multiDrop(seller: Seller): Promise<number[]> {
  const { admin, sales, connectionId } = seller;
  const byItself = (auto_transport_order: boolean) =>
    admin("milepost.connection", "write", { ids: [connectionId], vals: { auto_transport_order } });
  await byItself(false);
  const ids = [
    await sell(seller, 0, [[product(seller, 1), 5]]),
    await sell(seller, 4, [[product(seller, 2), 3]]),
  ];
  const pickings = await sales<Array<{ id: number }>>("stock.picking", "search_read", {
    domain: [["sale_id", "in", ids]],
    fields: ["id"],
  });
  await sales("stock.picking", "action_milepost_ship_together", {
    ids: pickings.map(({ id }) => id),
  });
  await byItself(true);
  return ids;
}

/** A warehouse that picks first: what leaves it is the second step. */
async function twoSteps(seller: Seller): Promise<number> {
  const { admin, readyAt } = seller;
  const warehouse_id = await created(admin, "stock.warehouse", {
    name: "Picking Hall",
    code: "HALL",
    delivery_steps: "pick_ship",
  });
  const [warehouse] = await admin<Array<{ lot_stock_id: [number, string] }>>(
    "stock.warehouse",
    "read",
    { ids: [warehouse_id], fields: ["lot_stock_id"] },
  );
  const quant = await created(admin, "stock.quant", {
    product_id: product(seller, 3),
    location_id: warehouse?.lot_stock_id[0],
    inventory_quantity: 1000,
  });
  await admin("stock.quant", "action_apply_inventory", { ids: [quant] });
  const order = await sell(seller, 1, [[product(seller, 3), 20]], { warehouse_id });
  const steps = async (code: string) => {
    const found = await admin<Array<{ id: number }>>("stock.picking", "search_read", {
      domain: [
        ["sale_id", "=", order],
        ["picking_type_code", "=", code],
      ],
      fields: ["id"],
    });
    return found.map(({ id }) => id);
  };
  const picks = await steps("internal");
  await admin("stock.picking", "action_assign", { ids: picks });
  await admin("stock.picking", "button_validate", { ids: picks });
  const vals = { scheduled_date: readyAt };
  await admin("stock.picking", "write", { ids: await steps("outgoing"), vals });
  return order;
}

async function kits(seller: Seller): Promise<number> {
  const { admin, catalogue } = seller;
  const kit = await created(admin, "product.product", {
    name: KIT.name,
    list_price: KIT.price,
    is_storable: false,
    invoice_policy: "delivery",
  });
  const [{ product_tmpl_id: template } = { product_tmpl_id: [0, ""] }] = await admin<
    Array<{ product_tmpl_id: [number, string] }>
  >("product.product", "read", { ids: [kit], fields: ["product_tmpl_id"] });
  const parts = Object.values(KIT.parts).map((product_qty, index) => [
    0,
    0,
    { product_id: catalogue.parts[index], product_qty },
  ]);
  await created(admin, "mrp.bom", {
    product_tmpl_id: template[0],
    type: "phantom",
    bom_line_ids: parts,
  });
  return sell(seller, 5, [[kit, 5]]);
}

/** The vendor ships to the customer once the purchase is confirmed. */
async function dropShipment(seller: Seller): Promise<number> {
  const { admin, readyAt, catalogue } = seller;
  const [route] = await admin<Array<{ id: number }>>("stock.route", "search_read", {
    domain: [["rule_ids.picking_type_id.code", "=", "dropship"]],
    fields: ["id"],
    limit: 1,
  });
  if (route === undefined) throw new Error("Odoo has no route for drop-shipping");
  const vendor = await created(admin, "res.partner", {
    name: "Motoren Werk",
    street: "Werkstrasse 1",
    zip: "44135",
    city: "Dortmund",
    country_id: catalogue.germany,
  });
  const engine = await created(admin, "product.product", {
    name: CUSTOM_ENGINE.name,
    list_price: CUSTOM_ENGINE.price,
    is_storable: true,
    invoice_policy: "delivery",
    route_ids: [[6, 0, [route.id]]],
    seller_ids: [[0, 0, { partner_id: vendor, price: 900, delay: 0 }]],
  });
  const order = await sell(seller, 6, [[engine, 2]]);
  const purchases = await admin<Array<{ id: number; order_line: number[] }>>(
    "purchase.order",
    "search_read",
    { domain: [["order_line.sale_order_id", "=", order]], fields: ["order_line"] },
  );
  const vals = { date_planned: readyAt };
  const lines = purchases.flatMap(({ order_line }) => order_line);
  await admin("purchase.order.line", "write", { ids: lines, vals });
  await admin("purchase.order", "button_confirm", { ids: purchases.map(({ id }) => id) });
  return order;
}

/** Transport of the customer's own goods, from a depot of his. */
async function service(seller: Seller): Promise<number> {
  const transport = await created(seller.admin, "product.product", {
    name: TRANSPORT.name,
    type: "service",
    list_price: TRANSPORT.price,
    invoice_policy: "delivery",
    milepost_transport: true,
  });
  return sell(seller, 7, [[transport, 1]], { milepost_origin_id: seller.catalogue.customers[2] });
}
