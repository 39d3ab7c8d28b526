/**
 * Asks Odoo how business fares and tells it as metrics, so that one monitoring sees both: that the
 * bridge runs, and whether deliveries become invoices. Says as a pause when orders wait in Odoo for
 * a connection that has no way to send them.
 */
import { type Figures, speaks } from "../canonical/exchange.ts";
import type { Clock } from "../clock.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { PauseBoard } from "../pause_board.ts";
import type { ExchangeApi } from "./exchange_api.ts";
import { type Properties, UNANSWERED } from "../store/store.ts";
import type { OdooLink } from "./odoo_link.ts";

/** The figures are of 30 days: they change slowly, and asking costs Odoo some queries. */
const ASK_MS = 60_000;

export interface FiguresParts {
  api: Pick<ExchangeApi, "figures">;
  link: Pick<OdooLink, "whenOpen" | "contract">;
  /** Codes of connections whose orders this bridge can send. */
  sending: ReadonlySet<string>;
  connections: readonly string[];
  pauses: PauseBoard;
  properties: Properties;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export class FiguresWatch {
  readonly #parts: FiguresParts;

  constructor(parts: FiguresParts) {
    this.#parts = parts;
  }

  /** Asks until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { link, clock, log } = this.#parts;
    while (await link.whenOpen(signal)) {
      try {
        if (speaks(link.contract, "1.1")) await this.look(signal);
      } catch (error) {
        // The link notices an Odoo that is down; figures that are old say so by their own age.
        if (!signal.aborted) log.warn("figures not read", { reason: errorText(error) });
      }
      await clock.sleep(ASK_MS, signal);
    }
  }

  /** Asks once. */
  async look(signal: AbortSignal): Promise<void> {
    const figures = await this.#parts.api.figures(signal);
    const own = figures.connections.filter((it) => this.#parts.connections.includes(it.code));
    this.#tell({ ...figures, connections: own });
    await this.#keepUnanswered(own);
    for (const connection of own) await this.#sayWhetherSent(connection);
  }

  #tell({ at, connections, billing }: Figures): void {
    const { business } = this.#parts.metrics;
    business.at.set(Date.parse(at) / 1000);
    for (const { code: connection, ...it } of connections) {
      business.uptime.set({ connection }, it.uptime);
      business.unmatched.set({ connection }, it.unmatched);
      business.ordersWaiting.set({ connection }, it.orders_waiting);
      business.ordersOldest.set({ connection }, it.orders_oldest_seconds);
      business.ordersUnanswered.set({ connection }, it.orders_unanswered ?? 0);
      business.ordersUnansweredFor.set({ connection }, it.orders_unanswered_seconds ?? 0);
    }
    if (billing === undefined) return;
    business.deliveries.set(billing.deliveries);
    // NaN: a median of nothing is no zero.
    business.readiness.set({ quantile: "0.5" }, billing.readiness_median_seconds ?? NaN);
    business.readiness.set({ quantile: "0.9" }, billing.readiness_p90_seconds ?? NaN);
    business.withoutProof.set(billing.without_proof_share ?? NaN);
    business.chargeExceptions.set(billing.charge_exceptions);
    for (const { reason, count } of billing.holds) business.holds.set({ reason }, count);
  }

  /** Kept for the status, which is asked for where Odoo is not. */
  async #keepUnanswered(connections: Figures["connections"]): Promise<void> {
    const { properties, clock } = this.#parts;
    const unanswered = connections.flatMap(
      ({ code, orders_unanswered: count = 0, orders_unanswered_seconds: seconds = 0 }) =>
        count === 0 ? [] : [{ connection: code, count, since: minutesAgo(clock.now(), seconds) }],
    );
    const text = JSON.stringify(unanswered);
    if ((await properties.get(UNANSWERED)) !== text) await properties.set(UNANSWERED, text);
  }

  async #sayWhetherSent({ code, orders_waiting }: Figures["connections"][number]): Promise<void> {
    const { pauses, sending } = this.#parts;
    if (sending.has(code)) return;
    if (orders_waiting === 0) return pauses.resume("orders", code);
    const error = new MilepostError(
      `${orders_waiting} orders wait in Odoo and this connection has no way to send them`,
      {
        code: "order_no_way",
        retry: "pause",
        culprit: code,
        hint: "give it peer, folder.out or sftp.out and orders.enabled, or take it off the shipments in Odoo",
      },
    );
    await pauses.pause("orders", code, error);
  }
}

/** To the minute: the same at the next look, as long as nothing else is overdue. */
function minutesAgo(now: Date, seconds: number): string {
  const minute = 60_000;
  const at = now.getTime() - seconds * 1000;
  return new Date(Math.round(at / minute) * minute).toISOString();
}
