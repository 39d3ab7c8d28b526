/**
 * The yardstick `naive`: what a connector or a workflow tool does with each event, over XML-RPC
 * with the library odoo-xmlrpc: it creates a record of the event and writes the record that the
 * event is about.
 *
 * Both models are plain ones, without chatter and tracking, which would make it slower by a third.
 * It derives nothing, knows no duplicates and keeps one connection's order only.
 */
import Odoo from "odoo-xmlrpc";
import type { Milestone } from "../../bridge/canonical/fact.ts";

export interface NaiveSettings {
  url: string;
  database: string;
  login: string;
  password: string;
}

/** Where an event's records go. */
export interface NaiveTarget {
  connectionId: number;
  companyId: number;
  shipmentId: number;
  stopId: number;
}

/** Two partners that every database has: each event writes another one than the event before it. */
const PARTNERS = [1, 3];

export class NaiveConnector {
  readonly #client: Odoo;
  #told = 0;

  constructor(settings: NaiveSettings) {
    const url = new URL(settings.url);
    this.#client = new Odoo({
      url: url.origin,
      port: Number(url.port),
      db: settings.database,
      username: settings.login,
      password: settings.password,
    });
  }

  connect(): Promise<unknown> {
    return settled((done) => this.#client.connect(done));
  }

  /**
   * One event: a create and a write, each a call and a transaction of its own. It writes the stop's
   * partner, since what facts derive is written by nobody.
   */
  async tell(event: Milestone, target: NaiveTarget): Promise<void> {
    const at = event.occurred.at.slice(0, -1).replace("T", " ");
    await this.#call("milepost.milestone", "create", [
      {
        key: event.key,
        connection_id: target.connectionId,
        company_id: target.companyId,
        shipment_id: target.shipmentId,
        source_event: event.source_event,
        said_at: at,
        message_uid: event.message,
        code: event.code,
        raw_code: event.raw_code,
        classifier: event.classifier,
        occurred_at: at,
        occurred_zone: event.occurred.zone,
        place_name: event.place?.city,
        latitude: event.place?.latitude,
        longitude: event.place?.longitude,
      },
    ]);
    await this.#call("milepost.stop", "write", [
      [target.stopId],
      { partner_id: PARTNERS[this.#told++ % 2] },
    ]);
  }

  #call(model: string, method: string, args: unknown[]): Promise<unknown> {
    return settled((done) => this.#client.execute_kw(model, method, [args], done));
  }
}

function settled(
  start: (done: (error: unknown, value: unknown) => void) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(new Error(`The naive connector failed: ${JSON.stringify(error)}`));
      else resolve(value);
    });
  });
}
