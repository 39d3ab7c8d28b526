/** The demo for people: everything runs, new orders come in, until Ctrl-C. */
import { once } from "node:events";
import { ROLES } from "../odoo/template.ts";
import type { Log } from "../odoo/progress.ts";
import { confirmOrders, createCatalogue } from "./sales.ts";
import { startSystem } from "./system.ts";
import { validatePickedUp } from "./warehouse.ts";

/** Ten simulated minutes a second: a trip takes about half a minute to a minute. */
const SPEED = 300;
const FIRST_ORDERS = 12;
const ORDER_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 2000;

export async function runLive({ seed }: { seed: string }, log: Log): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const system = await startSystem({ database: "demo", seed, speed: SPEED }, log);
  try {
    const { odoo, sales, simulator, bridge } = system;
    const catalogue = await createCatalogue(system.admin);
    await confirmOrders(sales, catalogue, FIRST_ORDERS);
    console.log(`
Odoo       ${odoo.url}/odoo?db=${odoo.database}
           logins (login = password): admin, ${ROLES.join(", ")}
Board      ${odoo.url}/odoo/control-tower?db=${odoo.database} (as dispatcher)
Bridge     ${bridge.adminUrl}/metrics and /status, log ${bridge.logFile}
TMS        ${simulator.url}/control/truth

A sales order is confirmed every ${ORDER_EVERY_MS / 1000} seconds. Ctrl-C ends everything.`);
    let orders = FIRST_ORDERS;
    let next = performance.now() + ORDER_EVERY_MS;
    while (!stop.signal.aborted) {
      await validatePickedUp(sales);
      if (performance.now() >= next) {
        await confirmOrders(sales, catalogue, 1, orders++);
        next += ORDER_EVERY_MS;
        const { finished, orders: taken } = simulator.status();
        log(`${taken} orders at the TMS, ${finished} of them at their end`);
      }
      await Promise.race([
        new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS)),
        once(stop.signal, "abort"),
      ]);
    }
    log("stopping what was started");
  } finally {
    await system.stop();
  }
}
