/**
 * Whether Odoo can be talked to. Everything that calls Odoo waits here while it cannot, so that an
 * Odoo that is down, or an addon that is missing, uses up no tries: one prober says hello until it
 * is answered, and then all go on by themselves.
 */
import type { Clock } from "../clock.ts";
import type { ClockWatch } from "../clock_watch.ts";
import type { OdooConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { ExchangeApi } from "./exchange_api.ts";
import type { PauseBoard } from "../pause_board.ts";
import { Wake } from "../wake.ts";
import type { Metrics } from "../metrics.ts";
import type { Properties } from "../store/store.ts";

const UUID_PROPERTY = "odoo_database_uuid";
/** Whether it was a neutralized copy: `yes` or `no`. */
const COPY_PROPERTY = "odoo_is_copy";
/** The store and this Odoo do not belong together: nothing that passes by itself. */
const FOREIGN: ReadonlySet<string> = new Set(["odoo_wrong_database", "odoo_wrong_environment"]);
/** The first probes come quickly: a restarted Odoo is back within seconds. */
const FIRST_PROBE_MS = 200;
/** Connections that are missing in Odoo are looked for this often. */
const REFRESH_MS = 15_000;
/** After so many refreshes Odoo is greeted again in any case: its clock is compared then. */
const LONGEST_WAITS = 20;
const UNKNOWN = "odoo_connection_unknown";

export interface LinkParts {
  api: ExchangeApi;
  config: OdooConfig;
  environment: string;
  /** Codes of the configured connections. */
  connections: readonly string[];
  properties: Properties;
  pauses: PauseBoard;
  clock: Clock;
  clockWatch: ClockWatch;
  log: Logger;
  metrics: Metrics;
}

export class OdooLink {
  readonly #parts: LinkParts;
  readonly #changed = new Wake();
  readonly #openers = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  #open = false;
  #contract = "";
  #fault: unknown;
  #hello: Promise<boolean> | undefined;
  #unknown: ReadonlySet<string> = new Set();

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /** The contract that the addon speaks; empty before it was asked. */
  get contract(): string {
    return this.#contract;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Connections that Odoo does not know: nothing is delivered for them. */
  get unknown(): ReadonlySet<string> {
    return this.#unknown;
  }

  onOpen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves true once Odoo can be talked to, false when aborted before. */
  whenOpen(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#open) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener("abort", done);
        this.#openers.delete(done);
        resolve(!signal.aborted);
      };
      signal.addEventListener("abort", done, { once: true });
      this.#openers.add(done);
    });
  }

  /**
   * Asks after a failed call whose fault it was. True: Odoo is well, the call itself is at fault.
   * False: Odoo is not, the link is closed now and the call counts for nothing.
   */
  check(signal: AbortSignal): Promise<boolean> {
    this.#hello ??= this.#sayHello(signal).finally(() => (this.#hello = undefined));
    return this.#hello;
  }

  /**
   * Throws when Odoo answers and is not the one that the store belongs to: before the door opens
   * that is a wrong configuration. An Odoo that does not answer is no fault of the start.
   */
  async refuseForeign(signal: AbortSignal): Promise<void> {
    if (await this.check(signal)) return;
    if (this.#fault instanceof MilepostError && FOREIGN.has(this.#fault.code)) throw this.#fault;
  }

  /** Probes until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const fine = await this.check(signal);
      failures = fine ? 0 : failures + 1;
      if (fine) {
        let waits = 0;
        do await this.#changed.wait(REFRESH_MS, signal);
        while (
          this.#open &&
          this.#unknown.size === 0 &&
          !signal.aborted &&
          ++waits < LONGEST_WAITS
        );
      } else {
        const longest = this.#parts.config.probe_seconds * 1000;
        await this.#parts.clock.sleep(Math.min(FIRST_PROBE_MS * 2 ** failures, longest), signal);
      }
    }
  }

  async #sayHello(signal: AbortSignal): Promise<boolean> {
    const { api, pauses } = this.#parts;
    try {
      const answer = await api.hello(signal);
      const { aheadMs } = api;
      this.#contract = answer.contract;
      await this.#checkDatabase(answer.database_uuid);
      await this.#checkEnvironment(signal);
      await this.#compareConnections(answer.connections);
      await pauses.resume("odoo", "");
      if (aheadMs !== undefined) await this.#parts.clockWatch.odoo(aheadMs);
      this.#setOpen(true);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.#fault = error;
      this.#setOpen(false);
      await pauses.pause("odoo", "", error);
      return false;
    }
  }

  #setOpen(open: boolean): void {
    if (this.#open === open) return;
    this.#open = open;
    this.#changed.ring();
    if (!open) return;
    for (const opener of this.#openers) opener();
    for (const listener of this.#listeners) listener();
  }

  /** Facts of this store belong to one database: a copy for tests must not get production's. */
  async #checkDatabase(uuid: string): Promise<void> {
    const { config, properties } = this.#parts;
    const wanted = config.database_uuid ?? (await properties.get(UUID_PROPERTY));
    if (wanted === null) await properties.set(UUID_PROPERTY, uuid);
    if (wanted === null || wanted === uuid) return;
    throw new MilepostError(`This Odoo is another database (${uuid}) than before (${wanted})`, {
      code: "odoo_wrong_database",
      retry: "pause",
      culprit: "odoo",
      hint: `check odoo.url and odoo.database; if the change is meant, set odoo.database_uuid: ${uuid}`,
    });
  }

  /** Odoo knows its environment, too: a store that is new has nothing to compare with. */
  async #checkEnvironment(signal: AbortSignal): Promise<void> {
    const { api, config, environment, properties, metrics } = this.#parts;
    const answer = await api.bind(environment, config.api_key.reveal().slice(0, 8), signal);
    if (answer === undefined) return;
    if (answer.environment !== environment) {
      throw foreign(
        `This Odoo belongs to environment "${answer.environment}", not "${environment}"`,
        "check odoo.url and environment; if it is meant, delete the system parameter milepost.environment in Odoo",
      );
    }
    const isCopy = answer.is_neutralized ? "yes" : "no";
    const before = await properties.get(COPY_PROPERTY);
    if (before === null) await properties.set(COPY_PROPERTY, isCopy);
    if (before !== null && before !== isCopy) {
      throw foreign(
        isCopy === "yes"
          ? "This Odoo is a neutralized copy of the one that the store belongs to"
          : "The store belongs to a neutralized copy, and this Odoo is none",
        "check odoo.url; a copy for tests gets a bridge with a data_dir of its own",
      );
    }
    if (answer.key_expires_at === null) return;
    const expires = Date.parse(`${answer.key_expires_at.replace(" ", "T")}Z`);
    metrics.credentialExpiry.set({ credential: "odoo.api_key" }, expires / 1000);
  }

  async #compareConnections(known: readonly string[]): Promise<void> {
    const { connections, pauses } = this.#parts;
    const unknown = connections.filter((code) => !known.includes(code));
    for (const code of unknown) {
      const error = new MilepostError(`Odoo has no connection "${code}" for this user`, {
        code: UNKNOWN,
        retry: "pause",
        culprit: code,
        hint: "make it in Odoo (Milepost / Configuration / Connections) with this code",
      });
      await pauses.pause("delivery", code, error);
    }
    for (const code of this.#unknown) {
      if (!unknown.includes(code)) await pauses.resume("delivery", code);
    }
    this.#unknown = new Set(unknown);
  }
}

function foreign(text: string, hint: string): MilepostError {
  return new MilepostError(text, {
    code: "odoo_wrong_environment",
    retry: "pause",
    culprit: "odoo",
    hint,
  });
}
