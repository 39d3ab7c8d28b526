/** The bridge's metrics. Labels are bounded: connections, stages, codes; never a shipment. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

export type Metrics = ReturnType<typeof createMetrics>;

/** One registry per bridge, so that two bridges in one process (tests) do not mix. */
// oxlint-disable-next-line max-lines-per-function -- one table of all metrics
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `milepost_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name: `milepost_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[]) =>
    new Histogram({ name: `milepost_${name}`, help, labelNames, registers, buckets: SECONDS });

  return {
    registry,
    inboxMessages: counter(
      "inbox_messages_total",
      "Messages at the door, by connection, channel and result",
      ["connection", "channel", "result"],
    ),
    facts: counter("facts_total", "Facts, by connection and Odoo's verdict", [
      "connection",
      "status",
    ]),
    findings: counter("findings_total", "What sources could not use as it stood", [
      "connection",
      "severity",
    ]),
    queueDepth: gauge("queue_depth", "Facts that wait, by state and priority", [
      "state",
      "priority",
    ]),
    queueOldest: gauge("queue_oldest_age_seconds", "Age of the oldest waiting fact", [
      "state",
      "priority",
    ]),
    unreadMessages: gauge("inbox_unread_messages", "Messages stored and not read yet", []),
    stage: histogram("stage_duration_seconds", "Time of one step", ["stage"]),
    endToEnd: histogram(
      "end_to_end_seconds",
      "From the arrival of a message to the commit in Odoo, by priority",
      ["priority"],
    ),
    httpClient: histogram("http_client_duration_seconds", "Outgoing calls", [
      "target",
      "status_class",
    ]),
    retries: counter("retries_total", "Work put back, by cause", ["code"]),
    deadLetters: counter("dead_letters_total", "Dead letters written", ["connection", "stage"]),
    drift: gauge("drift_findings", "What a partner's messages do otherwise than before", [
      "connection",
    ]),
    deadLettersOpen: gauge("dead_letters_open", "Dead letters that wait for a person", [
      "connection",
    ]),
    quarantined: counter(
      "quarantined_total",
      "Messages set aside: a version, or parties, that are not known",
      ["connection"],
    ),
    quarantineOpen: gauge("quarantine_open", "Messages in quarantine", ["connection"]),
    breaker: gauge("breaker_open", "1 while the partner's circuit breaker is open", ["connection"]),
    paused: gauge("paused", "1 while something is paused for a cause people must mend", [
      "scope",
      "connection",
    ]),
    orders: counter("orders_total", "Transport orders, by result", ["connection", "result"]),
    events: counter("events_total", "Events to consumers, by result", ["connection", "result"]),
    replies: counter("replies_total", "Replies to partners (997, CONTRL, APERAK), by result", [
      "connection",
      "result",
    ]),
    proofLinks: counter("proof_links_total", "Tries to fetch a proof behind a link, by result", [
      "connection",
      "result",
    ]),
    proofLinksOpen: gauge(
      "proof_links_open",
      "Proofs behind a link that are not here: waiting for the next try, or refused",
      ["connection", "state"],
    ),
    repliesWaiting: gauge("replies_waiting", "Replies that are not sent yet", ["connection"]),
    orderDifferences: gauge(
      "order_differences",
      "Orders that the partner shows otherwise than Odoo believes",
      ["connection"],
    ),
    ordersCompared: gauge(
      "orders_compared_timestamp_seconds",
      "When the connection's orders were compared last; 0: never",
      ["connection"],
    ),
    commit: histogram("store_commit_seconds", "Durable commits of the store", []),
    commitGroup: histogram("store_commit_group_size", "Units of work that shared one commit", []),
    backupLast: gauge(
      "backup_last_timestamp_seconds",
      "When the last backup was made and verified, epoch seconds; 0 when none was",
      [],
    ),
    connectionUp: gauge(
      "connection_up",
      "1 while nothing of the connection is paused; its mean over time is the uptime",
      ["connection"],
    ),
    credentialExpiry: gauge(
      "credential_expiry_timestamp_seconds",
      "When a credential ends, for those that do",
      ["credential"],
    ),
    diskFree: gauge("disk_free_bytes", "Free space where the store lies", []),
    business: {
      at: gauge("business_figures_timestamp_seconds", "When Odoo told the figures; 0: never", []),
      uptime: gauge("business_uptime_ratio", "Uptime of the last 30 days", ["connection"]),
      unmatched: gauge("business_unmatched_facts", "Facts that mean no shipment yet", [
        "connection",
      ]),
      ordersWaiting: gauge("business_orders_waiting", "Orders that no bridge took yet", [
        "connection",
      ]),
      ordersUnanswered: gauge(
        "business_orders_unanswered",
        "Orders that were sent and whose next answer is overdue",
        ["connection"],
      ),
      ordersUnansweredFor: gauge(
        "business_orders_unanswered_seconds",
        "For how long the most overdue of them is",
        ["connection"],
      ),
      ordersOldest: gauge("business_orders_oldest_seconds", "Age of the oldest of them", [
        "connection",
      ]),
      deliveries: gauge("business_deliveries", "Deliveries of the last 30 days", []),
      readiness: gauge("business_readiness_seconds", "From the delivery until it can be billed", [
        "quantile",
      ]),
      withoutProof: gauge(
        "business_without_proof_ratio",
        "Deliveries whose proof is due and missing, as a share",
        [],
      ),
      chargeExceptions: gauge("business_charge_exceptions", "Carrier bills that were held", []),
      holds: gauge("business_holds", "Holds that block now", ["reason"]),
    },
    buildInfo: gauge("build_info", "Version of the bridge", ["version", "node", "contract"]),
  };
}
