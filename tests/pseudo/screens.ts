/** What there is to see of the product beside its menus. */
import type { Page } from "playwright-core";
import { search } from "./web_client.ts";

/** Odoo's own kinds of records that show fields or buttons of ours. */
export const HOST_MODELS = [
  "sale.order",
  "stock.picking",
  "stock.picking.type",
  "stock.warehouse",
  "stock.picking.batch",
  "delivery.carrier",
  "account.move",
  "purchase.order",
  "mrp.production",
  "repair.order",
  "pos.order",
  "product.template",
  "res.partner",
  "res.company",
  "res.users",
] as const;

/** Dialogs upon other records than shipments that their action does not name. */
const UPON: Readonly<Record<string, string>> = { "milepost.release": "milepost.hold" };

export interface OwnAction {
  id: number;
  name: string;
  /** Whose records it is opened upon; empty when none. */
  model: string;
}

/** The actions that the product's addons define. */
export async function ownActions(page: Page): Promise<OwnAction[]> {
  const named = (await search(
    page,
    "ir.model.data",
    [
      ["module", "=like", "milepost%"],
      ["model", "=", "ir.actions.act_window"],
    ],
    ["res_id"],
  )) as { res_id: number }[];
  const ids = named.map((it) => it.res_id);
  const actions = (await search(
    page,
    "ir.actions.act_window",
    [["id", "in", ids]],
    ["name", "res_model", "binding_model_id"],
  )) as {
    id: number;
    name: string;
    res_model: string;
    binding_model_id: false | [number, string];
  }[];
  const models = (await search(
    page,
    "ir.model",
    [["id", "in", actions.flatMap((it) => it.binding_model_id || []).filter(Number)]],
    ["model"],
  )) as { id: number; model: string }[];
  const modelOf = new Map(models.map((it) => [it.id, it.model]));
  return actions.map(({ id, name, res_model, binding_model_id }) => ({
    id,
    name,
    model:
      (binding_model_id && modelOf.get(binding_model_id[0])) ||
      UPON[res_model] ||
      "milepost.shipment",
  }));
}

/** The wizards of the product, without the models of their lines. */
export async function ownWizards(page: Page): Promise<string[]> {
  const models = (await search(
    page,
    "ir.model",
    [
      ["model", "=like", "milepost.%"],
      ["transient", "=", true],
      ["model", "not like", "%.line"],
    ],
    ["model"],
  )) as { model: string }[];
  return models.map((it) => it.model).toSorted();
}
