/**
 * The template database: the base database with the addons, one user per role and their API keys.
 * Its name carries a hash of the addons, so that changed ones get a new template by themselves.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addonNames, ADDONS_FOLDER, usualAddons } from "../addons.ts";
import { cacheFolder, withLock } from "./cache.ts";
import type { OdooHost } from "./host.ts";
import type { Log } from "./progress.ts";

/** Users of the template: login = password = role; the groups come from the addons. */
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
    'dispatcher': ['group_dispatcher', 'sales_team.group_sale_salesman', 'stock.group_stock_user'],
    'analyst': ['group_billing_analyst', 'account.group_account_invoice', 'sales_team.group_sale_salesman_all_leads'],
    'manager': ['group_finance_manager', 'account.group_account_manager', 'sales_team.group_sale_salesman_all_leads'],
    'controller': ['group_controller', 'account.group_account_manager', 'sales_team.group_sale_manager'],
    'operator': ['group_integration_operator'],
    'bridge': ['group_bridge'],
}
def groups_of(names):
    """A name alone is that of a role, in whichever of the addons that has it."""
    ids = []
    for name in names:
        domain = [('model', '=', 'res.groups'), ('name', '=', name.split('.')[-1])]
        domain += [('module', '=', name.split('.')[0])] if '.' in name else [('module', '=like', 'milepost%')]
        ids += env['ir.model.data'].search(domain).mapped('res_id')
    return ids
keys = {}
def key(user):
    expires = datetime.now() + timedelta(days=80)
    return env['res.users.apikeys'].with_user(user)._generate(None, 'milepost', expires)
for login, names in groups.items():
    user = env['res.users'].with_context(no_reset_password=True).create({
        'name': login.capitalize(), 'login': login, 'password': login, 'tz': 'Europe/Amsterdam',
        'group_ids': [Command.set([env.ref('base.group_user').id, *groups_of(names)])],
    })
    keys[login] = key(user)
admin = env.ref('base.user_admin')
admin.tz = 'Europe/Amsterdam'
for group in groups_of(['group_controller', 'group_integration_operator', 'group_dispatcher']):
    admin.group_ids = [Command.link(group)]
keys['admin'] = key(admin)
env.cr.commit()
print('KEYS ' + json.dumps(keys))
`;

/**
 * Makes the template when the addons changed since the last one.
 *
 * @param addons those that are installed, with what they depend on; unless they are all of the
 *   checkout nothing else installs itself, so that each can be seen without the others
 */
export async function ensureTemplate(
  host: OdooHost,
  addons: readonly string[],
  name: string,
  log: Log,
): Promise<Template> {
  const database = templateName(addons);
  const keyFile = keyFileOf(name, database);
  return withLock(join(cacheFolder(), `template-${name}`), log, async () => {
    if (existsSync(keyFile) && (await exists(host, database))) {
      return { database, apiKeys: JSON.parse(readFileSync(keyFile, "utf8")) as ApiKeys };
    }
    log(`installing ${addons.join(", ")} into a template database`);
    // Its cron threads visit every database: one that is being made would be written twice.
    await host.stopServer();
    await dropOutdated(host, name);
    await clone(host, "base", `${database}_new`);
    await host.odoo([
      ...["-d", `${database}_new`, "-i", addons.join(","), "--stop-after-init", "--no-http"],
      ...(isAll(addons) ? [] : ["--skip-auto-install"]),
    ]);
    await mustBeInstalled(host, addons, `${database}_new`);
    const output = await host.odoo(["shell", "-d", `${database}_new`, "--no-http"], {
      input: SETUP,
    });
    const keys = /^KEYS (.*)$/m.exec(output)?.[1];
    if (keys === undefined) throw new Error(`Odoo made no API keys:\n${output.slice(-4000)}`);
    await disconnect(host, `${database}_new`);
    await alterDatabase(host, `${database}_new`, `RENAME TO "${database}"`);
    await host.copyFiles(`${database}_new`, database);
    await host.removeFiles(`${database}_new`);
    writeFileSync(keyFile, keys, { mode: 0o600 });
    return { database, apiKeys: JSON.parse(keys) as ApiKeys };
  });
}

/**
 * A template of this checkout from an earlier state of the addons, which an update brings to the
 * present one in a fifth of the time of an installation; none when an addon is new.
 */
export async function earlierTemplate(
  host: OdooHost,
  addons: readonly string[],
  name: string,
): Promise<string | undefined> {
  if (!isAll(addons)) return undefined;
  for (const database of await databases(host, "tpl\\_%")) {
    if (!/^tpl_[0-9a-f]+$/.test(database) || !existsSync(keyFileOf(name, database))) continue;
    await alterDatabase(host, database, "WITH ALLOW_CONNECTIONS true");
    const missing = await missingIn(host, addons, database);
    await disconnect(host, database);
    if (missing.length === 0) return database;
  }
  return undefined;
}

function keyFileOf(name: string, database: string): string {
  return join(cacheFolder(), `keys-${name}-${database}.json`);
}

function isAll(addons: readonly string[]): boolean {
  return usualAddons().toSorted().join() === addons.toSorted().join();
}

/** Templates of one state of the addons begin alike. */
function templateName(addons: readonly string[]): string {
  const start = `tpl_${addonsHash()}`;
  return isAll(addons) ? start : `${start}_${addons.toSorted().join("_")}`;
}

/** Odoo only warns of a module that it cannot find, and ends with 0. */
async function mustBeInstalled(
  host: OdooHost,
  addons: readonly string[],
  database: string,
): Promise<void> {
  const missing = await missingIn(host, addons, database);
  if (missing.length > 0) {
    throw new Error(`Odoo did not install ${missing.join(", ")}; see its log`);
  }
}

/** Those of the addons that a database has not. */
async function missingIn(
  host: OdooHost,
  addons: readonly string[],
  database: string,
): Promise<string[]> {
  const query = "SELECT name FROM ir_module_module WHERE state = 'installed'";
  const installed = (await host.sql(database, query)).split("\n");
  return addons.filter((name) => !installed.includes(name));
}

/**
 * Hash over the files of all addons: what makes a template, and a running server, outdated.
 *
 * @param counts leaves files out that do not matter, by their path below the addons
 */
export function addonsHash(counts: (path: string) => boolean = () => true): string {
  const hash = createHash("sha256").update(SETUP);
  const entries = addonNames().flatMap((name) =>
    readdirSync(join(ADDONS_FOLDER, name), { recursive: true, withFileTypes: true }),
  );
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"));
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const path = file.slice(ADDONS_FOLDER.length);
    if (counts(path)) hash.update(path).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * PostgreSQL neither copies nor renames a database that anything is connected to, and Odoo's cron
 * threads visit every database that takes connections: from now on it takes none.
 */
async function disconnect(host: OdooHost, database: string): Promise<void> {
  await alterDatabase(host, database, "WITH ALLOW_CONNECTIONS false");
  await host.sql(
    "postgres",
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${database}'`,
  );
}

