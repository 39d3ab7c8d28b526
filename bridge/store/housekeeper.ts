/** Looks at the disk, and forgets messages that are older than the retention says. */
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { errorText } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { DiskGuard } from "./disk_guard.ts";
import type { Inbox } from "./inbox.ts";

const LOOK_MS = 2000;
const PRUNE_MS = 60_000;
/** Deleted at once: few enough not to hold up a webhook's commit. */
const PRUNE_LIMIT = 500;
const DAY_MS = 86_400_000;

export interface HousekeeperParts {
  inbox: Inbox;
  disk: DiskGuard;
  config: Config["store"];
  clock: Clock;
  log: Logger;
}

export class Housekeeper {
  readonly #parts: HousekeeperParts;
  #full = false;

  constructor(parts: HousekeeperParts) {
    this.#parts = parts;
  }

  /** Keeps house until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    let pruneAt = clock.steady() + PRUNE_MS;
    while (!signal.aborted) {
      try {
        await this.#lookAtDisk();
        if (clock.steady() >= pruneAt) {
          const pruned = await this.prune();
          pruneAt = clock.steady() + (pruned === PRUNE_LIMIT ? LOOK_MS : PRUNE_MS);
        }
      } catch (error) {
        log.error("housekeeping failed", { reason: errorText(error) });
      }
      await clock.sleep(LOOK_MS, signal);
    }
  }

  /** Deletes some messages past retention whose facts are all in Odoo; gives how many. */
  prune(): Promise<number> {
    const { inbox, clock, config } = this.#parts;
    const before = clock.now().getTime() - config.retention_days * DAY_MS;
    return inbox.prune(before, PRUNE_LIMIT);
  }

  async #lookAtDisk(): Promise<void> {
    const { disk, log } = this.#parts;
    await disk.look();
    if (disk.full === this.#full) return;
    this.#full = disk.full;
    if (disk.full) {
      const hint = "free space in data_dir: webhooks get 503 and polls wait until then";
      log.error("disk nearly full", { code: "store_full", hint });
    } else log.info("disk has room again");
  }
}
