/** A database of a real Odoo for a suite: cloned before it, dropped after it. */
import { ensureOdoo, type OdooDatabase } from "../tools/odoo/odoo.ts";

/**
 * Call inside `describe`. The object is filled before the suite's own `before` hooks run.
 * The first suite of a run may have to provision Odoo, which takes minutes on a new machine.
 */
export function useOdooDatabase(): OdooDatabase {
  const handle = {} as OdooDatabase;
  before(async function () {
    this.timeout(1_200_000);
    const odoo = await ensureOdoo();
    Object.assign(handle, await odoo.createDatabase());
  });
  after(async function () {
    this.timeout(300_000);
    await handle.drop?.();
  });
  return handle;
}
