/**
 * Says that the store cannot be written: as a pause, so that log, metrics, `milepost status`, the
 * health check and Odoo all know, and until a write shows that it can be written again.
 */
import type { Clock } from "./clock.ts";
import { MilepostError } from "./errors.ts";
import type { PauseBoard } from "./pause_board.ts";
import type { Store } from "./store/store.ts";

/** Faults of the medium; others concern one piece of work. */
const FAULTS = new Set(["store_full", "store_unavailable", "store_busy"]);
const LOOK_MS = 2000;
/** As large as a large message: a nearly full disk takes a few bytes when it takes no webhook. */
const PROBE_BYTES = 1_000_000;

export interface StoreWatchParts {
  store: Pick<Store, "probe">;
  pauses: PauseBoard;
  clock: Clock;
}

export class StoreWatch {
  readonly #parts: StoreWatchParts;

  constructor(parts: StoreWatchParts) {
    this.#parts = parts;
  }

  /** A unit of work was not committed. */
  failed(error: unknown): void {
    if (!(error instanceof MilepostError) || !FAULTS.has(error.code)) return;
    void this.#parts.pauses.pause("store", "", error);
  }

  /** Looks, while the store is paused, whether it can be written again; until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { store, pauses, clock } = this.#parts;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      if (signal.aborted || pauses.get("store", "") === undefined) continue;
      const isWritten = await store.probe(PROBE_BYTES).then(
        () => true,
        () => false,
      );
      if (isWritten) await pauses.resume("store", "");
    }
  }
}
