/** A comparison that is under way, page by page, in the store: it goes on where it was cut off. */
import { z } from "zod";
import { orderFault, type OrderFault } from "../canonical/told_order.ts";
import type { Properties } from "../store/store.ts";
import { foundDifference, type FoundDifference } from "./comparison_state.ts";

const run = z.object({
  /** Where the next page begins. */
  after: z.number(),
  asked: z.number(),
  unsure: z.number(),
  /** How many the partner does not show who never showed one. */
  unshown: z.number(),
  /** How many of the last orders ended in a fault that may pass. */
  in_row: z.number(),
  found: z.array(foundDifference),
  faulty: z.number(),
  /** The first of them. */
  faults: z.array(orderFault),
});
export type ComparisonRun = z.infer<typeof run>;

const RUN = "comparison_run:";
const MOST_FAULTS = 100;

export const newRun = (): ComparisonRun => ({
  ...{ after: 0, asked: 0, unsure: 0, unshown: 0, in_row: 0 },
  ...{ found: [], faulty: 0, faults: [] },
});

export async function readRun(
  properties: Properties,
  connection: string,
): Promise<ComparisonRun | undefined> {
  const kept = await properties.get(RUN + connection);
  return kept === null || kept === "" ? undefined : run.parse(JSON.parse(kept));
}

export function writeRun(
  properties: Properties,
  connection: string,
  value: ComparisonRun,
): Promise<void> {
  return properties.set(RUN + connection, JSON.stringify(value));
}

export function forgetRun(properties: Properties, connection: string): Promise<void> {
  return properties.set(RUN + connection, "");
}

export function addFaults(of: ComparisonRun, faults: readonly OrderFault[]): void {
  of.faulty += faults.length;
  const short = faults.map((it) => ({ ...it, why: it.why.slice(0, 512) }));
  of.faults = [...of.faults, ...short].slice(0, MOST_FAULTS);
}

/** What is known of all orders: what the run found, and of those that it did not reach what was. */
export function foundSoFar(
  { after, found }: ComparisonRun,
  before: readonly FoundDifference[],
): FoundDifference[] {
  return [...found, ...before.filter(({ id }) => id > after)];
}
