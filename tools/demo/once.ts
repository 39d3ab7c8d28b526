/**
 * The demo to its end: sales orders are confirmed in Odoo, everything else follows, and what Odoo
 * believes and has invoiced at the end is compared with what the TMS knows happened.
 */
import type { Log } from "../odoo/progress.ts";
import type { OrderTruth } from "../simulator/ledger.ts";
import type { SimulatorStatus } from "../simulator/simulator.ts";
import { compare, type Mismatch } from "./comparison.ts";
import { callOff, wantMore } from "./amendments.ts";
import { compareInvoices } from "./invoice_comparison.ts";
import { bill, readBilled } from "./invoices.ts";
import { countFacts, readOutcomes, type ShipmentOutcome } from "./outcome.ts";
import { confirmOrders, createCatalogue } from "./sales.ts";
import { ALL_WAYS_FROM, AMENDED_FROM, type OnceOptions, type OnceResult } from "./once_result.ts";
import { type DemoSystem, startSystem, tmsNow } from "./system.ts";
import { validatePickedUp } from "./warehouse.ts";
import { leaveSomeBehind, sellAllWays, shipmentsOf, WAY_SHIPMENTS, WAYS } from "./ways.ts";
import type { Seller, Way, WaySales } from "./ways.ts";

/** Simulated seconds per real second: a day of trips in about a minute and a half. */
const SPEED = 900;
/** While the sales team still changes its mind, no vehicle comes for the goods. */
const SLOW = 10;
const LONGEST_AMENDING_MS = 90_000;
/** The TMS's time begins so long ago that all its trips end before now: no proof is of the future. */
const START_HOURS_AGO = 72;
/** Orders that the sales team confirms at a time. */
const ORDERS_A_TIME = 10;
/** Of the TMS's answers this share is refused, late, broken or lost. */
const FAULTS = 0.05;
const LONGEST_TRIPS_MS = 240_000;
/** What was said last must be in Odoo this long after it was said. */
const SETTLE_MS = 120_000;

export async function runOnce(options: OnceOptions, log: Log): Promise<OnceResult> {
  const started = performance.now();
  const database = `demo_once_${process.pid}`;
  const start = new Date(Date.now() - START_HOURS_AGO * 3_600_000);
  const system = await startSystem({ database, seed: options.seed, speed: SPEED, start }, log);
  try {
    const run = new OnceRun(system, options, log);
    return { ...(await run.toTheEnd()), seconds: Math.round((performance.now() - started) / 1000) };
  } finally {
    await system.stop();
  }
}

interface Settled {
  outcomes: ShipmentOutcome[];
  mismatches: Mismatch[];
  invoices: ReturnType<typeof compareInvoices>;
}

class OnceRun {
  readonly #system: DemoSystem;
  readonly #options: OnceOptions;
  readonly #log: Log;
  #kills = 0;
  #transfers = 0;
  /** Shipments that were invoiced while things still happened. */
  #early: ReadonlySet<string> = new Set();
  #ways: WaySales | undefined;

  constructor(system: DemoSystem, options: OnceOptions, log: Log) {
    this.#system = system;
    this.#options = options;
    this.#log = log;
  }

  async toTheEnd(): Promise<Omit<OnceResult, "seconds">> {
    const { simulator } = this.#system;
    simulator.fail({ kinds: [], probability: FAULTS });
    simulator.speed = SLOW;
    await this.#amend(await this.#sell());
    simulator.speed = SPEED;
    await this.#drive();
    // Nothing happens any more: the TMS's clock would only run ahead of ours.
    simulator.speed = 0;
    simulator.calm();
    const { outcomes, mismatches, invoices } = await this.#settle();
    for (const it of [...mismatches, ...invoices.mismatches].slice(0, 20)) {
      const sides = `happened ${JSON.stringify(it.truth)}, Odoo has ${JSON.stringify(it.odoo)}`;
      this.#log(`MISMATCH ${it.shipment} ${it.what}: ${sides}`);
    }
    return this.#result(outcomes, mismatches, invoices);
  }

