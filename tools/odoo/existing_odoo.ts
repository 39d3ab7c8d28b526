/**
 * A server that exists already. Nothing is installed or cloned there: the database must have the
 * addons, and tests that need a database of their own say so.
 */
import { type Odoo, OdooUnavailable } from "./odoo_handle.ts";
import type { ApiKeys } from "./template.ts";

export function existingOdoo(url: string): Odoo {
  const database = required("MILEPOST_ODOO_DB");
  const admin = required("MILEPOST_ODOO_API_KEY");
  const bridge = process.env["MILEPOST_ODOO_BRIDGE_API_KEY"] || admin;
  const refuse = (what: string) => () =>
    Promise.reject(new OdooUnavailable(`${what} needs an Odoo that Milepost may provision itself`));
  const apiKeys: ApiKeys = {
    admin,
    bridge,
    dispatcher: admin,
    analyst: admin,
    manager: admin,
    controller: admin,
    operator: admin,
  };
  return {
    url,
    description: `the server ${url}, database ${database}`,
    createDatabase: () =>
      Promise.resolve({
        url,
        database,
        apiKeys,
        sql: refuse("SQL access"),
        drop: () => Promise.resolve(), // not ours to drop
      }),
    createPlainDatabase: refuse("A database without the addons"),
    runTests: refuse("Running the addons' tests"),
    run: refuse("Running Odoo's command"),
    hasDatabase: (name) => Promise.resolve(name === database),
    shell: () => {
      throw new OdooUnavailable("A shell needs an Odoo that Milepost provisioned itself");
    },
    serve: refuse("A server of its own"),
    crash: refuse("A crash"),
    reset: refuse("reset"),
    stop: () => Promise.resolve(), // not ours to stop
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new OdooUnavailable(`MILEPOST_ODOO_URL is set, so ${name} must be set too`);
  }
  return value;
}