/**
 * PostgreSQL refuses the second of two that alter a database at once ("tuple concurrently
 * updated"), and a template is cloned by every run that needs it: they wait for each other.
 */
export async function alterDatabase(
  host: OdooHost,
  database: string,
  change: string,
): Promise<void> {
  await host.sql(
    "postgres",
    `SELECT pg_advisory_lock(hashtext('milepost alters a database'));
     ALTER DATABASE "${database}" ${change}`,
  );
}

/** Copies a database with its files; several may copy the same one at once. */
export async function clone(host: OdooHost, from: string, to: string): Promise<void> {
  await disconnect(host, from);
  await host.sql("postgres", `DROP DATABASE IF EXISTS "${to}" WITH (FORCE)`);
  await host.sql("postgres", `CREATE DATABASE "${to}" TEMPLATE "${from}" OWNER odoo`);
  await host.removeFiles(to);
  await host.copyFiles(from, to);
  // PostgreSQL copies without its log: after a crash sequences would stand where they were.
  await host.sql("postgres", "CHECKPOINT");
  // A copy must not count as the same database: Odoo's own duplicate gives it a uuid of its own.
  await host.sql(
    to,
    "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'",
  );
}

/**
 * A test class works in one transaction: autovacuum would find its tables empty and say so to the
 * planner, and a join of a few hundred journal items then takes a minute.
 */
const KEEP_STATISTICS = `DO $$ DECLARE one regclass; BEGIN
  FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', one);
  END LOOP;
END $$`;

/** Copies a database for a run of Odoo's test runner. */
export async function cloneForTests(host: OdooHost, from: string, to: string): Promise<void> {
  await clone(host, from, to);
  // The shared server's cron threads visit this database, too, and would work between the tests.
  await host.sql(to, "UPDATE ir_cron SET active = false");
  await host.sql(to, KEEP_STATISTICS);
}

export async function dropDatabase(host: OdooHost, name: string): Promise<void> {
  await host.sql("postgres", `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  await host.removeFiles(name);
}

export async function exists(host: OdooHost, database: string): Promise<boolean> {
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

/** Those of another state of the addons, and what a killed run left behind. */
async function dropOutdated(host: OdooHost, name: string): Promise<void> {
  const current = `tpl_${addonsHash()}`;
  for (const database of await databases(host, "tpl\\_%")) {
    const keyFile = keyFileOf(name, database);
    if (database.startsWith(current) && existsSync(keyFile)) continue;
    await host.sql("postgres", `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    await host.removeFiles(database);
    rmSync(keyFile, { force: true });
  }
}
