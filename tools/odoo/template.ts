/**
 * The template database: the base database with the addon, one user per role and their API keys.
 * Its name carries a hash of the addon, so that a changed addon gets a new template by itself.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, withLock } from "./cache.ts";
import type { OdooHost } from "./host.ts";
import type { Log } from "./progress.ts";

/** Users of the template: login = password = role; the groups come from the addon. */
export const ROLES = [
  "dispatcher",
  "analyst",
  "manager",
  "controller",
  "operator",
  "bridge",
] as const;
export type Role = (typeof ROLES)[number] | "admin";
export type ApiKeys = Record<Role, string>;

export interface Template {
  database: string;
  apiKeys: ApiKeys;
}

/** Runs in `odoo shell`. The last line that it prints is the keys as JSON. */
const SETUP = `
import json
from datetime import datetime, timedelta
from odoo import Command

company = env.ref('base.main_company')
company.name = 'Milepost Demo Company'
company.partner_id.write({
    'street': 'Pier 7', 'zip': '3199', 'city': 'Rotterdam', 'country_id': env.ref('base.nl').id,
    'tz': 'Europe/Amsterdam',
})
env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
groups = {
    'dispatcher': ['milepost.group_dispatcher', 'sales_team.group_sale_salesman', 'stock.group_stock_user'],
    'analyst': ['milepost.group_billing_analyst', 'account.group_account_invoice', 'sales_team.group_sale_salesman_all_leads'],
    'manager': ['milepost.group_finance_manager', 'account.group_account_manager', 'sales_team.group_sale_salesman_all_leads'],
    'controller': ['milepost.group_controller', 'account.group_account_manager', 'sales_team.group_sale_manager'],
    'operator': ['milepost.group_integration_operator'],
    'bridge': ['milepost.group_bridge'],
}
keys = {}
def key(user):
    expires = datetime.now() + timedelta(days=80)
    return env['res.users.apikeys'].with_user(user)._generate(None, 'milepost', expires)
for login, names in groups.items():
    groups_of = [env.ref(name, raise_if_not_found=False) for name in names]
    found = [group.id for group in groups_of if group]
    user = env['res.users'].with_context(no_reset_password=True).create({
        'name': login.capitalize(), 'login': login, 'password': login, 'tz': 'Europe/Amsterdam',
        'group_ids': [Command.set([env.ref('base.group_user').id, *found])],
    })
    keys[login] = key(user)
admin = env.ref('base.user_admin')
admin.tz = 'Europe/Amsterdam'
for name in ('milepost.group_controller', 'milepost.group_integration_operator', 'milepost.group_dispatcher'):
    group = env.ref(name, raise_if_not_found=False)
    if group:
        admin.group_ids = [Command.link(group.id)]
keys['admin'] = key(admin)
env.cr.commit()
print('KEYS ' + json.dumps(keys))
`;

/** Makes the template when the addon changed since the last one. */
export async function ensureTemplate(
  host: OdooHost,
  addon: string,
  name: string,
  log: Log,
): Promise<Template> {
  const database = `tpl_${addonHash(addon)}`;
  const keyFile = join(cacheFolder(), `keys-${name}-${database}.json`);
  return withLock(join(cacheFolder(), `template-${name}`), log, async () => {
    if (existsSync(keyFile) && (await exists(host, database))) {
      return { database, apiKeys: JSON.parse(readFileSync(keyFile, "utf8")) as ApiKeys };
    }
    log("installing the addon into a template database");
    // Its cron threads visit every database: one that is being made would be written twice.
    await host.stopServer();
    await dropTemplates(host, name);
    await clone(host, "base", `${database}_new`);
    await host.odoo(["-d", `${database}_new`, "-i", "milepost", "--stop-after-init", "--no-http"]);
    await mustBeInstalled(host, `${database}_new`);
    const output = await host.odoo(["shell", "-d", `${database}_new`, "--no-http"], {
      input: SETUP,
    });
    const keys = /^KEYS (.*)$/m.exec(output)?.[1];
    if (keys === undefined) throw new Error(`Odoo made no API keys:\n${output.slice(-4000)}`);
    await disconnect(host, `${database}_new`);
    await host.sql("postgres", `ALTER DATABASE "${database}_new" RENAME TO "${database}"`);
    await host.copyFiles(`${database}_new`, database);
    await host.removeFiles(`${database}_new`);
    writeFileSync(keyFile, keys, { mode: 0o600 });
    return { database, apiKeys: JSON.parse(keys) as ApiKeys };
  });
}

/** Odoo only warns of a module that it cannot find, and ends with 0. */
async function mustBeInstalled(host: OdooHost, database: string): Promise<void> {
  const query = "SELECT state FROM ir_module_module WHERE name = 'milepost'";
  const state = (await host.sql(database, query)).trim();
  if (state !== "installed") {
    throw new Error(`The addon was not installed (state: ${state || "not found"}); see Odoo's log`);
  }
}

/** Hash over the addon's files: what makes a template outdated. */
export function addonHash(addon: string): string {
  const hash = createHash("sha256").update(SETUP);
  const entries = readdirSync(addon, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"));
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(file.slice(addon.length)).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * PostgreSQL neither copies nor renames a database that anything is connected to, and Odoo's cron
 * threads visit every database that takes connections: from now on it takes none.
 */
async function disconnect(host: OdooHost, database: string): Promise<void> {
  await host.sql("postgres", `ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS false`);
  await host.sql(
    "postgres",
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${database}'`,
  );
}

/** Copies a database with its files. */
export async function clone(host: OdooHost, from: string, to: string): Promise<void> {
  await disconnect(host, from);
  await host.sql("postgres", `DROP DATABASE IF EXISTS "${to}" WITH (FORCE)`);
  await host.sql("postgres", `CREATE DATABASE "${to}" TEMPLATE "${from}" OWNER odoo`);
  await host.removeFiles(to);
  await host.copyFiles(from, to);
  // A copy must not count as the same database: Odoo's own duplicate gives it a uuid of its own.
  await host.sql(
    to,
    "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'",
  );
}

async function exists(host: OdooHost, database: string): Promise<boolean> {
  const rows = await host.sql(
    "postgres",
    `SELECT 1 FROM pg_database WHERE datname = '${database}'`,
  );
  return rows.trim() === "1";
}

export async function databases(host: OdooHost, like: string): Promise<string[]> {
  const rows = await host.sql(
    "postgres",
    `SELECT datname FROM pg_database WHERE datname LIKE '${like}' ORDER BY 1`,
  );
  return rows.split("\n").filter((row) => row !== "");
}

async function dropTemplates(host: OdooHost, name: string): Promise<void> {
  for (const database of await databases(host, "tpl\\_%")) {
    await host.sql("postgres", `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    await host.removeFiles(database);
    rmSync(join(cacheFolder(), `keys-${name}-${database}.json`), { force: true });
  }
}
