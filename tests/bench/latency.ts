/**
 * How long it takes from a webhook's arrival until people see it: a bridge in a process of its own,
 * a real Odoo, and the control tower open in a real browser.
 *
 * Each event is sent alone and awaited on both ends. `commit` is when the bridge has Odoo's verdict,
 * which comes after the commit; `board` is when the shipment's card has changed on the page. Both
 * count from before the webhook is sent.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toUtcText } from "../../bridge/clock.ts";
import { BridgeProcess } from "../../tools/demo/bridge_process.ts";
import { odooCall } from "../../tools/demo/odoo_call.ts";
import { freePort } from "../../tools/odoo/free_port.ts";
import { ensureOdoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { sign } from "../../tools/simulator/sender.ts";
import { percentile, rounded, type BenchResult } from "./result.ts";
import { openBoard, type WatchedBoard } from "./watched_board.ts";

const CODE = "latency";
const SHIPMENTS = 20;
/** Each changes the card: its step twice, then its column. */
const STATUSES = ["requested", "accepted", "inTransit"] as const;
/** Events before the measurement: Odoo loads what it needs, the browser as well. */
const WARM_UP = 3;
const LIMIT_MS = 30_000;

interface Shipment {
  id: number;
  name: string;
}

type Log = (line: string) => void;

export async function run(log: Log): Promise<BenchResult> {
  const odoo = await (await ensureOdoo(log)).createDatabase();
  const folder = await mkdtemp(join(tmpdir(), "milepost-latency-"));
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const bridge = new BridgeProcess({
    folder,
    odoo: { url: odoo.url, database: odoo.database, apiKey: odoo.apiKeys.bridge },
    connection: CODE,
    webhookSecret: secret,
    intakePort: await freePort(),
    adminPort: await freePort(),
  });
  let board: WatchedBoard | undefined;
  try {
    const shipments = await createShipments(odoo);
    await bridge.start();
    log("opening the control tower in a browser");
    board = await openBoard(odoo, SHIPMENTS);
    const times = await measure(bridge, board, secret, shipments, log);
    return summary(times);
  } finally {
    await board?.close();
    await bridge.stop();
    await rm(folder, { recursive: true, force: true });
    await odoo.drop();
  }
}

async function createShipments(odoo: OdooDatabase): Promise<Shipment[]> {
  const admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
  const [connection] = await admin<number[]>("milepost.connection", "create", {
    vals_list: [{ name: CODE, code: CODE, source: "otm5" }],
  });
  const ids = await admin<number[]>("milepost.shipment", "create", {
    vals_list: Array.from({ length: SHIPMENTS }, () => ({ connection_id: connection })),
  });
  return admin("milepost.shipment", "read", { ids, fields: ["name"] });
}

interface Times {
  commit: number[];
  board: number[];
}

async function measure(
  bridge: BridgeProcess,
  board: WatchedBoard,
  secret: string,
  shipments: readonly Shipment[],
  log: Log,
): Promise<Times> {
  const times: Times = { commit: [], board: [] };
  let sent = 0;
  for (const [round, status] of STATUSES.entries()) {
    for (const shipment of shipments) {
      const changed = board.nextChange(shipment.id);
      const start = now();
      await post(bridge.webhookUrl, secret, message(shipment, status, round));
      const [committed, shown] = await Promise.all([
        deliveredAfter(bridge.logFile, start),
        within(changed, `the card of ${shipment.name} did not change`),
      ]);
      if (++sent <= WARM_UP) continue;
      times.commit.push(committed - start);
      times.board.push(shown - start);
    }
    log(`${status}: ${times.board.length} events measured`);
  }
  return times;
}

const now = (): number => performance.timeOrigin + performance.now();

/** An OTM5 consignment of the shipment in its new status. */
function message(shipment: Shipment, status: string, round: number): string {
  return JSON.stringify({
    entityType: "consignment",
    id: `00000000-0000-4000-8000-${String(shipment.id).padStart(12, "0")}`,
    lastModified: toUtcText(new Date(Date.now() - (STATUSES.length - round) * 60_000)),
    status,
    externalAttributes: { shipmentNumber: shipment.name },
  });
}

async function post(url: string, secret: string, body: string): Promise<void> {
  const id = `msg_${crypto.randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": sign(secret, `${id}.${timestamp}.${body}`),
    },
    body,
  });
  if (response.status !== 202) throw new Error(`The bridge answered ${response.status}`);
}

/** When the bridge had Odoo's verdict, by its own log; events are sent one by one. */
async function deliveredAfter(logFile: string, start: number): Promise<number> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n");
    const last = lines.findLast((line) => line.includes('"delivered"'));
    const { time } = JSON.parse(last ?? "{}") as { time?: string | number };
    const at = time === undefined ? 0 : new Date(time).getTime();
    if (at >= Math.floor(start)) return at;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("The bridge delivered nothing");
}

async function within(changed: Promise<number>, what: string): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(what)), LIMIT_MS);
  });
  try {
    return await Promise.race([changed, late]);
  } finally {
    clearTimeout(timer);
  }
}

function summary({ commit, board }: Times): BenchResult {
  const at = (sample: readonly number[], share: number) => rounded(percentile(sample, share));
  return {
    bench: "latency",
    ratios: {},
    figures: {
      webhook_to_commit_p50_ms: at(commit, 0.5),
      webhook_to_commit_p95_ms: at(commit, 0.95),
      webhook_to_board_p50_ms: at(board, 0.5),
      webhook_to_board_p95_ms: at(board, 0.95),
      events: board.length,
    },
  };
}
