/**
 * A month of billing: what was invoiced and how long that took, and what is held now. It is told
 * as a bridge and finance would do it; only the clock of what lies in the past is turned back.
 */
import { createHash } from "node:crypto";
import type { OdooDatabase } from "../odoo/odoo.ts";
import { DAY, type Delivery, HELD, PAST } from "./deliveries.ts";
import { CARRIERS, CONNECTIONS, CUSTOMERS, type ConnectionKey } from "./places.ts";
import { ingest, utcText, type Told } from "./facts.ts";
import { delivered, type Plot, type Trip } from "./plots.ts";
import { tell, type Chapter, type Stage } from "./day.ts";

const SCACS: Record<ConnectionKey, string> = {
  waterweg: "WATW",
  nordlinie: "NORD",
  alpina: "ALPC",
};
/** What carriers may bill by contract. */
const CONTRACT = { linehaul: "640.00", fuel: "157.40" };

function common(trip: Trip, at: Date) {
  return {
    identifiers: [{ type: "shipment" as const, value: trip.shipment }],
    applies_to: "one" as const,
    recorded_at: utcText(at),
  };
}

function sellCharge(trip: Trip, at: Date, amount: string): Told {
  return {
    receivedAt: at,
    fact: {
      kind: "charge",
      ...common(trip, at),
      side: "sell",
      charge_type: "linehaul",
      amount,
      currency: "USD",
      raw_code: "FREIGHT",
    },
  };
}

/** A proof with a paper of its own: one paper proves one delivery. */
function proof(trip: Trip, at: Date, signer: string): Told {
  const paper = Buffer.from(`%PDF-1.4 proof of ${trip.shipment}`);
  return {
    receivedAt: at,
    fact: {
      kind: "proof_of_delivery",
      ...common(trip, at),
      delivered: { at: utcText(at), precision: "minute" },
      signer,
      signed: true,
      documents: [
        {
          name: "pod.pdf",
          media_type: "application/pdf",
          sha256: createHash("sha256").update(paper).digest("hex"),
          size: paper.length,
          content_base64: paper.toString("base64"),
        },
      ],
    },
  };
}

function carrierBill(
  trip: Pick<Trip, "shipment">,
  at: Date,
  via: ConnectionKey,
  bill: NonNullable<Delivery["bill"]>,
): Told {
  const lines = Object.entries(bill).map(([type, amount]) => ({
    charge_type: type as "linehaul",
    amount,
    raw_code: type.toUpperCase(),
  }));
  const cents = lines.reduce((sum, line) => sum + Math.round(Number(line.amount) * 100), 0);
  return {
    receivedAt: at,
    fact: {
      kind: "carrier_invoice",
      ...common(trip as Trip, at),
      number: `${SCACS[via]}-${trip.shipment.split("/").at(-1)}`,
      document: "invoice",
      correction: "original",
      carrier_scac: SCACS[via],
      bill_date: utcText(at).slice(0, 10),
      currency: "USD",
      total: (cents / 100).toFixed(2),
      lines,
    },
  };
}

function plotOf(one: Delivery): Plot {
  return (trip) => {
    const at = trip.at(-one.ago);
    const proofAt = trip.at(-one.ago - (one.early ?? 0));
    return [
      ...delivered(one.ago, null)(trip),
      sellCharge(trip, at, one.sell),
      ...(one.signer === null ? [] : [proof(trip, proofAt, one.signer)]),
      ...(one.bill === undefined ? [] : [carrierBill(trip, at, one.via, one.bill)]),
    ];
  };
}

/** Creates carriers with their contracts, and what may be billed beyond. Gives the carriers' ids. */
export async function setContracts(stage: Stage): Promise<Map<ConnectionKey, number>> {
  const keys = Object.keys(CONNECTIONS) as ConnectionKey[];
  const ids = (await stage.call("admin", "res.partner", "create", {
    vals_list: keys.map((key) => ({
      name: CARRIERS[key],
      milepost_scac: SCACS[key],
      is_company: true,
    })),
  })) as number[];
  const carriers = new Map(keys.map((key, index) => [key, ids[index]!]));
  await stage.call("admin", "milepost.billing.policy", "create", {
    vals_list: [{ name: "Standard", over_percent: 2, over_amount: 25 }],
  });
  const from = utcText(new Date(stage.now.getTime() - 365 * DAY * 60_000)).slice(0, 10);
  await stage.call("admin", "milepost.rate", "create", {
    vals_list: [...carriers].flatMap(([key, id]) =>
      Object.entries(CONTRACT).map(([type, amount]) => ({
        name: `${CARRIERS[key]}: ${type}`,
        carrier_partner_id: id,
        charge_type: type,
        method: "flat",
        amount: Number(amount),
        valid_from: from,
      })),
    ),
  });
  return carriers;
}

