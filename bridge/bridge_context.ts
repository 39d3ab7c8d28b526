/** What all parts of a running bridge share. */
import type { Clock } from "./clock.ts";
import type { ClockWatch } from "./clock_watch.ts";
import type { Config } from "./config.ts";
import type { Connection } from "./connection.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { PartnerBook } from "./partners/partner_book.ts";
import type { PauseBoard } from "./pause_board.ts";
import type { FactQueue } from "./queue/fact_queue.ts";
import type { DiskGuard } from "./store/disk_guard.ts";
import type { Store } from "./store/store.ts";
import type { StoreWatch } from "./store_watch.ts";

/** What is under way at a stop gets this long; the systemd unit waits longer. */
export const DRAIN_MS = 20_000;

export interface BridgeContext {
  config: Config;
  clock: Clock;
  clockWatch: ClockWatch;
  log: Logger;
  metrics: Metrics;
  store: Store;
  storeWatch: StoreWatch;
  queue: FactQueue;
  pauses: PauseBoard;
  disk: DiskGuard;
  partners: PartnerBook;
  connections: Connection[];
}
