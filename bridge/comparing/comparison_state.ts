/** What was found by the last comparison, and what operators ask of the next; in the store. */
import { z } from "zod";
import { differenceKind } from "../canonical/told_order.ts";
import type { Properties } from "../store/store.ts";

const found = z.object({
  /** Of the order in Odoo's outbox; the number by which it is repaired. */
  id: z.number(),
  shipment: z.string(),
  kind: differenceKind,
  said: z.string(),
  /** When it was noticed first, UTC. */
  since: z.string(),
});
export type FoundDifference = z.infer<typeof found>;

const resultType = z.object({
  /** When it ended, UTC. */
  at: z.string(),
  /** How many orders the partner was asked for. */
  asked: z.number(),
  /** Of how many he did not say how they stand. */
  unsure: z.number(),
  /** Why nothing, or not all, was compared. */
  why: z.string().nullable(),
  found: z.array(found),
});
export type ComparisonResult = z.infer<typeof resultType>;

const RESULTS = "comparison";
const ASKED = "comparison_asked:";
const SHOWS = "comparison_shows:";
const resultsType = z.record(z.string(), resultType);

/** What the last comparison of each connection found. */
export async function readResults(
  properties: Properties,
): Promise<Record<string, ComparisonResult>> {
  const kept = await properties.get(RESULTS);
  return kept === null ? {} : resultsType.parse(JSON.parse(kept));
}

export async function readResult(
  properties: Properties,
  connection: string,
): Promise<ComparisonResult | undefined> {
  return (await readResults(properties))[connection];
}

export async function writeResult(
  properties: Properties,
  connection: string,
  result: ComparisonResult,
): Promise<void> {
  const all = await readResults(properties);
  await properties.set(RESULTS, JSON.stringify({ ...all, [connection]: result }));
}

const asked = z.object({ compare: z.boolean(), repair: z.array(z.number()) });
export type Asked = z.infer<typeof asked>;

/** Forgets what was found of other connections. */
export async function keepResults(
  properties: Properties,
  connections: readonly string[],
): Promise<void> {
  const all = Object.entries(await readResults(properties));
  const kept = all.filter(([code]) => connections.includes(code));
  if (kept.length < all.length)
    await properties.set(RESULTS, JSON.stringify(Object.fromEntries(kept)));
}

/** Asks the running bridge to compare now, or to repair these orders. */
export async function ask(
  properties: Properties,
  connection: string,
  what: Partial<Asked>,
): Promise<void> {
  const known = await readAsked(properties, connection);
  const repair = [...new Set([...known.repair, ...(what.repair ?? [])])];
  const all = { compare: known.compare || what.compare === true, repair };
  await properties.set(ASKED + connection, JSON.stringify(all));
}

export async function readAsked(properties: Properties, connection: string): Promise<Asked> {
  const kept = await properties.get(ASKED + connection);
  return kept === null || kept === ""
    ? { compare: false, repair: [] }
    : asked.parse(JSON.parse(kept));
}

export function forgetAsked(properties: Properties, connection: string): Promise<void> {
  return properties.set(ASKED + connection, "");
}

/** Whether the partner ever showed one of our orders: one that never did says nothing by a 404. */
export async function showsOrders(properties: Properties, connection: string): Promise<boolean> {
  return (await properties.get(SHOWS + connection)) === "yes";
}

export function noteShowsOrders(properties: Properties, connection: string): Promise<void> {
  return properties.set(SHOWS + connection, "yes");
}
