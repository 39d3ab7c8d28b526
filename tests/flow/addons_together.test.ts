/** The addons together: upgraded, uninstalled one by one, and what stays then. */
import { expect } from "chai";
import { ensureOdoo } from "../../tools/odoo/odoo.ts";
import {
  BILL,
  BOOKS,
  CORE,
  KEPT,
  LEFTOVERS,
  RECOMPUTE,
  TELL,
  uninstall,
  upgrade,
  usePlay,
} from "./lifecycle.ts";
import { differences, rowsOf } from "./upgrade/content.ts";

/** Tables and columns of Milepost, and everything that it named. */
const SHAPE = `
SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable FROM information_schema.columns
 WHERE table_schema = 'public' AND (table_name LIKE 'milepost%' OR column_name LIKE 'milepost%')
UNION ALL
SELECT module || '.' || name, model FROM ir_model_data WHERE module LIKE 'milepost%'`;

describe("the addons together", function () {
  this.timeout(1_200_000);
  const play = usePlay();

  it("keep open holds and posted invoices through an upgrade, and decide the same afterwards", async () => {
    const output = await play().shell(BILL);
    expect(output, output).to.match(/BILLED [1-9]/);
    const all = { ...KEPT, ...BOOKS, ...CORE };
    const before = await play().rows(all);
    expect(before["holds"]).to.include("open");
    expect(before["invoices"]).to.include("posted");
    await play().shell(upgrade("milepost"));
    expect(await play().rows(all)).to.deep.equal(before);
    await play().shell(upgrade("milepost_billing"));
    expect(await play().rows(all)).to.deep.equal(before);
    await play().shell(`
env['milepost.shipment'].search([])._billing_changed()
env['milepost.billing']._catch_up()
env.cr.commit()
`);
    const { shipments: _rev, ...decided } = all;
    const { shipments: _before, ...expected } = before;
    expect(await play().rows(decided)).to.deep.equal(expected);
  });

  it("leave nothing behind when the core is uninstalled, and Odoo's own records stay", async () => {
    await play().shell("env['milepost.demo']._load()\nenv.cr.commit()");
    await play().shell(uninstall("milepost"));
    const left: Record<string, number> = {};
    for (const [what, count] of Object.entries(await play().rows(LEFTOVERS))) {
      left[what] = Number(count.trim());
    }
    expect(left).to.deep.equal(Object.fromEntries(Object.keys(LEFTOVERS).map((it) => [it, 0])));
    const orders = await play().database.sql(
      "SELECT count(*) FROM sale_order WHERE client_order_ref LIKE 'PO-%' AND state = 'sale'",
    );
    expect(Number(orders.trim())).to.be.greaterThan(10);
  });
});

describe("billing and the core", function () {
  this.timeout(1_200_000);
  const play = usePlay(["milepost_demo"]);

  it("go on as the core alone when billing is uninstalled, and Odoo's amounts are its own", async () => {
    await play().shell(BILL);
    const before = await play().rows({ ...BOOKS, ...CORE });
    await play().shell(uninstall("milepost_billing"));
    expect(await play().rows({ ...BOOKS, ...CORE })).to.deep.equal(before);
    const core = await (await ensureOdoo(undefined, ["milepost"])).createDatabase();
    try {
      const [found, wanted] = [await play().database.sql(SHAPE), await core.sql(SHAPE)];
      expect(differences(rowsOf(found), rowsOf(wanted)), "left over").to.deep.equal([]);
      expect(differences(rowsOf(wanted), rowsOf(found)), "lost").to.deep.equal([]);
    } finally {
      await core.drop();
    }
    expect(await play().shell(TELL)).to.include("TOLD ['accepted'] in_transit");
    const books = await play().shell(RECOMPUTE);
    expect(books).to.match(/^RECOMPUTED \d\d+ \[\]$/m);
    expect(books, "what was held is invoiced as Odoo does it").to.match(/^TO INVOICE [1-9]/m);
  });
});
