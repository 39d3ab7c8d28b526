/** What the door for webhooks works with. */
import type { RequestHandler } from "express";
import type { Clock } from "../clock.ts";
import type { ClockWatch } from "../clock_watch.ts";
import type { Config } from "../config.ts";
import type { Connection } from "../connection.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { DiskGuard } from "../store/disk_guard.ts";
import type { Inbox } from "../store/inbox.ts";
import type { Verifier } from "./verifier.ts";

export interface WebhookDoor {
  intake: Config["intake"];
  connections: readonly Connection[];
  inbox: Inbox;
  disk: DiskGuard;
  draining: () => boolean;
  /** Called after each commit: there is something to read. */
  onAccepted: () => void;
  clock: Clock;
  clockWatch: ClockWatch;
  log: Logger;
  metrics: Metrics;
}

/** An enabled webhook. */
export interface Hook {
  connection: Connection;
  verify: Verifier;
  limit: RequestHandler;
}
