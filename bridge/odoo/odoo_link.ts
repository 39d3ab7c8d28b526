/**
 * Whether Odoo can be talked to. Everything that calls Odoo waits here while it cannot, so that an
 * Odoo that is down, or an addon that is missing, uses up no tries: one prober says hello until it
 * is answered, and then all go on by themselves.
 */
import type { Clock } from "../clock.ts";
import type { OdooConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { ExchangeApi } from "./exchange_api.ts";
import type { PauseBoard } from "../pause_board.ts";
import { Wake } from "../wake.ts";
import type { Properties } from "../store/store.ts";

const UUID_PROPERTY = "odoo_database_uuid";
/** The first probes come quickly: a restarted Odoo is back within seconds. */
const FIRST_PROBE_MS = 200;
/** Connections that are missing in Odoo are looked for this often. */
const REFRESH_MS = 15_000;
const UNKNOWN = "odoo_connection_unknown";

export interface LinkParts {
  api: ExchangeApi;
  config: OdooConfig;
  /** Codes of the configured connections. */
  connections: readonly string[];
  properties: Properties;
  pauses: PauseBoard;
  clock: Clock;
  log: Logger;
}

export class OdooLink {
  readonly #parts: LinkParts;
  readonly #changed = new Wake();
  readonly #openers = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  #open = false;
  #contract = "";
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

  /** Probes until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const fine = await this.check(signal);
      failures = fine ? 0 : failures + 1;
      if (fine) {
        do await this.#changed.wait(REFRESH_MS, signal);
        while (this.#open && this.#unknown.size === 0 && !signal.aborted);
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
      this.#contract = answer.contract;
      await this.#checkDatabase(answer.database_uuid);
      await this.#compareConnections(answer.connections);
      await pauses.resume("odoo", "");
      this.#setOpen(true);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
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
