/** The running system of the demo: a database of a real Odoo, the TMS simulator and the bridge. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../odoo/free_port.ts";
import { ensureOdoo, type Odoo, type OdooDatabase } from "../odoo/odoo.ts";
import type { Log } from "../odoo/progress.ts";
import { startSimulator, type Simulator } from "../simulator/simulator.ts";
import { BridgeProcess, type BridgeSettings } from "./bridge_process.ts";
import { odooCall, type OdooCall } from "./odoo_call.ts";

const CONNECTION = "tms";

/** The TMS's now, as Odoo writes instants. */
export function tmsNow(simulator: Simulator): string {
  return simulator.status().simulated_time.slice(0, 19).replace("T", " ");
}

export interface DemoSettings {
  database: string;
  seed: string;
  /** Simulated seconds per real second. */
  speed: number;
  /** Where the TMS's time begins; its own default otherwise. */
  start?: Date;
  /** The bridge's: its folders, further connections, its store, and what stands before Odoo and TMS. */
  bridge?: Pick<BridgeSettings, "connections" | "store" | "dataDir" | "orders"> & {
    folder?: string;
    wired?: (url: string) => Promise<string>;
  };
}

export interface DemoSystem {
  server: Odoo;
  odoo: OdooDatabase;
  admin: OdooCall;
  /** A salesperson who also works in the warehouse. */
  sales: OdooCall;
  analyst: OdooCall;
  connectionId: number;
  simulator: Simulator;
  bridge: BridgeProcess;
  /** Ends what was started and drops the database. */
  stop(): Promise<void>;
}

export async function startSystem(settings: DemoSettings, log: Log): Promise<DemoSystem> {
  const ends: Array<() => Promise<unknown>> = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    log("finding or provisioning Odoo");
    const server = await ensureOdoo(log);
    log(`creating the database ${settings.database}`);
    const odoo = await server.createDatabase(settings.database);
    ends.push(() => odoo.drop());
    const admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    const sales = odooCall(odoo.url, odoo.database, odoo.apiKeys.dispatcher);
    const analyst = odooCall(odoo.url, odoo.database, odoo.apiKeys.analyst);
    const connectionId = await createConnection(admin);

    const token = randomBytes(16).toString("hex");
    const { seed, speed, start } = settings;
    const simulator = await startSimulator({ seed, speed, token, ...(start && { start }) });
    ends.push(() => simulator.stop());
    const bridge = await startBridge(odoo, simulator, token, settings.bridge ?? {}, ends);
    log("Odoo, the TMS and the bridge run");
    return { server, odoo, admin, sales, analyst, connectionId, simulator, bridge, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The connection takes all deliveries, orders their transport and tells of their invoices by itself. */
async function createConnection(admin: OdooCall): Promise<number> {
  const [id] = await admin<number[]>("milepost.connection", "create", {
    vals_list: [
      {
        name: "Transport Management",
        code: CONNECTION,
        source: "otm5",
        is_default: true,
        auto_transport_order: true,
        wants_outcomes: true,
      },
    ],
  });
  if (id === undefined) throw new Error("Odoo created no connection");
  return id;
}

async function startBridge(
  odoo: OdooDatabase,
  simulator: Simulator,
  tmsToken: string,
  { folder: own, wired = async (url) => url, ...more }: NonNullable<DemoSettings["bridge"]>,
  ends: Array<() => Promise<unknown>>,
): Promise<BridgeProcess> {
  const folder = own ?? (await mkdtemp(join(tmpdir(), "milepost-demo-")));
  if (own === undefined) ends.push(() => rm(folder, { recursive: true, force: true }));
  const webhookSecret = `whsec_${randomBytes(24).toString("base64")}`;
  const bridge = new BridgeProcess({
    ...more,
    folder,
    odoo: { url: await wired(odoo.url), database: odoo.database, apiKey: odoo.apiKeys.bridge },
    connection: CONNECTION,
    webhookSecret,
    tms: { url: await wired(simulator.url), token: tmsToken },
    intakePort: await freePort(),
    adminPort: await freePort(),
  });
  ends.push(() => bridge.stop());
  await bridge.start();
  simulator.setWebhook({ url: bridge.webhookUrl, secret: webhookSecret });
  return bridge;
}
