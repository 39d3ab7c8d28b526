/** What is kept of a connection's drift: what is usual, the window that is compared, what was found. */
import { z } from "zod";
import type { Properties } from "../store/store.ts";
import { type Drift, drifts, LEAST_WINDOW } from "./comparison.ts";
import { merged, type Profile } from "./profile.ts";

const DAY_MS = 86_400_000;
/** What is usual is learned of about so many messages of a kind. */
const MOST_BASE = 2000;

const profile = z.record(
  z.string(),
  z.object({ messages: z.number(), items: z.record(z.string(), z.number()) }),
);

export interface Found extends Drift {
  /** When it was noticed first, UTC. */
  since: string;
}

const found: z.ZodType<Found> = z.object({
  kind: z.enum(["field_new", "field_vanished", "code_share"]),
  of: z.string(),
  name: z.string(),
  before: z.number(),
  now: z.number(),
  since: z.string(),
});

const stateType = z.object({
  /** Messages received before it were counted, epoch milliseconds. */
  upTo: z.number(),
  /** Since when the window is. */
  since: z.number(),
  base: profile,
  window: profile,
  /** The window before, whole. */
  last: profile,
  found: z.array(found),
});
export type DriftState = z.infer<typeof stateType>;

const foundType = z.record(z.string(), z.array(found));

/** Property: what was found, by connection; for the status. */
const FOUND = "drift";
const stateName = (connection: string) => `drift_state:${connection}`;
const acceptedName = (connection: string) => `drift_accepted:${connection}`;

export async function readState(
  properties: Properties,
  connection: string,
  now: number,
): Promise<DriftState> {
  const kept = await properties.get(stateName(connection));
  if (kept !== null) return stateType.parse(JSON.parse(kept));
  return { upTo: 0, since: now, base: {}, window: {}, last: {}, found: [] };
}

export async function writeState(
  properties: Properties,
  connection: string,
  state: DriftState,
): Promise<void> {
  await properties.set(stateName(connection), JSON.stringify(state));
  const all = await readFound(properties);
  await properties.set(FOUND, JSON.stringify({ ...all, [connection]: state.found }));
}

/** What was found at the last look, by connection. */
export async function readFound(properties: Properties): Promise<Record<string, Found[]>> {
  const kept = await properties.get(FOUND);
  return kept === null ? {} : foundType.parse(JSON.parse(kept));
}

/** Forgets what was found of other connections; gives what is left. */
export async function keepFound(
  properties: Properties,
  connections: readonly string[],
): Promise<Record<string, Found[]>> {
  const all = await readFound(properties);
  const own = Object.entries(all).filter(([code]) => connections.includes(code));
  if (own.length < Object.keys(all).length) {
    await properties.set(FOUND, JSON.stringify(Object.fromEntries(own)));
  }
  return Object.fromEntries(own);
}

/** Asks that what came lately be the usual from the next look on: the bridge alone writes its state. */
export async function askToAccept(properties: Properties, connection: string): Promise<void> {
  await properties.set(acceptedName(connection), "yes");
}

/** Whether that was asked for since. */
export async function isAcceptAsked(properties: Properties, connection: string): Promise<boolean> {
  return (await properties.get(acceptedName(connection))) === "yes";
}

/** Once the new state is written: a look that is broken off leaves what was asked for the next one. */
export async function acceptDone(properties: Properties, connection: string): Promise<void> {
  await properties.set(acceptedName(connection), "");
}

/** What came lately is the usual now. */
export function accepted(state: DriftState, now: number): DriftState {
  const base = merged(merged({}, state.last, MOST_BASE), state.window, MOST_BASE);
  return { ...state, base, window: {}, last: {}, since: now, found: [] };
}

/**
 * Judges the window. Fields at once; codes' shares over a whole day, because a night brings others
 * than a day. A day in which nothing was found becomes part of what is usual; while something is
 * found the usual stays as it was, and what can be judged no more stays found.
 */
export function judged(state: DriftState, now: number): DriftState {
  const isWhole = now - state.since >= DAY_MS;
  const differences = drifts(state.base, state.window);
  const current = differences.filter(({ kind }) => kind !== "code_share" || isWhole);
  const open = state.found.filter((it) => !canJudge(state, it, isWhole));
  const since = (it: Drift) => state.found.find((one) => isSame(one, it))?.since;
  const at = new Date(now).toISOString();
  const all = [...open, ...current.map((it) => ({ ...it, since: since(it) ?? at }))];
  if (!isWhole) return { ...state, found: all };
  const base = all.length > 0 ? state.base : merged(state.base, state.window, MOST_BASE);
  return { ...state, base, last: state.window, window: {}, since: now, found: all };
}

function isSame(one: Drift, other: Drift): boolean {
  return one.kind === other.kind && one.of === other.of && one.name === other.name;
}

/** Whether the window says anything about an earlier finding. */
function canJudge({ window }: DriftState, { kind, of }: Drift, isWhole: boolean): boolean {
  if (kind === "code_share") return isWhole && isEnough(window[`code ${of}`]);
  return isEnough(window[`field ${of}`]);
}

function isEnough(group: Profile[string] | undefined): boolean {
  return (group?.messages ?? 0) >= LEAST_WINDOW;
}
