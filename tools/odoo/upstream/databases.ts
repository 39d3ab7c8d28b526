/** Databases for Odoo's own tests: the modules under test, without the addons and with them. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheFolder, withLock } from "../cache.ts";
import type { OdooHost } from "../host.ts";
import type { Log } from "../progress.ts";
import { addonsHash, clone, databases, dropDatabase, exists } from "../template.ts";

/** Beyond the base: what the tested modules are, and what the addons stand on, POS alone left out. */
const MODULES = [
  ...["purchase_stock", "sale_mrp", "mrp_account", "stock_dropshipping", "stock_picking_batch"],
  "account_debit_note",
];
const ADDONS = [
  "milepost",
  "milepost_billing",
  "milepost_batch",
  "milepost_purchase",
  "milepost_mrp",
  "milepost_portal",
];

/** Names what a result without the addons rests on, beside the version of Odoo. */
export const plainName = `up_plain_${shortHash(MODULES.join())}`;

/** The database without the addons; made once. */
export async function plainDatabase(host: OdooHost, log: Log): Promise<string> {
  return ensure(host, log, plainName, "base", MODULES);
}

/** The same one with the addons; made anew when what is installed of them changes. */
export async function addonDatabase(host: OdooHost, log: Log): Promise<string> {
  const plain = await plainDatabase(host, log);
  const installed = addonsHash((path) => !/\/(tests|static|readme|i18n)\//.test(path));
  const name = `up_addons_${shortHash(plain + installed)}`;
  for (const old of await databases(host, "up\\_addons\\_%")) {
    if (!old.startsWith(name)) await dropDatabase(host, old);
  }
  return ensure(host, log, name, plain, ADDONS);
}

async function ensure(
  host: OdooHost,
  log: Log,
  name: string,
  from: string,
  modules: readonly string[],
): Promise<string> {
  return withLock(join(cacheFolder(), `upstream-${host.name}`), log, async () => {
    if (await exists(host, name)) return name;
    log(`installing ${modules.join(", ")} into ${name}`);
    const fresh = `${name}_new`;
    await clone(host, from, fresh);
    // The server's cron threads would connect to it and keep it from being copied.
    await host.sql(fresh, "UPDATE ir_cron SET active = false");
    await host.odoo([
      ...["-d", fresh, "-i", modules.join(","), "--skip-auto-install"],
      ...["--stop-after-init", "--no-http"],
    ]);
    const query = "SELECT name FROM ir_module_module WHERE state = 'installed'";
    const installed = (await host.sql(fresh, query)).split("\n");
    const missing = modules.filter((one) => !installed.includes(one));
    if (missing.length > 0) throw new Error(`Odoo did not install ${missing.join(", ")}`);
    await clone(host, fresh, name);
    await dropDatabase(host, fresh);
    return name;
  });
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
