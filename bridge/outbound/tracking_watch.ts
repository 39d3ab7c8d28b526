/**
 * Which tracking numbers a connection follows: Odoo says it, every minute. Those that are new are made
 * known to a partner who sends what happens to them, each once; what Odoo names no more is forgotten,
 * so that nobody is asked for parcels that arrived long ago.
 */
import { z } from "zod";
import { speaks } from "../canonical/exchange.ts";
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { OdooLink } from "../odoo/odoo_link.ts";
import type { TrackedNumber } from "../sources/source.ts";
import type { Properties } from "../store/store.ts";

const ASK_MS = 60_000;
/** Of new numbers so many are made known at a time: a partner's limit is soon reached. */
const MOST_REGISTERED = 50;
const REGISTERED = "tracked:";
const registeredType = z.array(z.string());

export interface TrackingWatchParts {
  connection: Connection;
  api: Pick<ExchangeApi, "trackedNumbers">;
  link: Pick<OdooLink, "whenOpen" | "contract" | "unknown">;
  properties: Properties;
  clock: Clock;
  log: Logger;
}

export class TrackingWatch {
  readonly #parts: TrackingWatchParts;
  #numbers: readonly TrackedNumber[] | undefined;
  /** Numbers of which it was said that they cannot be made known. */
  readonly #said = new Set<string>();

  constructor(parts: TrackingWatchParts) {
    this.#parts = parts;
  }

  get code(): string {
    return this.#parts.connection.code;
  }

  /** What is followed now; nothing while Odoo was not heard yet. */
  get numbers(): readonly TrackedNumber[] | undefined {
    return this.#numbers;
  }

  /** Asks until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { link, clock, log } = this.#parts;
    while (await link.whenOpen(signal)) {
      try {
        if (speaks(link.contract, "1.7") && !link.unknown.has(this.code)) await this.look(signal);
      } catch (error) {
        if (!signal.aborted)
          log.warn("tracking numbers not read", {
            connection: this.code,
            reason: errorText(error),
          });
      }
      await clock.sleep(ASK_MS, signal);
    }
  }

  /** Asks once, and makes known what is new. */
  async look(signal: AbortSignal): Promise<void> {
    const { api } = this.#parts;
    const found = new Map<string, TrackedNumber>();
    let after = 0;
    do {
      const { numbers, next } = await api.trackedNumbers(this.code, after, signal);
      for (const it of numbers) found.set(it.number, it);
      after = next;
    } while (after > 0);
    this.#numbers = [...found.values()];
    await this.#register(this.#numbers, signal);
  }

  async #register(numbers: readonly TrackedNumber[], signal: AbortSignal): Promise<void> {
    const { connection, properties, log } = this.#parts;
    const { source, peer, settings } = connection;
    if (source.registerNumber === undefined || peer === undefined) return;
    const kept = await properties.get(REGISTERED + this.code);
    const before = kept === null ? [] : registeredType.parse(JSON.parse(kept));
    const known = new Set(before);
    const followed = new Set(numbers.map(({ number }) => number));
    const done = before.filter((it) => followed.has(it));
    let offered = 0;
    for (const one of numbers.filter(({ number }) => !known.has(number))) {
      if (offered >= MOST_REGISTERED) break;
      try {
        await source.registerNumber(peer, one, settings, signal);
        done.push(one.number);
        offered++;
      } catch (error) {
        if (signal.aborted) return;
        const fault = error instanceof MilepostError ? error : undefined;
        const reason = `${one.number}: ${errorText(error)}`;
        if (!this.#said.has(reason))
          log.warn("number not made known", { connection: this.code, reason });
        this.#said.add(reason);
        // A number that is refused is not offered again each minute; what may pass ends this turn.
        if (fault?.retry !== "never") break;
        // A code map may come any time; such numbers take nobody's turn, however many there are.
        if (fault.code === "carrier_not_mapped") continue;
        done.push(one.number);
        offered++;
      }
    }
    if (done.length !== before.length || done.some((it) => !known.has(it))) {
      await properties.set(REGISTERED + this.code, JSON.stringify(done));
    }
  }
}
