/**
 * Asks partners every night, and on demand, how the orders stand that Odoo believes are with them,
 * and tells Odoo and the operators what differs and how it is repaired.
 */
import type { ToldOrder } from "../canonical/told_order.ts";
import { speaks } from "../canonical/exchange.ts";
import { toUtcText } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import {
  type ComparisonResult,
  forgetAsked,
  keepResults,
  readAsked,
  readResult,
  writeResult,
} from "./comparison_state.ts";
import type { ComparisonParts } from "./parts.ts";
import { compareOrders } from "./compare_orders.ts";
import { forgetRun, foundSoFar, newRun, readRun, writeRun } from "./comparison_run.ts";
import { lookAgain } from "./look_again.ts";

const TICK_MS = 5000;
/** Odoo is asked this seldom whether somebody there wants a look. */
const WANTED_MS = 60_000;
/** A comparison that failed is tried again this much later. */
const REST_MS = 3_600_000;
/** So much later an order is looked at again of which the partner said nothing. */
const LOOK_REST_MS = 600_000;
/** From this hour on, UTC, the night's comparison is due. */
const NIGHT_HOUR = 2;
const NOTHING = { asked: 0, unsure: 0, found: [], faulty: 0, faults: [] };

export class ComparisonWatch {
  readonly #parts: ComparisonParts;
  /** Steady times before which a connection is left alone. */
  readonly #rest = new Map<string, number>();
  /** The same of orders that were looked at in vain. */
  readonly #lookRest = new Map<string, number>();
  /** When Odoo is asked next whether somebody there wants a look, by connection. */
  readonly #wantedAt = new Map<string, number>();

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, connections, link } = this.#parts;
    await this.#attempt("", () => this.tellKept());
    // Each by itself: a partner who answers slowly holds up no other's night, nor what is asked of it.
    const follow = async (connection: Connection): Promise<void> => {
      while (await link.whenOpen(signal)) {
        await this.#turn(connection, signal);
        await clock.sleep(TICK_MS, signal);
      }
    };
    await Promise.all(connections.map(follow));
  }

  /** What the last comparison found, from before the start. */
  async tellKept(): Promise<void> {
    const { connections, properties } = this.#parts;
    await keepResults(
      properties,
      connections.map(({ code }) => code),
    );
    for (const { code } of connections) {
      const result = await readResult(properties, code);
      if (result !== undefined) this.#measure(code, result);
    }
  }

  /** One turn of each connection. */
  async tick(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#parts.connections.map((it) => this.#turn(it, signal)));
  }

  async #turn(connection: Connection, signal: AbortSignal): Promise<void> {
    const { clock, link } = this.#parts;
    const { code } = connection;
    if (signal.aborted || link.unknown.has(code)) return;
    const looks = clock.steady() >= (this.#wantedAt.get(code) ?? 0);
    if (looks) this.#wantedAt.set(code, clock.steady() + WANTED_MS);
    await this.#attempt(code, () => this.#serve(connection, looks, signal));
  }

  async #attempt(connection: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.log.warn("orders not compared", { connection, reason: errorText(error) });
    }
  }

  async #serve(connection: Connection, looks: boolean, signal: AbortSignal): Promise<void> {
    const { properties } = this.#parts;
    const { code } = connection;
    const asked = await readAsked(properties, code);
    const isRepaired = await this.#repair(code, asked.repair, signal);
    const why = this.#whyNot(connection);
    if (why !== undefined) {
      if ((await readRun(properties, code)) !== undefined) await forgetRun(properties, code);
      if (asked.compare || (await readResult(properties, code)) === undefined) {
        await this.#keep(code, { ...NOTHING, at: "", why });
        await forgetAsked(properties, code, { compare: true });
      }
      return;
    }
    // Kept as begun before it is forgotten as asked for: a restart in between loses neither.
    if (asked.compare || isRepaired) {
      await writeRun(properties, code, newRun());
      await forgetAsked(properties, code, { compare: true });
      this.#rest.delete(code);
    }
    if (looks || isRepaired) await this.#look(connection, signal);
    if (await this.#isDue(code)) await this.#compare(connection, signal);
  }

  /** Carries out what operators ask for, each forgotten once it is done, or refused by Odoo. */
  async #repair(code: string, ids: readonly number[], signal: AbortSignal): Promise<boolean> {
    const { properties, api, link, log } = this.#parts;
    if (!speaks(link.contract, "1.6")) return false;
    for (const id of ids) {
      try {
        await api.repairOrder(code, id, signal);
      } catch (error) {
        if (!(error instanceof MilepostError) || error.retry !== "never") throw error;
        log.warn("order not repaired", { connection: code, order: id, reason: errorText(error) });
      }
      await forgetAsked(properties, code, { repair: id });
    }
    return ids.length > 0;
  }

  /** Why orders of the connection are not compared at all. */
  #whyNot({ peer, source, settings, config }: Connection): string | undefined {
    if (peer === undefined || !config.orders.enabled) return "no orders go out by this connection";
    if (peer.isSilent === true) return "the partner takes files: he cannot be asked for orders";
    if (source.readOrder === undefined)
      return `partners of ${source.id} cannot be asked for orders`;
    if (!speaks(this.#parts.link.contract, "1.6"))
      return "the addon in Odoo is older than this bridge";
    return source.refusedLook?.(settings);
  }

  async #isDue(code: string): Promise<boolean> {
    const { clock, properties } = this.#parts;
    if ((this.#rest.get(code) ?? 0) > clock.steady()) return false;
    if ((await readRun(properties, code)) !== undefined) return true;
    const now = clock.now();
    const last = (await readResult(properties, code))?.at ?? "";
    return now.getUTCHours() >= NIGHT_HOUR && last.slice(0, 10) < now.toISOString().slice(0, 10);
  }

  async #compare(connection: Connection, signal: AbortSignal): Promise<void> {
    const { properties, clock, log } = this.#parts;
    const { code } = connection;
    const before = await readResult(properties, code);
    const known = before?.found ?? [];
    try {
      const result = await compareOrders(connection, this.#parts, known, signal);
      await this.#keep(code, { at: toUtcText(clock.now()), ...result });
      const hint = `milepost compare ${code}`;
      const [count, faulty] = [result.found.length, result.faulty];
      if (count > known.length)
        log.warn("orders differ between Odoo and the partner", { connection: code, count, hint });
      if (faulty > 0)
        log.warn("orders could not be compared", { connection: code, count: faulty, hint });
    } catch (error) {
      if (signal.aborted) return;
      this.#rest.set(code, clock.steady() + REST_MS);
      const run = (await readRun(properties, code)) ?? newRun();
      const { faulty, faults } = run;
      const found = foundSoFar(run, known);
      const why = errorText(error);
      await this.#keep(code, { ...(before ?? { ...NOTHING, at: "" }), found, faulty, faults, why });
      throw error;
    }
  }

  /** What somebody in Odoo wants looked at again; one at fault holds up no other. */
  async #look(connection: Connection, signal: AbortSignal): Promise<void> {
    const { api } = this.#parts;
    let after = 0;
    do {
      const page = await api.toldOrders(connection.code, after, true, signal);
      for (const order of page.orders) {
        if (order.look) await this.#lookAt(connection, order, signal);
      }
      after = page.next;
    } while (after > 0);
  }

  async #lookAt(connection: Connection, order: ToldOrder, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const name = `${connection.code} ${order.id}`;
    if ((this.#lookRest.get(name) ?? 0) > clock.steady()) return;
    this.#lookRest.set(name, clock.steady() + LOOK_REST_MS);
    await this.#attempt(connection.code, async () => {
      if (await lookAgain(connection, this.#parts, order, signal)) this.#lookRest.delete(name);
    });
  }

  async #keep(code: string, result: ComparisonResult): Promise<void> {
    await writeResult(this.#parts.properties, code, result);
    this.#measure(code, result);
  }

  #measure(connection: string, { at, found }: ComparisonResult): void {
    const { metrics } = this.#parts;
    metrics.orderDifferences.set({ connection }, found.length);
    metrics.ordersCompared.set({ connection }, at === "" ? 0 : Date.parse(at) / 1000);
  }
}
