/** What comparing works with. */
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { OdooLink } from "../odoo/odoo_link.ts";
import type { Inbox } from "../store/inbox.ts";
import type { Properties } from "../store/store.ts";

export interface ComparisonParts {
  connections: readonly Connection[];
  api: Pick<ExchangeApi, "toldOrders" | "reportDifferences" | "repairOrder" | "compare">;
  link: Pick<OdooLink, "whenOpen" | "contract" | "unknown">;
  inbox: Pick<Inbox, "accept" | "replay">;
  properties: Properties;
  /** Called after a message was stored. */
  onAccepted: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}
