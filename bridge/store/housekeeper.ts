/**
 * Looks at the disk, forgets what is older than the retention says, gives its space back, and seals
 * with the current key what another one sealed.
 */
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { errorText } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { DiskGuard } from "./disk_guard.ts";
import type { Pruned, Store } from "./store.ts";

const LOOK_MS = 2000;
const PRUNE_MS = 60_000;
/** Deleted at once: few enough not to hold up a webhook's commit. */
const PRUNE_LIMIT = 500;
/** Given back at once: about 4 MB, a few milliseconds. */
const SHRINK_PAGES = 1000;
/** Sealed anew at once: some milliseconds. */
const SEAL_ROWS = 500;
const DAY_MS = 86_400_000;

export interface HousekeeperParts {
  store: Pick<Store, "prune" | "shrink" | "reseal">;
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
          const isMore = Object.values(await this.prune()).includes(PRUNE_LIMIT);
          const isSmaller = (await this.#parts.store.shrink(SHRINK_PAGES)) > 0;
          const isSealed = (await this.#parts.store.reseal(SEAL_ROWS)) === 0;
          const isDone = !isMore && !isSmaller && isSealed;
          pruneAt = clock.steady() + (isDone ? PRUNE_MS : LOOK_MS);
        }
      } catch (error) {
        log.error("housekeeping failed", { reason: errorText(error) });
      }
      await clock.sleep(LOOK_MS, signal);
    }
  }

  /** Forgets some of what is past its retention; gives how much. */
  async prune(): Promise<Pruned> {
    const { store, clock, config, log } = this.#parts;
    const before = (days: number) => clock.now().getTime() - days * DAY_MS;
    const pruned = await store.prune(
      { settled: before(config.retention_days), unresolved: before(config.unresolved_days) },
      PRUNE_LIMIT,
    );
    if (pruned.unresolved > 0) {
      const count = pruned.unresolved;
      log.warn("messages forgotten that nobody decided about", { count });
    }
    return pruned;
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
