/** The demo for people: everything runs, new orders come in, until Ctrl-C. */
import { setTimeout as pause } from "node:timers/promises";
import { ROLES } from "../odoo/template.ts";
import type { Log } from "../odoo/progress.ts";
import { bill, readBilled } from "./invoices.ts";
import { confirmOrders, createCatalogue } from "./sales.ts";
import { startSystem, tmsNow } from "./system.ts";
import { validatePickedUp } from "./warehouse.ts";

/** Five simulated minutes a second: a trip takes one to two minutes. */
const SPEED = 300;
const FIRST_ORDERS = 12;
const ORDER_EVERY_MS = 15_000;
const BILL_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 2000;
/** The TMS's time begins so long ago that hours pass until it has caught up with ours. */
const START_DAYS_AGO = 30;

export async function runLive({ seed }: { seed: string }, log: Log): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const start = new Date(Date.now() - START_DAYS_AGO * 24 * 3_600_000);
  const system = await startSystem({ database: "demo", seed, speed: SPEED, start }, log);
  try {
    const { odoo, admin, sales, analyst, simulator, bridge } = system;
    const catalogue = await createCatalogue(admin);
    await confirmOrders(sales, catalogue, FIRST_ORDERS, 0, tmsNow(simulator));
    console.log(`
Odoo       ${odoo.url}/web?db=${odoo.database}
           logins (login = password): admin, ${ROLES.join(", ")}
Board      ${odoo.url}/odoo/control-tower?db=${odoo.database} (as dispatcher)
Invoices   ${odoo.url}/odoo/customer-invoices?db=${odoo.database} (as analyst)
Bridge     curl --unix-socket ${bridge.adminSocket} http://localhost/status (or /metrics)
           log ${bridge.logFile}
TMS        ${simulator.url}/control/truth

A sales order is confirmed every ${ORDER_EVERY_MS / 1000} seconds; what is proven is invoiced every
${BILL_EVERY_MS / 1000} seconds, what differs is held (Milepost › Billing › Invoice Holds). Ctrl-C ends the demo.
Odoo stays up for the next run: npm run odoo -- down ends it.`);
    let orders = FIRST_ORDERS;
    let next = performance.now() + ORDER_EVERY_MS;
    let nextBilling = performance.now() + BILL_EVERY_MS;
    while (!stop.signal.aborted) {
      // Once it has caught up, a second there is one here.
      if (Date.parse(simulator.status().simulated_time) > Date.now()) simulator.speed = 1;
      await validatePickedUp(sales);
      if (performance.now() >= next) {
        await confirmOrders(sales, catalogue, 1, orders++, tmsNow(simulator));
        next += ORDER_EVERY_MS;
        const { finished, orders: taken } = simulator.status();
        log(`${taken} orders at the TMS, ${finished} of them at their end`);
      }
      if (performance.now() >= nextBilling) {
        await bill(analyst);
        nextBilling = performance.now() + BILL_EVERY_MS;
        const { shipments } = await readBilled(admin, system.connectionId);
        const invoices = new Set(shipments.flatMap((shipment) => shipment.invoices));
        const held = shipments.filter(({ holds }) => holds.length > 0).length;
        log(`${invoices.size} invoices posted, ${held} shipments held`);
      }
      // The signal ends the pause; that it does so by an error is no fault.
      await pause(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    log("stopping what was started");
  } finally {
    await system.stop();
  }
}
