/** What the day and its billing do not tell: consumers, orders that differ, advised packages, papers behind links. */
import type { Milestone } from "../../bridge/canonical/fact.ts";
import { tell, type Chapter, type Stage } from "../../tools/story/day.ts";
import { ingest, milestone, type MilestoneWords, type Told } from "../../tools/story/facts.ts";
import * as plots from "../../tools/story/plots.ts";
import type { ConnectionKey } from "../../tools/story/places.ts";

/** What the partner shows of an order that was accepted, by what is told to Odoo. */
const DIFFERENCES = {
  missing: "no order of this number",
  refused_there: "REJECTED: no truck",
  cancelled_there: "CANCELLED",
  there_after_all: "accepted as TO-77",
  still_there: "PLANNED",
  state: "LOADED",
};
/** Why a proof that the partner has is not here. */
const LINKS = ["proof_link/link_host", "proof_link/link_refused", "POD", "proof_link/link_failed"];
const PACKAGES = ["340123450000001000", "340123450000001017"];

/** Consumers that hear from now on what happens: of a customer, a connection and all. */
export async function subscribe(stage: Stage): Promise<void> {
  const consumer = async (code: string, name: string) => {
    const [id] = (await stage.call("admin", "milepost.connection", "create", {
      vals_list: [{ code, name, source: "consumer" }],
    })) as number[];
    return id!;
  };
  const harbour = await consumer("harbour", "Harbour Foods");
  const auditor = await consumer("auditor", "Freight Auditor");
  const [blum] = (await stage.call("admin", "res.partner", "search", {
    domain: [["name", "like", "Blum"]],
  })) as number[];
  const subscription = (values: object) =>
    stage.call("admin", "milepost.subscription", "create", { vals_list: [values] });
  const everything = { tells_proven: true, tells_invoiced: true, tells_paid: true };
  await subscription({
    ...{ name: "Coffee, order system", connection_id: harbour, scope: "customer" },
    ...{ partner_id: blum, tells_proven: true },
  });
  await subscription({
    ...{ name: "All freight", connection_id: auditor, scope: "company", tells_money: true },
    ...everything,
  });
  await subscription({
    ...{ name: "Alpina's shipments", connection_id: harbour, scope: "connection" },
    mover_id: stage.connections.get("alpina"),
  });
}

/** Tells the rest, once the day and the month are told. @param unproven shipments that wait for proof */
export async function tellTheRest(stage: Stage, unproven: readonly number[]): Promise<void> {
  await hearEvents(stage);
  await compareOrders(stage);
  await linkProofs(stage, unproven);
  await advisePackages(stage);
  await nameTwins(stage);
}

interface Item {
  id: number;
  lease: string;
}

async function claimed(stage: Stage, connection: string, limit: number): Promise<Item[]> {
  const args = { connection, limit, lease_seconds: 600 };
  const answer = await stage.call("bridge", "milepost.exchange", "claim_outbox", args);
  return (answer as { items: Item[] }).items;
}

async function acknowledge(stage: Stage, items: readonly Item[], how: object): Promise<void> {
  const acknowledgements = items.map(({ id, lease }) => ({ id, lease, ...how }));
  await stage.call("bridge", "milepost.exchange", "acknowledge_outbox", { acknowledgements });
}

/** One consumer took some and refused one; the other fails since long. */
async function hearEvents(stage: Stage): Promise<void> {
  const [first, ...more] = await claimed(stage, "harbour", 6);
  await acknowledge(stage, more, { result: "accepted" });
  await acknowledge(stage, [first!], { result: "rejected", reason: "HTTP 422 of the consumer" });
  const why = { connection: "auditor", state: "paused", reason: "HTTP 503 of the consumer" };
  await stage.call("bridge", "milepost.exchange", "report_status", why);
}

/** A shipment that nothing has happened to. */
async function planned(stage: Stage, via: ConnectionKey, count: number): Promise<number[]> {
  const one: Chapter = { customer: "blum", via, due: 4000, plot: plots.waiting };
  return tell(
    stage,
    Array.from({ length: count }, () => one),
  );
}

