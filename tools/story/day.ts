/**
 * A dispatcher's day: shipments of a trading company in every situation that the control tower
 * tells apart. It is told as a bridge would tell it, so that all that is seen was derived.
 */
import { randomUUID } from "node:crypto";
import { ROLES } from "../odoo/template.ts";
import { ingest, type StopWords, type Told } from "./facts.ts";
import * as plots from "./plots.ts";
import {
  CARRIERS,
  CONNECTIONS,
  CUSTOMERS,
  WAREHOUSES,
  type ConnectionKey,
  type CustomerKey,
  type Place,
} from "./places.ts";
import type { Call } from "./rpc.ts";

export interface Chapter {
  customer: CustomerKey;
  via: ConnectionKey;
  /** Minutes from now. */
  due: number;
  plot: plots.Plot;
  from?: keyof typeof WAREHOUSES;
  /** Over the cross-dock. */
  isLong?: boolean;
  /** Odoo's id of the carrier's company, where its bills matter. */
  carrierId?: number;
}

export const DAY: readonly Chapter[] = [
  { customer: "bellini", via: "alpina", due: 340, plot: plots.crossDocked, isLong: true },
  { customer: "blum", via: "alpina", due: 60, plot: plots.customsHold },
  { customer: "harvest", via: "nordlinie", due: 25, plot: plots.attempted },
  { customer: "kowalski", via: "nordlinie", due: -60, plot: plots.refused },
  { customer: "muller", via: "waterweg", due: 150, plot: plots.delayed(-100, "mechanical", 130) },
  { customer: "hofmann", via: "nordlinie", due: 70, plot: plots.rolling(-250, 95) },
  { customer: "ashworth", via: "waterweg", due: 190, plot: plots.rolling(-320, 48) },
  { customer: "jansen", via: "waterweg", due: -35, plot: plots.overdue },
  { customer: "sorensen", via: "nordlinie", due: 260, plot: plots.rolling(-400, 27) },
  { customer: "valdemar", via: "alpina", due: 420, plot: plots.fellSilent(-460), from: "antwerp" },
  { customer: "waldner", via: "alpina", due: 500, plot: plots.fellSilent(-300) },
  { customer: "vandijk", via: "waterweg", due: 45, plot: plots.rolling(-80, -10) },
  { customer: "linde", via: "waterweg", due: 5, plot: plots.arrived, from: "antwerp" },
  { customer: "delacourt", via: "alpina", due: 210, plot: plots.rolling(-380, 6), from: "antwerp" },
  { customer: "roux", via: "waterweg", due: 110, plot: plots.rolling(-130, -22), from: "antwerp" },
  { customer: "lindqvist", via: "nordlinie", due: 620, plot: plots.rolling(-210, 0) },
  { customer: "novak", via: "nordlinie", due: 480, plot: plots.rolling(-300, -45) },
  {
    customer: "estrella",
    via: "alpina",
    due: 1130,
    plot: plots.rolling(-500, 10),
    from: "antwerp",
  },
  { customer: "jansen", via: "waterweg", due: 300, plot: plots.atPickup },
  { customer: "vandijk", via: "waterweg", due: -170, plot: plots.delivered(178, "P. van Dijk") },
  {
    customer: "linde",
    via: "waterweg",
    due: -140,
    plot: plots.delivered(96, "Goossens"),
    from: "antwerp",
  },
  { customer: "roux", via: "waterweg", due: -60, plot: plots.delivered(71, null), from: "antwerp" },
  { customer: "hofmann", via: "nordlinie", due: -300, plot: plots.delivered(312, "K. Hofmann") },
  { customer: "muller", via: "waterweg", due: -20, plot: plots.delivered(19, "Wareneingang 2") },
  { customer: "delacourt", via: "alpina", due: 1500, plot: plots.booked },
  { customer: "sorensen", via: "nordlinie", due: 1620, plot: plots.booked },
  { customer: "harvest", via: "nordlinie", due: 2900, plot: plots.waiting },
  { customer: "bellini", via: "alpina", due: 3100, plot: plots.waiting },
];

/** Odoo's ids of what the story is set in. */
export interface Stage {
  call: Call;
  partners: Map<Place, number>;
  connections: Map<ConnectionKey, number>;
  now: Date;
  zone: string;
}

/**
 * A time zone in which it is past two in the afternoon, so that the day has a morning to tell of
 * whenever the story is told.
 */
export function afternoonZone(now: Date): string {
  const east = 14 - now.getUTCHours();
  // The signs of these zones are the reverse of what everybody else writes.
  return east === 0 ? "Etc/GMT" : `Etc/GMT${east > 0 ? "-" : "+"}${Math.abs(east)}`;
}

