/**
 * Odoo is down while 100,000 messages come in, a tenth of them about shipments that others speak of
 * too, under other numbers; then it is back, with its cron jobs at work, and messages go on coming.
 * How long a 202 takes in such a burst, how fast the backlog drains beside what comes in, how long
 * proofs and charges take meanwhile, how much memory the bridge needs, how often facts were sent,
 * and whether each is in Odoo once.
 */
import SqliteDatabase from "better-sqlite3";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BridgeProcess } from "../../tools/demo/bridge_process.ts";
import { odooCall } from "../../tools/demo/odoo_call.ts";
import { freePort } from "../../tools/odoo/free_port.ts";
import { ensureOdoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { Wire } from "../chaos/wire.ts";
import {
  BILLER,
  CHARGES,
  connections,
  expected,
  type Parcels,
  Partners,
  SCANS,
} from "./backlog_partners.ts";
import { type BenchResult, percentile, rounded } from "./result.ts";

const MESSAGES = 100_000;
const PER_SHIPMENT = 30;
const PARCELS_PER_SHARED = 20;
const MESSAGES_PER_SHARED = 50;
const AT_ONCE = 32;
/** Messages a second that go on coming while the backlog drains. */
const INFLOW = 5;
const LOOK_EVERY_MS = 1000;
/** A backlog that has not moved for so long does not drain. */
const STANDSTILL_MS = 180_000;
const BILLING = 0;

const GOAL = { drain: 20, seconds: 60, rss: 300, takenMs: 1000 };

type Log = (line: string) => void;

export async function run(log: Log, size = MESSAGES): Promise<BenchResult> {
  const odoo = await (await ensureOdoo(log)).createDatabase();
  const folder = await mkdtemp(join(tmpdir(), "milepost-backlog-"));
  const { wire, url } = await Wire.to(odoo.url);
  const bridge = new BridgeProcess({
    folder,
    odoo: { url, database: odoo.database, apiKey: odoo.apiKeys.bridge },
    connection: "tms",
    webhookSecret: `whsec_${Buffer.alloc(24, "b").toString("base64")}`,
    connections,
    partnersDir: join(folder, "partners"),
    intakePort: await freePort(),
    adminPort: await freePort(),
  });
  try {
    log("shipments and the numbers of their parcels");
    const parcels = await shipments(odoo, size);
    mkdirSync(join(folder, "partners"));
    writeFileSync(join(folder, "partners/biller.yaml"), BILLER);
    await bridge.start();
    const partners = new Partners(new URL(bridge.webhookUrl).origin, parcels);
    const figures = await drain(bridge, partners, wire, size, log);
    await partners.close();
    await bridge.stop();
    const { sent } = partners;
    sayUnfinished(folder, log);
    const stored = { ...(await inOdoo(odoo, sent)), ...waits(folder, figures.recoveredAt) };
    const { drained, inflow, recoveredAt: _at, ...rest } = figures;
    return {
      bench: "backlog",
      ratios: { drain_vs_inflow: rounded(drained / inflow) },
      figures: { messages: sent, drained_per_s: rounded(drained), ...rest, ...stored },
    };
  } finally {
    await bridge.kill();
    wire.close();
    await odoo.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Shipments of one parcel with a number each, and such of many parcels. */
async function shipments(odoo: OdooDatabase, size: number): Promise<Parcels> {
  const admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
  const [id] = await admin<number[]>("milepost.connection", "create", {
    vals_list: [SCANS, CHARGES, "tms"].map((code) => ({ name: code, code, source: "otm5" })),
  });
  const counts = {
    own: Math.ceil((size * 0.9) / PER_SHIPMENT),
    shared: Math.ceil((size * 0.1) / MESSAGES_PER_SHARED),
  };
  const make = async (count: number, parcels: number, word: string) => {
    const numbers: string[] = [];
    for (let from = 0; from < count; from += 200) {
      const ids = await admin<number[]>("milepost.shipment", "create", {
        vals_list: Array.from({ length: Math.min(200, count - from) }, () => ({
          connection_id: id,
        })),
      });
      const rows = ids.flatMap((shipment, at) =>
        Array.from({ length: parcels }, (_, parcel) => {
          const number = `${word}${String(from + at).padStart(6, "0")}${parcel}`;
          numbers.push(number);
          return [shipment, number] as const;
        }),
      );
      await odoo.sql(naming(rows));
    }
    return numbers;
  };
  const own = await make(counts.own, 1, "OWN");
  return { own, shared: await make(counts.shared, PARCELS_PER_SHARED, "SHR") };
}

function naming(rows: ReadonlyArray<readonly [number, string]>): string {
  const values = rows.map(([shipment, number]) => `(${shipment}, '${number}')`).join(", ");
  return `
    WITH given (shipment, number) AS (VALUES ${values}),
    made AS (
      INSERT INTO milepost_identifier (company_id, type, value, rev)
      SELECT s.company_id, 'tracking', number, 0
        FROM given JOIN milepost_shipment s ON s.id = shipment
      RETURNING id, value)
    INSERT INTO milepost_identifier_shipment (identifier_id, shipment_id)
    SELECT made.id, given.shipment FROM made JOIN given ON given.number = made.value`;
}

/** Fills the store while Odoo is away, and drains it while messages go on coming. */
async function drain(
  bridge: BridgeProcess,
  partners: Partners,
  wire: Wire,
  size: number,
  log: Log,
) {
  wire.cut();
  log(`Odoo is away; ${size} messages come in`);
  const filling = performance.now();
  await partners.send(size, AT_ONCE);
  const taken = size / ((performance.now() - filling) / 1000);
  const takenP99 = percentile(partners.waits, 0.99);
  while (await metric(bridge, "milepost_inbox_unread_messages")) await pause(LOOK_EVERY_MS);
  const backlog = await metric(bridge, "milepost_queue_depth");
  log(`${backlog} facts wait; Odoo is back`);
  const recoveredAt = Date.now();
  const start = performance.now();
  wire.mend();
  const stop = new AbortController();
  const flowing = flow(partners, stop.signal);
  let [left, moved, looked] = [backlog, start, start];
  while (left > INFLOW * 10) {
    await pause(LOOK_EVERY_MS);
    const now = await metric(bridge, "milepost_queue_depth");
    if (now < left) moved = performance.now();
    if (performance.now() - moved > STANDSTILL_MS) throw new Error(`${now} facts do not move`);
    if (performance.now() - looked > 10_000) {
      looked = performance.now();
      log(`${now} facts wait`);
    }
    left = now;
  }
  const seconds = (performance.now() - start) / 1000;
  stop.abort();
  await flowing;
  const perMessage = backlog / size;
  const inflow = ((partners.sent - size) * perMessage) / seconds;
  const drained = (partners.sent * perMessage - left) / seconds;
  // What is not read yet is in no queue.
  for (const name of ["milepost_inbox_unread_messages", "milepost_queue_depth"]) {
    while (await metric(bridge, name)) await pause(LOOK_EVERY_MS);
  }
  const verdicts = await metric(bridge, "milepost_facts_total");
  const again = await metric(bridge, 'milepost_facts_total{[^}]*status="retry"');
  return {
    recoveredAt,
    drained,
    inflow,
    seconds: rounded(seconds),
    taken_per_s: rounded(taken),
    taken_p99_ms: rounded(takenP99),
    locked_share: rounded(again / verdicts),
    sent_per_fact: rounded(verdicts / (verdicts - again)),
    peak_rss_mb: rounded(peakMemory(bridge)),
  };
}

async function flow(partners: Partners, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await partners.send(1, 1);
    await pause(1000 / INFLOW);
  }
}

/** Sum of the series whose name (and beginning of labels) is this. */
async function metric(bridge: BridgeProcess, series: string): Promise<number> {
  const text = await (await bridge.askAdmin("/metrics")).text();
  const lines = text.matchAll(new RegExp(`^${series}[^ ]* (\\S+)$`, "gm"));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** In megabytes, since its start, as the kernel counts. */
function peakMemory(bridge: BridgeProcess): number {
  const status = readFileSync(`/proc/${bridge.pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** What of the messages is in Odoo: each once. */
async function inOdoo(odoo: OdooDatabase, sent: number) {
  const wanted = expected(sent);
  const count = async (sql: string) => Number(await odoo.sql(`SELECT ${sql}`));
  const stored = {
    milestones: await count("count(*) FROM milepost_milestone"),
    proofs: await count("count(*) FROM milepost_pod"),
    charges: await count("count(*) FROM milepost_charge WHERE raw_code = 'LHC'"),
  };
  const unlike = await count("count(*) FROM milepost_milestone WHERE shipment_id IS NULL");
  const differences = (["milestones", "proofs", "charges"] as const).map(
    (kind) => stored[kind] - wanted[kind],
  );
  const sumOf = (list: readonly number[]) => list.reduce((sum, it) => sum + it, 0);
  return {
    lost: sumOf(differences.map((it) => Math.max(0, -it))) + unlike,
    doubled: sumOf(differences.map((it) => Math.max(0, it))),
  };
}

/** What the store says of facts and messages that are not in Odoo, should one be missed there. */
function sayUnfinished(folder: string, log: Log): void {
  const store = new SqliteDatabase(join(folder, "milepost.sqlite"), { readonly: true });
  const facts = store
    .prepare("SELECT state, kind, count(*) AS count FROM fact GROUP BY 1, 2")
    .all();
  const letters = store.prepare(
    "SELECT stage, code, count(*) AS count FROM dead_letter GROUP BY 1, 2",
  );
  log(`facts in the store: ${JSON.stringify(facts)}`);
  log(`dead letters: ${JSON.stringify(letters.all())}`);
  store.close();
}

/** From the arrival of proofs and charges that came after the outage to Odoo's verdict on them. */
function waits(folder: string, since: number) {
  const store = new SqliteDatabase(join(folder, "milepost.sqlite"), { readonly: true });
  const seconds = store
    .prepare<[number, number], number>(
      `SELECT (settled_at - received_at) / 1000.0 FROM fact
       WHERE priority = ? AND received_at >= ? AND settled_at IS NOT NULL`,
    )
    .pluck()
    .all(BILLING, since);
  store.close();
  return {
    billing_facts: seconds.length,
    billing_p95_s: rounded(percentile(seconds, 0.95)),
    billing_longest_s: rounded(Math.max(...seconds)),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function missed({ ratios, figures }: BenchResult): string[] {
  const { lost = 0, doubled = 0, billing_p95_s = 0, peak_rss_mb = 0 } = figures;
  const { taken_p99_ms = 0 } = figures;
  const { drain_vs_inflow = 0 } = ratios;
  return [
    ...(lost > 0 ? [`${lost} facts are not in Odoo`] : []),
    ...(doubled > 0 ? [`${doubled} facts are in Odoo more than once`] : []),
    ...(taken_p99_ms > GOAL.takenMs ? [`a 202 took ${taken_p99_ms} ms`] : []),
    ...(drain_vs_inflow < GOAL.drain ? [`it drains at ${drain_vs_inflow} times the inflow`] : []),
    ...(billing_p95_s > GOAL.seconds ? [`proofs and charges took ${billing_p95_s} s`] : []),
    ...(peak_rss_mb > GOAL.rss ? [`the bridge needed ${peak_rss_mb} MB`] : []),
  ];
}