/** Delivers, and has Odoo decide about it. Gives the shipments' ids. */
export async function deliverAll(
  stage: Stage,
  carriers: Map<ConnectionKey, number>,
  deliveries: readonly Delivery[],
): Promise<number[]> {
  const chapters = deliveries.map((one): Chapter => {
    const { customer, via, ago } = one;
    return { customer, via, due: -ago + 30, plot: plotOf(one), carrierId: carriers.get(via)! };
  });
  const ids = await tell(stage, chapters);
  await stage.call("admin", "milepost.shipment", "action_validate_billing", { ids });
  return ids;
}

/** Tells the month; gives the ids of what is held, in the order of HELD. */
export async function tellBilling(stage: Stage, odoo: OdooDatabase): Promise<number[]> {
  const carriers = await setContracts(stage);
  const clean = { linehaul: CONTRACT.linehaul, fuel: CONTRACT.fuel };
  const past = await deliverAll(
    stage,
    carriers,
    PAST.map(([customer, via, days, sell]) => {
      const ago = days * DAY;
      return { customer, via, ago, sell, signer: CUSTOMERS[customer].name, bill: clean };
    }),
  );
  await stage.call("analyst", "milepost.billing.run", "run_now", {});
  await turnBack(odoo, past);
  const held = await deliverAll(stage, carriers, HELD);
  await stray(stage);
  await decide(stage, odoo, held);
  return held;
}

/** A bill whose shipment nobody knows. */
async function stray(stage: Stage): Promise<void> {
  const at = new Date(stage.now.getTime() - 1.4 * DAY * 60_000);
  const bill = carrierBill({ shipment: "SHP/UNKNOWN/4711" }, at, "nordlinie", {
    linehaul: "712.00",
  });
  await ingest(stage.call, "nordlinie", "edifact@1", [bill]);
  await stage.call("analyst", "milepost.billing.run", "run_now", {});
}

/** Reviews and agreements that are under way, and since when each hold is open. */
async function decide(stage: Stage, odoo: OdooDatabase, held: readonly number[]): Promise<void> {
  const holdsOf = async (shipment: number | undefined) =>
    (await stage.call("admin", "milepost.hold", "search", {
      domain: [
        ["shipment_id", "=", shipment],
        ["is_blocking", "=", true],
      ],
    })) as number[];
  await stage.call("analyst", "milepost.hold", "action_review", { ids: await holdsOf(held[4]) });
  await stage.call("controller", "milepost.hold", "action_release", {
    ids: await holdsOf(held[7]),
    code: "contract",
    text: "Spot rate agreed with the carrier by phone",
  });
  await odoo.sql(`
    UPDATE milepost_hold h SET opened_at = s.delivered_at + interval '3 hours'
      FROM milepost_shipment s WHERE s.id = h.shipment_id`);
  await odoo.sql(`
    UPDATE milepost_hold SET opened_at = opened_at - interval '31 hours' WHERE shipment_id IS NULL`);
  await odoo.sql(`
    UPDATE milepost_milestone SET create_date = received_at + interval '2 seconds'
     WHERE create_date > received_at + interval '2 seconds'`);
}

/** Turns the marks of what was invoiced back to when they would have been made. */
async function turnBack(odoo: OdooDatabase, ids: readonly number[]): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const hours = PAST[index]![4];
    const after = (steps: number) =>
      `delivered_at + interval '${hours.slice(0, steps).reduce((sum, one) => sum + one, 0)} hours'`;
    await odoo.sql(`
      UPDATE milepost_milestone m SET received_at = ${after(1).replace("delivered_at", "s.delivered_at")},
             create_date = ${after(2).replace("delivered_at", "s.delivered_at")}
        FROM milepost_shipment s
       WHERE s.id = m.shipment_id AND s.id = ${id} AND m.code = 'delivered'`);
    await odoo.sql(`
      UPDATE milepost_shipment SET pod_validated_at = ${after(3)}, charges_final_at = ${after(4)},
             billing_ready_at = ${after(5)}, posted_at = ${after(6)} WHERE id = ${id}`);
  }
}