/** Creates the partners and connections. `zone` is where it all happens (IANA), users included. */
export async function setStage(call: Call, now: Date, zone: string): Promise<Stage> {
  const places = [...Object.values(WAREHOUSES), ...Object.values(CUSTOMERS)];
  const codes = [...new Set(places.map((one) => one.country))];
  const countries = (await call("admin", "res.country", "search_read", {
    domain: [["code", "in", codes]],
    fields: ["code"],
  })) as { id: number; code: string }[];
  const countryIds = new Map(countries.map(({ id, code }) => [code, id]));
  const partnerIds = (await call("admin", "res.partner", "create", {
    vals_list: places.map(({ country, ...address }) => ({
      ...address,
      country_id: countryIds.get(country),
      tz: zone,
      is_company: true,
    })),
  })) as number[];
  const keys = Object.keys(CONNECTIONS) as ConnectionKey[];
  const connectionIds = (await call("admin", "milepost.connection", "create", {
    vals_list: keys.map((key) => CONNECTIONS[key]),
  })) as number[];
  const users = await call("admin", "res.users", "search", {
    domain: [["login", "in", ["admin", ...ROLES]]],
  });
  await call("admin", "res.users", "write", { ids: users, vals: { tz: zone } });
  return {
    call,
    partners: new Map(places.map((one, index) => [one, partnerIds[index]!])),
    connections: new Map(keys.map((key, index) => [key, connectionIds[index]!])),
    now,
    zone,
  };
}

/** Creates a shipment for each chapter and tells what happened to it; gives their ids in order. */
export async function tell(stage: Stage, chapters: readonly Chapter[]): Promise<number[]> {
  const { call } = stage;
  const vals_list = chapters.map((chapter) => shipmentValues(stage, chapter));
  const ids = (await call("admin", "milepost.shipment", "create", { vals_list })) as number[];
  const rows = (await call("admin", "milepost.shipment", "read", { ids, fields: ["name"] })) as {
    name: string;
  }[];
  const told = new Map<ConnectionKey, Told[]>();
  chapters.forEach((chapter, index) => {
    const facts = chapter.plot({
      shipment: rows[index]!.name,
      carrier: CARRIERS[chapter.via],
      stops: stopsOf(stage, chapter),
      due: chapter.due,
      at: (minutes) => minutesFrom(stage.now, minutes),
    });
    told.set(chapter.via, [...(told.get(chapter.via) ?? []), ...facts]);
  });
  for (const [via, facts] of told) {
    const { code, source } = CONNECTIONS[via];
    const verdicts = await ingest(call, code, `${source}@1`, facts);
    const refused = verdicts.find(({ status }) => status !== "accepted");
    if (refused !== undefined)
      throw new Error(`A fact was not accepted: ${JSON.stringify(refused)}`);
  }
  return ids;
}

function minutesFrom(now: Date, minutes: number): Date {
  return new Date(now.getTime() + minutes * 60_000);
}

function odooText(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}

function shipmentValues(stage: Stage, chapter: Chapter): Record<string, unknown> {
  const customer = stage.partners.get(CUSTOMERS[chapter.customer]);
  return {
    partner_id: customer,
    destination_id: customer,
    origin_id: stage.partners.get(WAREHOUSES[chapter.from ?? "rotterdam"]),
    connection_id: stage.connections.get(chapter.via),
    ready_at: odooText(minutesFrom(stage.now, (chapter.isLong ? 0 : chapter.due) - 320)),
    due_at: odooText(minutesFrom(stage.now, chapter.due)),
    ...(chapter.carrierId === undefined ? {} : { carrier_partner_id: chapter.carrierId }),
  };
}

/** The stops in the partner's own words, with ids of its own. */
function stopsOf(stage: Stage, chapter: Chapter): StopWords[] {
  const stop = (
    kind: StopWords["kind"],
    place: Place,
    arrival: number,
    stay: number,
  ): StopWords => ({
    id: randomUUID(),
    kind,
    name: place.name,
    city: place.city,
    country: place.country,
    zone: stage.zone,
    arrival: minutesFrom(stage.now, arrival),
    departure: minutesFrom(stage.now, arrival + stay),
  });
  const { due } = chapter;
  const start = WAREHOUSES[chapter.from ?? "rotterdam"];
  const end = stop("delivery", CUSTOMERS[chapter.customer], due, 30);
  if (!chapter.isLong) return [stop("pickup", start, due - 360, 30), end];
  return [stop("pickup", start, -330, 30), stop("terminal", WAREHOUSES.antwerp, -180, 45), end];
}
