/**
 * How long a decision in Odoo takes to be an order at the partner: a real Odoo, the bridge in a process
 * of its own with its default pace, the TMS simulator. Sales are confirmed one by one at irregular
 * times, so that the pace that the bridge falls into while nothing happens counts as well.
 *
 * `decision` is from the answer of the confirming call, which comes after its commit, until the TMS has
 * the order. Then nothing happens for a while, and the bridge's calls are counted by its own metrics.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { BridgeProcess } from "../../tools/demo/bridge_process.ts";
import { confirmOrders, createCatalogue, type Catalogue } from "../../tools/demo/sales.ts";
import { startSystem, type DemoSystem } from "../../tools/demo/system.ts";
import { Random } from "../../tools/simulator/random.ts";
import { percentile, rounded, type BenchResult } from "./result.ts";

const ORDERS = 60;
/** Orders before the measurement: Odoo loads what it needs. */
const WARM_UP = 3;
/** The bridge slows down within six seconds of silence; both paces are met. */
const LONGEST_PAUSE_MS = 6000;
const LIMIT_MS = 60_000;
const LOOK_MS = 10;
const IDLE_S = 60;
/** What came last is told, and the pace has fallen to its slowest. */
const SETTLE_MS = 20_000;

const GOAL_MS = 3000;
const GOAL_CALLS = 1;

type Log = (line: string) => void;

export async function run(log: Log, orders = ORDERS): Promise<BenchResult> {
  const system = await startSystem(
    { database: `outbound_${process.pid}`, seed: "outbound", speed: 0, bridge: { orders: {} } },
    log,
  );
  try {
    const catalogue = await createCatalogue(system.admin);
    const times = await measure(system, catalogue, orders, log);
    log(`${IDLE_S} s of nothing`);
    const idle = await idleCalls(system.bridge);
    return summary(times, idle);
  } finally {
    await system.stop();
  }
}

interface Times {
  confirm: number[];
  decision: number[];
  lost: number;
}

async function measure(
  { sales, simulator }: DemoSystem,
  catalogue: Catalogue,
  orders: number,
  log: Log,
): Promise<Times> {
  const times: Times = { confirm: [], decision: [], lost: 0 };
  const random = new Random("pauses");
  for (let n = 0; n < WARM_UP + orders; n++) {
    await sleep(random.next() * LONGEST_PAUSE_MS);
    const before = simulator.truth().length;
    const start = performance.now();
    const arrival = arrived(() => simulator.truth().length > before);
    await confirmOrders(sales, catalogue, 1, n);
    const decided = performance.now();
    const at = await arrival;
    if (n < WARM_UP) continue;
    if (at === undefined) times.lost++;
    else times.decision.push(Math.max(0, at - decided));
    times.confirm.push(decided - start);
    if (times.confirm.length % 10 === 0) log(`${times.confirm.length} orders`);
  }
  return times;
}

/** When it has come; nothing after the limit. */
async function arrived(isThere: () => boolean): Promise<number | undefined> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    if (isThere()) return performance.now();
    await sleep(LOOK_MS);
  }
  return undefined;
}

type Idle = Record<"odoo" | "partner", number>;

/** The bridge's calls a second while nothing happens. */
async function idleCalls(bridge: BridgeProcess): Promise<Idle> {
  await sleep(SETTLE_MS);
  const [before, start] = [await calls(bridge), performance.now()];
  await sleep(IDLE_S * 1000);
  const [after, seconds] = [await calls(bridge), (performance.now() - start) / 1000];
  return {
    odoo: (after.odoo - before.odoo) / seconds,
    partner: (after.partner - before.partner) / seconds,
  };
}

async function calls(bridge: BridgeProcess): Promise<Idle> {
  const text = await (await bridge.askAdmin("/metrics")).text();
  const counted: Idle = { odoo: 0, partner: 0 };
  for (const [, target, count] of text.matchAll(
    /^milepost_http_client_duration_seconds_count\{target="([^"]+)"[^}]*\} (\d+)$/gm,
  )) {
    counted[target === "odoo" ? "odoo" : "partner"] += Number(count);
  }
  return counted;
}

function summary({ confirm, decision, lost }: Times, idle: Idle): BenchResult {
  const at = (sample: readonly number[], share: number) => rounded(percentile(sample, share));
  return {
    bench: "outbound",
    ratios: {},
    figures: {
      decision_to_tms_p50_ms: at(decision, 0.5),
      decision_to_tms_p95_ms: at(decision, 0.95),
      decision_to_tms_longest_ms: at(decision, 1),
      confirm_p95_ms: at(confirm, 0.95),
      orders: decision.length,
      lost,
      idle_odoo_calls_per_s: rounded(idle.odoo),
      idle_partner_calls_per_s: rounded(idle.partner),
    },
  };
}

/** The goals that a result misses. */
export function missed({ figures }: BenchResult): string[] {
  const { decision_to_tms_p95_ms: p95 = 0, idle_odoo_calls_per_s: idle = 0, lost = 0 } = figures;
  return [
    ...(lost > 0 ? [`${lost} orders were not at the partner after a minute`] : []),
    ...(p95 > GOAL_MS
      ? [`decision to order at the partner p95 ${p95} ms, at most ${GOAL_MS}`]
      : []),
    ...(idle > GOAL_CALLS ? [`${idle} calls a second while idle, at most ${GOAL_CALLS}`] : []),
  ];
}