/** Orders that the partner took. */
async function order(
  stage: Stage,
  via: ConnectionKey,
  count: number,
  says: object,
): Promise<Item[]> {
  const ids = await planned(stage, via, count);
  await stage.call("dispatcher", "milepost.shipment", "action_order_transport", { ids });
  const items = await claimed(stage, via, count);
  await acknowledge(stage, items, { result: "accepted", ...says });
  return items;
}

async function compareOrders(stage: Stage): Promise<void> {
  const shown = Object.entries(DIFFERENCES);
  const items = await order(stage, "waterweg", shown.length, { external_number: "TO-76" });
  await stage.call("bridge", "milepost.exchange", "report_differences", {
    connection: "waterweg",
    compared: items.map(({ id }) => id),
    differences: shown.map(([kind, said], index) => ({
      id: items[index]!.id,
      kind,
      said,
    })),
  });
}

async function linkProofs(stage: Stage, ids: readonly number[]): Promise<void> {
  for (const [index, name] of (await namesOf(stage, ids)).entries()) {
    const words = { conditions: ["pod_available" as const], rawCode: LINKS[index]! };
    await say(stage, milestone(name, ago(stage, 30), words));
  }
}

/** A transfer of two goods; the warehouse says to have shipped less of one, and a third, in packages. */
async function advisePackages(stage: Stage): Promise<void> {
  const { call } = stage;
  const goods = (await call("admin", "product.product", "create", {
    vals_list: ["Pump", "Hose", "Gadget"].map((name) => ({
      name,
      default_code: name,
      type: "consu",
    })),
  })) as number[];
  const [sale] = (await call("admin", "sale.order", "create", {
    vals_list: [
      {
        partner_id: [...stage.partners.values()].at(-1),
        order_line: goods
          .slice(0, 2)
          .map((product_id) => [0, 0, { product_id, product_uom_qty: 10 }]),
      },
    ],
  })) as number[];
  await call("admin", "sale.order", "action_confirm", { ids: [sale] });
  const transfers = (await call("admin", "stock.picking", "search", {
    domain: [["sale_id", "=", sale]],
  })) as number[];
  const [shipment] = await planned(stage, "nordlinie", 1);
  const vals = { picking_ids: [[6, 0, transfers]] };
  await call("admin", "milepost.shipment", "write", { ids: [shipment], vals });
  const [name] = await namesOf(stage, [shipment!]);
  const loaded: Milestone["loaded"] = {
    goods: [
      { goods: "Pump", quantity: "8" },
      { goods: "Hose", quantity: "10" },
      { goods: "Gadget", quantity: "1", unit: "EA" },
    ],
    packages: PACKAGES.map((sscc) => ({ reference: sscc, sscc })),
  };
  const words: MilestoneWords = { code: "loaded", rawCode: "945", stop: { kind: "pickup" } };
  const told = milestone(name!, ago(stage, 20), words);
  await say(stage, { ...told, fact: { ...told.fact, loaded } as Told["fact"] });
}

/** Two orders that their carrier gave one PRO number, and a word that names nothing else. */
async function nameTwins(stage: Stage): Promise<void> {
  const pro = { type: "pro" as const, value: "PRO-4711" };
  await order(stage, "nordlinie", 2, { identifiers: [pro] });
  const told = milestone("", ago(stage, 10), { code: "arrived_pickup" });
  await say(stage, { ...told, fact: { ...told.fact, identifiers: [pro] } }, "unmatched");
}

async function say(stage: Stage, told: Told, status = "accepted"): Promise<void> {
  const [verdict] = await ingest(stage.call, "nordlinie", "edifact@1", [told]);
  if (verdict?.status !== status) throw new Error(`Not ${status}: ${JSON.stringify(verdict)}`);
}

async function namesOf(stage: Stage, ids: readonly number[]): Promise<string[]> {
  const fields = ["name"];
  const rows = await stage.call("admin", "milepost.shipment", "read", { ids, fields });
  return (rows as { name: string }[]).map(({ name }) => name);
}

function ago(stage: Stage, minutes: number): Date {
  return new Date(stage.now.getTime() - minutes * 60_000);
}
