/** The way to Odoo that the configuration names. */
import type { Config } from "../config.ts";
import type { Metrics } from "../metrics.ts";
import { Json2Transport } from "./json2.ts";
import type { OdooTransport } from "./transport.ts";
import { XmlrpcTransport } from "./xmlrpc.ts";

export function createTransport({ odoo }: Config, metrics: Metrics): OdooTransport {
  return odoo.transport === "json2"
    ? new Json2Transport(odoo, metrics)
    : new XmlrpcTransport(odoo, metrics);
}
