/**
 * `npm run chaos -- --kills N --engine sqlite --seed S --json`: kills the bridge over and over at
 * random times while webhooks, polls, files and orders run against a real Odoo; in between Odoo and
 * PostgreSQL crash, the disk is full, the network is cut, and messages come twice. Ends with 1
 * unless everything that was acknowledged is in Odoo, once, nothing is stuck, and there was enough
 * to lose.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import type { Status } from "../../bridge/admin/status_type.ts";
import { errorText } from "../../bridge/errors.ts";
import { compare } from "../../tools/demo/comparison.ts";
import { readOutcomes } from "../../tools/demo/outcome.ts";
import { type Catalogue, confirmOrders, createCatalogue } from "../../tools/demo/sales.ts";
import { type DemoSystem, tmsNow } from "../../tools/demo/system.ts";
import { progress, type Log } from "../../tools/odoo/progress.ts";
import { Random } from "../../tools/simulator/random.ts";
import { Acknowledged } from "./acknowledged.ts";
import { Disasters, KILLS_PER_DISASTER } from "./disasters.ts";
import { type Findings, isClean, wasLoaded } from "./findings.ts";
import { startWorld } from "./world.ts";

const FIRST_ORDERS = 8;
/** A bridge that is up lives so long at most; every fourth is killed while it starts. */
const LONGEST_LIFE_MS = 1500;
const LONGEST_START_MS = 1000;
const FAULTS = 0.03;
/** Shipments that the partner speaks of: enough that each has as many events as a long transport. */
const SHIPMENTS = 40;
/** What stands still for so long does not come to its end by itself. */
const STANDSTILL_MS = 180_000;
/** After a crash the first calls meet connections that Odoo does not know to be dead. */
const RECOVERY_MS = 120_000;
const LOOK_EVERY_MS = 2000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Flags {
  kills: number;
  seed: string;
  json?: boolean;
}

async function runChaos({ kills, seed }: Flags, log: Log): Promise<Findings> {
  const world = await startWorld(seed, kills, log);
  const { system, folder, sftp } = world;
  try {
    const catalogue = await createCatalogue(system.admin);
    await confirmOrders(system.sales, catalogue, FIRST_ORDERS, 0, tmsNow(system.simulator));
    const partner = new Acknowledged(
      { bridge: system.bridge, folder, sftp },
      await createShipments(system),
    );
    partner.start();
    system.simulator.fail({ kinds: [], probability: FAULTS });
    const disasters = new Disasters(world, log);
    await killAll(system, catalogue, kills, disasters, new Random(seed), log);
    await partner.stop();
    log(
      `${partner.codes.size} of ${partner.sent} messages were acknowledged; everything comes to its end`,
    );
    system.simulator.calm();
    await system.simulator.finish();
    return await settled(system, partner, { kills, disasters: disasters.counts }, log);
  } catch (error) {
    // What ends next may fail for the same cause and hide it.
    log(`the run broke off: ${errorText(error)}`);
    throw error;
  } finally {
    await world.stop();
  }
}

/** Shipments that only the partner speaks of; the TMS does not know them. */
async function createShipments({ admin, connectionId }: DemoSystem): Promise<string[]> {
  const ids = await admin<number[]>("milepost.shipment", "create", {
    vals_list: Array.from({ length: SHIPMENTS }, () => ({ connection_id: connectionId })),
  });
  const fields = ["name"];
  const rows = await admin<Array<{ name: string }>>("milepost.shipment", "read", { ids, fields });
  return rows.map(({ name }) => name);
}

async function killAll(
  { bridge, sales, simulator }: DemoSystem,
  catalogue: Catalogue,
  kills: number,
  disasters: Disasters,
  random: Random,
  log: Log,
): Promise<void> {
  let disaster = KILLS_PER_DISASTER;
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
    for (; disaster <= kill; disaster += KILLS_PER_DISASTER) await disasters.next();
    await confirmed(() =>
      confirmOrders(sales, catalogue, 1, FIRST_ORDERS + kill, tmsNow(simulator)),
    );
    log(`killed ${kill} of ${kills} times`);
  }
}

async function confirmed(order: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + RECOVERY_MS;
  for (;;) {
    try {
      return void (await order());
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(1000);
    }
  }
}

/** Waits until all is at its end, or nothing has moved for long, and counts what is wrong. */
async function settled(
  system: DemoSystem,
  partner: Acknowledged,
  done: Pick<Findings, "kills" | "disasters">,
  log: Log,
): Promise<Findings> {
  let last = "";
  let since = performance.now();
  for (;;) {
    const findings = await find(system, partner, done);
    if (isClean(findings)) return findings;
    const text = JSON.stringify(findings);
    if (text !== last) since = performance.now();
    else if (performance.now() - since > STANDSTILL_MS) return findings;
    if (text !== last) log(`waiting: ${text}`);
    last = text;
    await pause(LOOK_EVERY_MS);
  }
}

async function find(
  { odoo, admin, bridge, simulator, connectionId }: DemoSystem,
  partner: Acknowledged,
  done: Pick<Findings, "kills" | "disasters">,
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
    ...done,
    acknowledged: partner.codes.size,
    acknowledged_lost: lost.length,
    duplicates_in_odoo: [...stored.values()].filter((count) => count !== "1").length,
    stuck: waiting + open + status.unread,
    orders: ordered.length,
    orders_twice: truths.length - new Set(truths.map((truth) => truth.shipment)).size,
    mismatches: compare(truths, ordered).length,
    repeated: partner.repeated,
    channels: partner.channels,
  };
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
const isProven = isClean(findings) && wasLoaded(findings);
if (!wasLoaded(findings)) log("there was too little load to prove anything");
log(isProven ? "nothing was lost, doubled or stuck" : "SOMETHING IS WRONG");
console.log(flags.json === true ? JSON.stringify(findings) : findings);
process.exitCode = isProven ? 0 : 1;
