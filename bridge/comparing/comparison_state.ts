/** What was found by the last comparison, and what operators ask of the next; in the store. */
import { z } from "zod";
import { differenceKind, orderFault } from "../canonical/told_order.ts";
import type { Properties } from "../store/store.ts";

export const foundDifference = z.object({
  /** Of the order in Odoo's outbox; the number by which it is repaired. */
  id: z.number(),
  shipment: z.string(),
  kind: differenceKind,
  said: z.string(),
  /** When it was noticed first, UTC. */
  since: z.string(),
});
export type FoundDifference = z.infer<typeof foundDifference>;

const resultType = z.object({
  /** When it ended, UTC. */
  at: z.string(),
  /** How many orders the partner was asked for. */
  asked: z.number(),
  /** Of how many he did not say how they stand. */
  unsure: z.number(),
  /** Why nothing, or not all, was compared. */
  why: z.string().nullable(),
  found: z.array(foundDifference),
  /** How many orders could not be compared, and the first of them. */
  faulty: z.number().default(0),
  faults: z.array(orderFault).default([]),
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
  return resultsOf(await properties.get(RESULTS));
}

function resultsOf(kept: string | null): Record<string, ComparisonResult> {
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
  // Connections are compared beside each other.
  await properties.change(RESULTS, (kept) =>
    JSON.stringify({ ...resultsOf(kept), [connection]: result }),
  );
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
export function ask(
  properties: Properties,
  connection: string,
  what: Partial<Asked>,
): Promise<void> {
  return changeAsked(properties, connection, ({ compare, repair }) => ({
    compare: compare || what.compare === true,
    repair: [...new Set([...repair, ...(what.repair ?? [])])],
  }));
}

export async function readAsked(properties: Properties, connection: string): Promise<Asked> {
  return askedOf(await properties.get(ASKED + connection));
}

/** Forgets of what is asked for what was done, and nothing that was asked for meanwhile. */
export function forgetAsked(
  properties: Properties,
  connection: string,
  done: { compare?: true; repair?: number },
): Promise<void> {
  return changeAsked(properties, connection, ({ compare, repair }) => ({
    compare: compare && done.compare !== true,
    repair: repair.filter((id) => id !== done.repair),
  }));
}

/** The command and the bridge are two processes. */
function changeAsked(
  properties: Properties,
  connection: string,
  change: (known: Asked) => Asked,
): Promise<void> {
  return properties.change(ASKED + connection, (kept) => {
    const { compare, repair } = change(askedOf(kept));
    return compare || repair.length > 0 ? JSON.stringify({ compare, repair }) : "";
  });
}

function askedOf(kept: string | null): Asked {
  return kept === null || kept === ""
    ? { compare: false, repair: [] }
    : asked.parse(JSON.parse(kept));
}

/** Whether the partner ever showed one of our orders: one that never did says nothing by a 404. */
export async function showsOrders(properties: Properties, connection: string): Promise<boolean> {
  return (await properties.get(SHOWS + connection)) === "yes";
}

export function noteShowsOrders(properties: Properties, connection: string): Promise<void> {
  return properties.set(SHOWS + connection, "yes");
}