  async #sell(): Promise<number[]> {
    const { admin, sales, connectionId, simulator } = this.#system;
    const { shipments } = this.#options;
    const areAll = shipments >= ALL_WAYS_FROM;
    const plain = shipments - (areAll ? WAY_SHIPMENTS : 0);
    const catalogue = await createCatalogue(admin);
    const seller: Seller = { admin, sales, connectionId, catalogue, readyAt: tmsNow(simulator) };
    const ways = areAll ? await sellAllWays(seller) : undefined;
    if (ways !== undefined) await this.#spareOneOf(ways);
    const ids: number[] = [];
    for (let first = 0; first < plain; first += ORDERS_A_TIME) {
      const count = Math.min(ORDERS_A_TIME, plain - first);
      ids.push(...(await confirmOrders(sales, catalogue, count, first, seller.readyAt)));
    }
    this.#log(`the sales of ${shipments} shipments are confirmed`);
    this.#ways = ways;
    if (ways === undefined) return ids;
    await this.#until(() => simulator.truth().length >= shipments - 1);
    await leaveSomeBehind(seller, ways);
    return ids;
  }

  /** Of each way one shipment comes to a good end, so that there is an invoice to compare. */
  async #spareOneOf(ways: WaySales): Promise<void> {
    const { admin, simulator } = this.#system;
    const shipments = Object.values(await shipmentsOf(admin, ways));
    simulator.spare(shipments.flatMap((own) => own.slice(0, 1)));
  }

  /** Once the TMS has the orders, one sale wants more and one is called off. */
  async #amend([more, none, ...others]: readonly number[]): Promise<void> {
    if (more === undefined || none === undefined || 2 + others.length < AMENDED_FROM) return;
    const { simulator, sales } = this.#system;
    await this.#until(() => simulator.truth().length >= this.#options.shipments);
    await wantMore(sales, more);
    await callOff(sales, none);
    const changes = this.#ways === undefined ? 1 : 2;
    await this.#until(() => {
      const [changed, calledOff] = amended(simulator.truth());
      return changed >= changes && calledOff === 1;
    });
    this.#log("orders were changed and one called off after the TMS had them");
  }

  async #until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + LONGEST_AMENDING_MS;
    while (!isSo() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Until every order is at its end and the TMS has said all that it has to say. */
  async #drive(): Promise<void> {
    const { simulator, admin } = this.#system;
    const deadline = performance.now() + LONGEST_TRIPS_MS;
    let told = 0;
    for (;;) {
      const status = simulator.status();
      const progress = Math.floor((status.finished / this.#options.shipments) * 4);
      if (progress > told) {
        this.#tell((told = progress), status);
        await this.#billEarly();
      }
      if (status.orders >= this.#options.shipments && status.finished >= status.orders) {
        if (status.idle) return;
      }
      if (performance.now() > deadline) {
        this.#log(`the trips did not end in time: ${JSON.stringify(status)}`);
        return;
      }
      if (this.#options.kill && this.#kills === 0 && this.#isInTheMiddle()) await this.#kill();
      this.#transfers += await validatePickedUp(admin);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  #tell(quarters: number, status: SimulatorStatus): void {
    const { finished, simulated_time: time } = status;
    this.#log(`${quarters * 25} %: ${finished} orders are at their end; at the TMS it is ${time}`);
  }

  /** Bills what is proven by now: what comes afterwards meets a posted invoice. */
  async #billEarly(): Promise<void> {
    await bill(this.#system.analyst);
    await this.#noteEarly();
    this.#log(`${this.#early.size} shipments are invoiced`);
  }

  async #noteEarly(): Promise<void> {
    const { admin, connectionId } = this.#system;
    const { shipments } = await readBilled(admin, connectionId);
    this.#early = new Set(
      shipments.filter(({ invoices }) => invoices.length > 0).map(({ name }) => name),
    );
  }

  #isInTheMiddle(): boolean {
    const truths = this.#system.simulator.truth();
    const moved = truths.filter((truth) => truth.state !== "booked").length;
    return moved >= this.#options.shipments / 2;
  }

  /** As the kernel would: what the bridge has in hand is gone with it. */
  async #kill(): Promise<void> {
    this.#kills += 1;
    const { bridge } = this.#system;
    await bridge.kill();
    this.#log("the bridge was killed (SIGKILL) in the middle of the traffic");
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await bridge.start();
    this.#log("the bridge runs again");
  }

  /** Until Odoo believes and has invoiced what happened, or the time for that is over. */
  async #settle(): Promise<Settled> {
    const { admin, analyst, simulator, connectionId } = this.#system;
    this.#log("the TMS has said everything; comparing what Odoo believes with what happened");
    const deadline = performance.now() + SETTLE_MS;
    await this.#noteEarly();
    for (;;) {
      this.#transfers += await validatePickedUp(admin);
      const truths = simulator.truth();
      const outcomes = await readOutcomes(admin, connectionId);
      const mismatches = compare(truths, outcomes);
      // While facts still come, Odoo's own run may bill what the next of them sets right.
      await (mismatches.length > 0 ? this.#noteEarly() : bill(analyst));
      const billed = await readBilled(admin, connectionId);
      const invoices = compareInvoices(truths, billed, this.#early);
      const found = mismatches.length + invoices.mismatches.length;
      if (found === 0 || performance.now() > deadline) return { outcomes, mismatches, invoices };
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async #waysOf(
    isDue: ReadonlySet<string>,
    isPosted: ReadonlySet<string>,
  ): Promise<OnceResult["ways"]> {
    if (this.#ways === undefined) return {};
    const names = await shipmentsOf(this.#system.admin, this.#ways);
    const count = (way: Way) => ({
      shipments: names[way].length,
      expected: names[way].filter((name) => isDue.has(name)).length,
      posted: names[way].filter((name) => isPosted.has(name)).length,
    });
    return Object.fromEntries(WAYS.map((way) => [way, count(way)])) as OnceResult["ways"];
  }

  async #result(
    outcomes: readonly ShipmentOutcome[],
    mismatches: readonly Mismatch[],
    invoices: Settled["invoices"],
  ): Promise<Omit<OnceResult, "seconds">> {
    const { admin, simulator, connectionId } = this.#system;
    const truths = simulator.truth();
    const orders = Map.groupBy(truths, (truth) => truth.shipment);
    const states = Map.groupBy(outcomes, (outcome) => outcome.state);
    const sum = (of: (truth: (typeof truths)[number]) => number) =>
      truths.reduce((total, truth) => total + of(truth), 0);
    const faults = Object.values(simulator.status().faults);
    const [changed, calledOff] = amended(truths);
    return {
      mismatches: mismatches.length,
      shipments: outcomes.length,
      facts: {
        sent: sum((truth) => truth.messages.sent + truth.messages.withheld),
        duplicates_sent: sum((truth) => truth.messages.duplicated),
        stored: await countFacts(admin, connectionId),
      },
      orders: {
        wanted: this.#options.shipments,
        sent: sum((truth) => truth.received),
        accepted: outcomes.filter((outcome) => outcome.order?.state === "accepted").length,
        missing: this.#options.shipments - orders.size,
        twice: truths.length - orders.size,
        changed,
        called_off: calledOff,
      },
      invoices: invoices.result,
      ways: await this.#waysOf(invoices.isDue, invoices.isPosted),
      clock_ahead_seconds: Math.max(
        0,
        (Date.parse(simulator.status().simulated_time) - Date.now()) / 1000,
      ),
      states: Object.fromEntries([...states].map(([state, of]) => [state, of.length])),
      transfers_done: this.#transfers,
      faults: faults.reduce((total, count) => total + count, 0),
      kills: this.#kills,
    };
  }
}

/** How many orders the TMS has changed, and how many it has given up, at their sender's word. */
function amended(truths: readonly OrderTruth[]): [changed: number, calledOff: number] {
  return [
    truths.filter(({ changes }) => changes > 0).length,
    truths.filter(({ called_off }) => called_off).length,
  ];
}
