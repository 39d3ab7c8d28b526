/**
 * A real Odoo 19 for tests, the demo and benchmarks, whatever the machine has:
 * 1. a server that exists already, named by MILEPOST_ODOO_URL;
 * 2. else the official images on a Docker engine;
 * 3. else Debian packages in a root directory of their own.
 */
import { usualAddons } from "../addons.ts";
import { DebianHost } from "./debian_host.ts";
import { obstacle } from "./debian_root.ts";
import { DockerHost, dockerObstacle } from "./docker_host.ts";
import { existingOdoo } from "./existing_odoo.ts";
import type { OdooHost } from "./host.ts";
import { type Odoo, OdooUnavailable, type PlainDatabase, type TestRun } from "./odoo_handle.ts";
import { CommandError } from "./processes.ts";
import { progress, type Log } from "./progress.ts";
import {
  addonsHash,
  clone,
  cloneForTests,
  databases,
  dropDatabase,
  earlierTemplate,
  ensureTemplate,
} from "./template.ts";

export type { ApiKeys, Role } from "./template.ts";
export {
  OdooUnavailable,
  type Odoo,
  type OdooDatabase,
  type PlainDatabase,
  type TestRun,
} from "./odoo_handle.ts";

/**
 * Finds or provisions Odoo and has it running, with the template made of the addons as they are now.
 *
 * @param addons those that its databases have: all of the checkout, or some of them alone
 */
export async function ensureOdoo(
  log: Log = progress(),
  addons: readonly string[] = usualAddons(),
): Promise<Odoo> {
  const url = namedUrl();
  if (url !== undefined) return existingOdoo(url);
  const host = await openHost(log);
  await host.startDatabase();
  const template = await ensureTemplate(host, addons, host.name, log);
  const { url: serverUrl } = await host.startServer(addonsHash());
  return {
    url: serverUrl,
    description: host.description,
    createDatabase: async (name = randomName()) => ({
      ...(await cloned(host, template.database, name)),
      url: serverUrl,
      apiKeys: template.apiKeys,
    }),
    createPlainDatabase: () => cloned(host, "base", randomName()),
    runTests: (run) => runTests(host, run.withAddon ? template.database : "base", run),
    hasDatabase: async (name) => (await databases(host, name)).includes(name),
    run: (args, options) => host.odoo(args, options),
    shell: (database) => host.odooCommand(["shell", "-d", database, "--no-http"]),
    serve: (name, folder) => host.serve(name, folder),
    crash: async (what) => {
      await host.crash(what);
      await (what === "server" ? host.startServer(addonsHash()) : host.startDatabase());
    },
    reset: async () => {
      for (const name of await databases(host, "%")) {
        if (/^(t_|demo)/.test(name)) await dropDatabase(host, name);
      }
    },
    stop: () => host.stop(),
  };
}

/**
 * Runs tests of the addons on a clone of any template that this checkout has, without a server: the
 * update that a run begins with brings it to the addons as they are.
 *
 * @returns what Odoo printed
 */
export async function runTestsQuickly(
  addons: readonly string[],
  run: TestRun,
  log: Log,
): Promise<string> {
  const host = await openHost(log);
  await host.startDatabase();
  const template =
    (await earlierTemplate(host, addons, host.name)) ??
    (await ensureTemplate(host, addons, host.name, log)).database;
  return runTests(host, template, run);
}

/** Ends what an earlier run of this checkout started, without provisioning anything. */
export async function stopOdoo(log: Log): Promise<void> {
  const isDebian = (await dockerObstacle()) !== null;
  if (isDebian && !DebianHost.wasPlanted()) return log("nothing was started from this checkout");
  const host = await openHost(log);
  await host.stop();
}

/** The server that somebody named; an empty variable names none: so a shell takes one back. */
function namedUrl(): string | undefined {
  return process.env["MILEPOST_ODOO_URL"] || undefined;
}

/** An Odoo that may be provisioned, for what works on databases alone; nothing is started yet. */
export async function ownHost(log: Log): Promise<OdooHost> {
  if (namedUrl() === undefined) return openHost(log);
  throw new OdooUnavailable("This needs an Odoo that Milepost may provision itself");
}

async function openHost(log: Log): Promise<OdooHost> {
  const noDocker = await dockerObstacle();
  if (noDocker === null) return DockerHost.open(log);
  const noDebian = await obstacle();
  if (noDebian === null) return DebianHost.open(log);
  throw new OdooUnavailable(
    [
      "No Odoo 19 can be had on this machine. Any of these would do:",
      "  1. name a server: MILEPOST_ODOO_URL, with MILEPOST_ODOO_DB and MILEPOST_ODOO_API_KEY",
      `  2. start a Docker engine (now: ${noDocker})`,
      `  3. run as root on Debian (now: ${noDebian})`,
    ].join("\n"),
  );
}

const randomName = () => `t_${Math.random().toString(36).slice(2, 12)}`;

async function cloned(host: OdooHost, from: string, name: string): Promise<PlainDatabase> {
  await clone(host, from, name);
  return {
    database: name,
    sql: (query) => host.sql(name, query),
    drop: () => dropDatabase(host, name),
  };
}

async function runTests(
  host: OdooHost,
  original: string,
  { modules, tags, onLine }: TestRun,
): Promise<string> {
  const name = `t_addon_${process.pid}_${randomName()}`;
  await cloneForTests(host, original, name);
  try {
    return await host.odoo(["-d", name, "-u", modules, "--test-tags", tags, "--stop-after-init"], {
      onLine,
      ports: true,
    });
  } catch (error) {
    // Odoo ends with an error when a test failed: what it printed says which.
    if (error instanceof CommandError) return error.output;
    throw error;
  } finally {
    await dropDatabase(host, name);
  }
}
