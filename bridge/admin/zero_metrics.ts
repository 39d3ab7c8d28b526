/**
 * Every series is there from the start, with 0: a rule over a counter that appears with its first
 * fault sees no increase, and nobody tells "nothing happened" from "nobody measures".
 */
import { PRIORITIES } from "../canonical/reading.ts";
import type { ConnectionConfig } from "../config.ts";
import type { Metrics } from "../metrics.ts";
import { STAGES } from "../store/dead_letters.ts";
import { WAITING_STATES } from "../store/facts.ts";

const WEBHOOK_RESULTS = ["accepted", "duplicate", "400", "401", "413", "415", "429", "503"];
const POLL_RESULTS = ["accepted", "duplicate"];
const FILE_RESULTS = ["accepted", "duplicate", "refused"];
const VERDICTS = ["accepted", "duplicate", "unmatched", "rejected", "retry"];
const STATUS_CLASSES = ["2xx", "3xx", "4xx", "5xx", "error"];
const STEPS = ["normalize", "deliver", "order"];
/** Causes for which work is put back; docs/errors.md explains them. */
const RETRY_CODES = [
  "odoo_timeout", "odoo_failed", "odoo_busy", "odoo_bad_answer", "locked",
  "peer_unreachable", "peer_timeout", "peer_failed", "peer_busy", "peer_bad_answer",
]; // prettier-ignore

type Way = Pick<ConnectionConfig, "code" | "webhook" | "poll" | "folder" | "sftp" | "peer">;

/** Sets each series of the configured connections to 0 where nothing was counted yet. */
export function zeroMetrics(metrics: Metrics, connections: readonly Way[]): void {
  for (const connection of connections) zeroConnection(metrics, connection);
  for (const priority of PRIORITIES) {
    metrics.endToEnd.zero({ priority });
    for (const state of WAITING_STATES) {
      metrics.queueDepth.set({ state, priority }, 0);
      metrics.queueOldest.set({ state, priority }, 0);
    }
  }
  for (const scope of ["odoo", "store", "clock"]) metrics.paused.set({ scope, connection: "" }, 0);
  for (const stage of STEPS) metrics.stage.zero({ stage });
  for (const code of RETRY_CODES) metrics.retries.inc({ code }, 0);
  for (const status_class of STATUS_CLASSES) {
    metrics.httpClient.zero({ target: "odoo", status_class });
  }
}

function zeroConnection(metrics: Metrics, { code: connection, ...ways }: Way): void {
  for (const [channel, results] of [
    ["webhook", ways.webhook && WEBHOOK_RESULTS],
    ["poll", ways.poll && POLL_RESULTS],
    ["folder", ways.folder && FILE_RESULTS],
    ["sftp", ways.sftp && FILE_RESULTS],
  ] as const) {
    for (const result of results ?? [])
      metrics.inboxMessages.inc({ connection, channel, result }, 0);
  }
  for (const status of VERDICTS) metrics.facts.inc({ connection, status }, 0);
  for (const severity of ["warning", "error"]) metrics.findings.inc({ connection, severity }, 0);
  for (const stage of STAGES) metrics.deadLetters.inc({ connection, stage }, 0);
  for (const result of ["accepted", "rejected", "retry"]) {
    metrics.orders.inc({ connection, result }, 0);
    metrics.events.inc({ connection, result }, 0);
  }
  for (const result of ["sent", "dead"]) metrics.replies.inc({ connection, result }, 0);
  for (const result of ["fetched", "retry", "refused"])
    metrics.proofLinks.inc({ connection, result }, 0);
  for (const state of ["waiting", "refused"]) metrics.proofLinksOpen.set({ connection, state }, 0);
  const isSentTo = ways.peer ?? ways.folder?.out ?? ways.sftp?.out;
  for (const status_class of isSentTo === undefined ? [] : STATUS_CLASSES) {
    metrics.httpClient.zero({ target: connection, status_class });
  }
  for (const scope of ["delivery", "poll", "files", "orders", "replies"]) {
    metrics.paused.set({ scope, connection }, 0);
  }
  metrics.quarantined.inc({ connection }, 0);
  metrics.breaker.set({ connection }, 0);
  metrics.orderDifferences.set({ connection }, 0);
  metrics.ordersCompared.set({ connection }, 0);
  for (const gauge of [metrics.deadLettersOpen, metrics.quarantineOpen, metrics.repliesWaiting]) {
    gauge.set({ connection }, 0);
  }
}
