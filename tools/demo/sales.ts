/** What a sales team does in Odoo: customers, products, orders, and the warehouse's part of them. */
import type { OdooCall } from "./odoo_call.ts";

/** Where the demo's customers are: real towns, so that the trips look like trips. */
const CUSTOMERS = [
  ["Hanse Handel", "Hafenstrasse 12", "20457", "Hamburg", "DE", "Europe/Berlin"],
  ["Brouwerij De Molen", "Overtocht 43", "2411", "Bodegraven", "NL", "Europe/Amsterdam"],
  ["Bananas Inc", "Maasvlakteweg 90", "3199", "Rotterdam", "NL", "Europe/Amsterdam"],
  ["Antwerp Fruit", "Kaai 142", "2030", "Antwerpen", "BE", "Europe/Brussels"],
  ["Rhein Werkzeuge", "Messeplatz 3", "50679", "Köln", "DE", "Europe/Berlin"],
  ["Lyon Textile", "Rue de la Soie 8", "69002", "Lyon", "FR", "Europe/Paris"],
  ["Papeterie du Nord", "Rue Nationale 77", "59000", "Lille", "FR", "Europe/Paris"],
  ["Nordsee Fisch", "Fischkai 5", "27572", "Bremerhaven", "DE", "Europe/Berlin"],
] as const;

const PRODUCTS = [
  ["Pallet of ceramic tiles", 640, 780],
  ["Crate of hand tools", 42, 310],
  ["Drum of lubricant, 200 l", 185, 520],
  ["Box of bananas, 18 kg", 18, 24],
  ["Roll of packaging film", 27, 64],
] as const;

/** Sold as one, moved and proven as its parts. */
export const KIT = {
  name: "Tool set",
  price: 290,
  parts: { "Torque wrench": 2, "Steel case": 1 } as Readonly<Record<string, number>>,
};
/** What the vendor ships to the customer. */
export const CUSTOM_ENGINE = { name: "Custom engine", price: 1500 };
/** Sold without goods of ours. */
export const TRANSPORT = { name: "Transport of your goods", price: 480 };

const PRICES: ReadonlyMap<string, number> = new Map([
  ...PRODUCTS.map(([name, , price]) => [name, price] as const),
  ...[KIT, CUSTOM_ENGINE, TRANSPORT].map(({ name, price }) => [name, price] as const),
]);

/** Price of a product as it stands on every sales order, without tax. */
export function priceOf(product: string): number {
  const found = PRICES.get(product);
  if (found === undefined) throw new Error(`The demo sells no “${product}”`);
  return found;
}

/** Time zone of a customer's site. */
export function zoneOf(customer: string): string {
  const found = CUSTOMERS.find(([name]) => name === customer);
  if (found === undefined) throw new Error(`The demo has no customer “${customer}”`);
  return found[5];
}

export interface Catalogue {
  customers: number[];
  products: number[];
  /** Of the kit, in its order. */
  parts: number[];
  /** The country. */
  germany: number;
}

/** Creates the demo's customers and products, with enough stock for every order. */
export async function createCatalogue(odoo: OdooCall): Promise<Catalogue> {
  const codes = [...new Set(CUSTOMERS.map((customer) => customer[4]))];
  const countries = await odoo<Array<{ id: number; code: string }>>("res.country", "search_read", {
    domain: [["code", "in", codes]],
    fields: ["code"],
  });
  const country = new Map(countries.map((row) => [row.code, row.id]));
  const customers = await odoo<number[]>("res.partner", "create", {
    vals_list: CUSTOMERS.map(([name, street, zip, city, code, tz]) => ({
      name,
      street,
      zip,
      city,
      country_id: country.get(code),
      tz,
      is_company: true,
    })),
  });
  const products = await odoo<number[]>("product.product", "create", {
    vals_list: PRODUCTS.map(([name, weight, price]) => ({
      name,
      weight,
      list_price: price,
      is_storable: true,
      invoice_policy: "delivery",
    })),
  });
  const parts = await odoo<number[]>("product.product", "create", {
    vals_list: Object.keys(KIT.parts).map((name) => ({ name, is_storable: true, weight: 3 })),
  });
  await stock(odoo, [...products, ...parts]);
  return { customers, products, parts, germany: country.get("DE") ?? 0 };
}

async function stock(odoo: OdooCall, products: number[]): Promise<void> {
  const [warehouse] = await odoo<Array<{ lot_stock_id: [number, string] }>>(
    "stock.warehouse",
    "search_read",
    { domain: [], fields: ["lot_stock_id"], limit: 1 },
  );
  if (warehouse === undefined) throw new Error("The demo's company has no warehouse");
  const quants = await odoo<number[]>("stock.quant", "create", {
    vals_list: products.map((product_id) => ({
      product_id,
      location_id: warehouse.lot_stock_id[0],
      inventory_quantity: 100_000,
    })),
  });
  await odoo("stock.quant", "action_apply_inventory", { ids: quants });
}

/**
 * Makes and confirms `count` sales orders, each of one to three lines.
 * Returns their ids. Confirming is all that Milepost needs: the transfer it creates becomes a
 * shipment, and its transport order waits in the outbox.
 *
 * @param readyAt from when the goods can be picked up, as Odoo writes instants; from now on otherwise
 */
export async function confirmOrders(
  odoo: OdooCall,
  catalogue: Catalogue,
  count: number,
  first = 0,
  readyAt?: string,
): Promise<number[]> {
  const orders = Array.from({ length: count }, (_, index) => {
    const n = first + index;
    const lines = 1 + (n % 3);
    return {
      partner_id: catalogue.customers[n % catalogue.customers.length],
      client_order_ref: `PO-${String(4500 + n)}`,
      ...(readyAt !== undefined && { commitment_date: readyAt }),
      order_line: Array.from({ length: lines }, (_unused, line) => [
        0,
        0,
        {
          product_id: catalogue.products[(n + line) % catalogue.products.length],
          product_uom_qty: 2 + ((n * 7 + line * 3) % 12),
        },
      ]),
    };
  });
  const ids = await odoo<number[]>("sale.order", "create", { vals_list: orders });
  await odoo("sale.order", "action_confirm", { ids });
  return ids;
}
