/**
 * `npm run chaos -- --kills N --engine sqlite --seed S --json`: kills the bridge over and over at
 * random times while webhooks, polls and orders run against a real Odoo. Ends with 1 unless
 * everything that was acknowledged is in Odoo, once, and nothing is stuck.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import type { Status } from "../../bridge/admin/status_type.ts";
import { compare } from "../../tools/demo/comparison.ts";
import { readOutcomes } from "../../tools/demo/outcome.ts";
import { type Catalogue, confirmOrders, createCatalogue } from "../../tools/demo/sales.ts";
import { type DemoSystem, startSystem } from "../../tools/demo/system.ts";
import { progress, type Log } from "../../tools/odoo/progress.ts";
import { Random } from "../../tools/simulator/random.ts";
import { Acknowledged } from "./acknowledged.ts";

/** Simulated seconds per real second. */
const SPEED = 300;
const FIRST_ORDERS = 8;
/** A bridge that is up lives so long at most; every fourth is killed while it starts. */
const LONGEST_LIFE_MS = 1500;
const LONGEST_START_MS = 1000;
const FAULTS = 0.03;
const SETTLE_MS = 180_000;

interface Flags {
  kills: number;
  seed: string;
  json?: boolean;
}

interface Findings {
  kills: number;
  acknowledged: number;
  acknowledged_lost: number;
  duplicates_in_odoo: number;
  /** Facts, orders and dead letters that are not where they belong at the end. */
  stuck: number;
  orders: number;
  orders_twice: number;
  mismatches: number;
}

async function runChaos({ kills, seed }: Flags, log: Log): Promise<Findings> {
  const system = await startSystem({ database: `t_chaos_${process.pid}`, seed, speed: SPEED }, log);
  try {
    const catalogue = await createCatalogue(system.admin);
    await confirmOrders(system.sales, catalogue, FIRST_ORDERS);
    const partner = new Acknowledged(system.bridge, await createShipments(system));
    partner.start();
    system.simulator.fail({ kinds: [], probability: FAULTS });
    await killAll(system, catalogue, kills, new Random(seed), log);
    await partner.stop();
    log(
      `${partner.codes.size} of ${partner.sent} messages were acknowledged; everything comes to its end`,
    );
    system.simulator.calm();
    await system.simulator.finish();
    return await settled(system, partner, kills, log);
  } finally {
    await system.stop();
  }
}

/** Shipments that only the partner speaks of; the TMS does not know them. */
async function createShipments({ admin, connectionId }: DemoSystem): Promise<string[]> {
  const ids = await admin<number[]>("milepost.shipment", "create", {
    vals_list: Array.from({ length: 5 }, () => ({ connection_id: connectionId })),
  });
  const fields = ["name"];
  const rows = await admin<Array<{ name: string }>>("milepost.shipment", "read", { ids, fields });
  return rows.map(({ name }) => name);
}

async function killAll(
  { bridge, sales }: DemoSystem,
  catalogue: Catalogue,
  kills: number,
  random: Random,
  log: Log,
): Promise<void> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let kill = 1; kill <= kills; kill++) {
    await pause(random.next() * LONGEST_LIFE_MS);
    await bridge.kill();
    while (kill < kills && random.chance(0.25)) {
      kill += 1;
      const starting = bridge.start().catch(() => undefined); // killed while it starts, as meant
      await pause(random.next() * LONGEST_START_MS);
      await bridge.kill();
      await starting;
    }
    await bridge.start();
    await confirmOrders(sales, catalogue, 1, FIRST_ORDERS + kill);
    log(`killed ${kill} of ${kills} times`);
  }
}

/** Waits until nothing moves any more, or for the limit, and counts what is wrong. */
async function settled(
  system: DemoSystem,
  partner: Acknowledged,
  kills: number,
  log: Log,
): Promise<Findings> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const findings = await find(system, partner, kills);
    if (isClean(findings) || performance.now() > deadline) return findings;
    log(`waiting: ${JSON.stringify(findings)}`);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function find(
  { odoo, admin, bridge, simulator, connectionId }: DemoSystem,
  partner: Acknowledged,
  kills: number,
): Promise<Findings> {
  const rows = await odoo.sql(
    `SELECT raw_code, count(*) FROM milepost_milestone
      WHERE raw_code LIKE 'consignment/chaos-%' GROUP BY raw_code`,
  );
  const lines = rows.split("\n").filter((line) => line !== "");
  const stored = new Map(lines.map((line) => line.split("\t") as [string, string]));
  const lost = [...partner.codes].filter((code) => !stored.has(code));
  const status = (await (await bridge.askAdmin("/status")).json()) as Status;
  const waiting = [...status.queue, ...status.dead_letters].reduce((sum, it) => sum + it.count, 0);
  const open = await admin<number>("milepost.outbox", "search_count", {
    domain: [["state", "!=", "accepted"]],
  });
  const truths = simulator.truth();
  const outcomes = await readOutcomes(admin, connectionId);
  const ordered = outcomes.filter(({ order }) => order !== undefined && order !== null);
  return {
    kills,
    acknowledged: partner.codes.size,
    acknowledged_lost: lost.length,
    duplicates_in_odoo: [...stored.values()].filter((count) => count !== "1").length,
    stuck: waiting + open,
    orders: ordered.length,
    orders_twice: truths.length - new Set(truths.map((truth) => truth.shipment)).size,
    mismatches: compare(truths, ordered).length,
  };
}

function isClean(it: Findings): boolean {
  const { acknowledged_lost, duplicates_in_odoo, stuck, orders_twice, mismatches } = it;
  return acknowledged_lost + duplicates_in_odoo + stuck + orders_twice + mismatches === 0;
}

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("must be from 1");
  return value;
};

const flags = new Command("chaos")
  .description("Kills the bridge at random times and looks for what was lost or doubled.")
  .option("--kills <count>", "how often to kill it", count, 20)
  .addOption(new Option("--engine <name>", "the store").choices(["sqlite"]).default("sqlite"))
  .option("--seed <text>", "the same seed gives the same chance", "milepost")
  .option("--json", "print the findings as one line of JSON")
  .parse()
  .opts<Flags>();
const log = progress();
const findings = await runChaos(flags, log);
log(isClean(findings) ? "nothing was lost, doubled or stuck" : "SOMETHING IS WRONG");
console.log(flags.json === true ? JSON.stringify(findings) : findings);
process.exitCode = isClean(findings) ? 0 : 1;
