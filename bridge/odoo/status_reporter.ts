/** Tells Odoo's operators when a connection is paused, and when it goes on. */
import type { Clock } from "../clock.ts";
import { errorText } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { ExchangeApi } from "./exchange_api.ts";
import type { PauseBoard } from "../pause_board.ts";
import { Wake } from "../wake.ts";
import type { OdooLink } from "./odoo_link.ts";

/** A report that failed is made again after this time. */
const AGAIN_MS = 30_000;

export interface ReporterParts {
  api: ExchangeApi;
  link: OdooLink;
  pauses: PauseBoard;
  connections: readonly string[];
  clock: Clock;
  log: Logger;
}

export class StatusReporter {
  readonly #parts: ReporterParts;
  readonly #reported = new Map<string, string>();
  readonly #wake = new Wake();

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    parts.pauses.onChange(() => this.#wake.ring());
    parts.link.onOpen(() => this.#wake.ring());
  }

  /** Reports changes until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (await this.#parts.link.whenOpen(signal)) {
      await this.report(signal);
      await this.#wake.wait(AGAIN_MS, signal);
    }
  }

  /** Reports each connection whose state Odoo has not been told. */
  async report(signal: AbortSignal): Promise<void> {
    const { api, link, connections, log } = this.#parts;
    for (const connection of connections) {
      const reason = this.#reason(connection);
      if (this.#reported.get(connection) === reason || link.unknown.has(connection)) continue;
      try {
        await api.reportStatus(connection, reason === "" ? "ok" : "paused", reason, signal);
        this.#reported.set(connection, reason);
      } catch (error) {
        log.debug("status not reported", { connection, reason: errorText(error) });
      }
    }
  }

  /** Why the connection is paused; empty when it is not. */
  #reason(connection: string): string {
    return this.#parts.pauses
      .list()
      .filter((pause) => pause.connection === connection || pause.scope === "store")
      .map(({ scope, reason, hint }) => `${scope}: ${reason}${hint === null ? "" : ` (${hint})`}`)
      .join("; ")
      .slice(0, 500);
  }
}
