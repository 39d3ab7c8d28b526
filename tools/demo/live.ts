/** The demo for people: everything runs, new orders come in, until Ctrl-C. */
import { setTimeout as pause } from "node:timers/promises";
import { ROLES } from "../odoo/template.ts";
import type { Log } from "../odoo/progress.ts";
import { confirmOrders, createCatalogue } from "./sales.ts";
import { startSystem } from "./system.ts";
import { validatePickedUp } from "./warehouse.ts";

/** Five simulated minutes a second: a trip takes one to two minutes. */
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
Odoo       ${odoo.url}/web?db=${odoo.database}
           logins (login = password): admin, ${ROLES.join(", ")}
Board      ${odoo.url}/odoo/control-tower?db=${odoo.database} (as dispatcher)
Bridge     ${bridge.adminUrl}/metrics and /status, log ${bridge.logFile}
TMS        ${simulator.url}/control/truth

A sales order is confirmed every ${ORDER_EVERY_MS / 1000} seconds. Ctrl-C ends the demo.
Odoo stays up for the next run: npm run odoo -- down ends it.`);
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
      // The signal ends the pause; that it does so by an error is no fault.
      await pause(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    log("stopping what was started");
  } finally {
    await system.stop();
  }
}
