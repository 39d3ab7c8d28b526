import { expect } from "chai";
import { ensureOdoo, type Odoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { run } from "../../tools/odoo/processes.ts";

/** Uninstalls in Odoo's shell, with the story in the database and a connection in use. */
const UNINSTALL = `
env['milepost.demo']._load()
env.cr.commit()
env['ir.module.module'].search([('name', '=', 'milepost')]).button_immediate_uninstall()
print('UNINSTALLED')
`;

/** Bills what the story proves, so that holds are open and invoices posted before the upgrade. Its
 * proofs are not signed: an invoice is made where the policy takes the status for a proof. */
const BILL = `
env['milepost.demo']._load()
env['milepost.billing.policy'].create({'name': 'By status', 'pod_gate': 'pod_or_delivered'})
env['milepost.shipment'].search([])._billing_changed()
env['milepost.billing']._catch_up()
runs = env['milepost.billing.run']
while run := runs._run(env.company, fields.Datetime.now()):
    runs |= run
env['milepost.billing'].sudo()._catch_up()
env.cr.commit()
print('STATES', env['milepost.shipment'].search([]).mapped(lambda one: (one.state, one.billing_state)))
print('BILLED', len(runs.move_ids), runs.mapped('problem'))
`;

/** What an upgrade must leave as it is: each query gives rows. */
const KEPT: Record<string, string> = {
  holds: `SELECT reason, state, subject, amount, explanation, fingerprint, closed_at
            FROM milepost_hold ORDER BY id`,
  audit: "SELECT id, md5(milepost_hold_audit::text) FROM milepost_hold_audit ORDER BY id",
  invoices: `SELECT name, state, amount_total, delivery_date FROM account_move
              WHERE move_type IN ('out_invoice', 'out_refund', 'in_invoice') ORDER BY id`,
  lines: `SELECT milepost_billable_id, quantity, price_subtotal FROM account_move_line
           WHERE milepost_billable_id IS NOT NULL ORDER BY id`,
  money: `SELECT billing_state, billable_amount, invoiced_amount, held_amount, absorbed_amount
            FROM milepost_shipment ORDER BY id`,
  orders: "SELECT invoice_status, count(*) FROM sale_order GROUP BY 1 ORDER BY 1",
};

/** What may be left of the addon: each query counts. */
const LEFTOVERS: Record<string, string> = {
  tables: "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'milepost%'",
  columns:
    "SELECT count(*) FROM information_schema.columns WHERE column_name LIKE 'milepost%' AND table_schema = 'public'",
  models: "SELECT count(*) FROM ir_model WHERE model LIKE 'milepost.%'",
  fields: "SELECT count(*) FROM ir_model_fields WHERE name LIKE 'milepost%'",
  names: "SELECT count(*) FROM ir_model_data WHERE module LIKE 'milepost%'",
  views: "SELECT count(*) FROM ir_ui_view WHERE arch_db::text LIKE '%milepost%'",
  actions: "SELECT count(*) FROM ir_act_window WHERE res_model LIKE 'milepost.%'",
  jobs: "SELECT count(*) FROM ir_cron WHERE cron_name ILIKE 'milepost%'",
  files: "SELECT count(*) FROM ir_attachment WHERE res_model LIKE 'milepost.%'",
  messages: "SELECT count(*) FROM mail_message WHERE model LIKE 'milepost.%'",
};

describe("the addon", function () {
  this.timeout(1_200_000);
  let odoo: Odoo;
  let database: OdooDatabase;
  before(async () => {
    odoo = await ensureOdoo();
  });
  beforeEach(async () => {
    database = await odoo.createDatabase();
    // The shared server's cron threads visit this database, too, and would write beside the upgrade.
    await database.sql("UPDATE ir_cron SET active = false");
  });
  afterEach(() => database.drop());

  it("keeps open holds and posted invoices through an upgrade, and decides the same afterwards", async () => {
    const [command, args] = odoo.shell(database.database);
    const shell = (input: string) =>
      run(command, args, { input: `from odoo import fields\n${input}` });
    const kept = async () => {
      const rows: Record<string, string> = {};
      for (const [what, query] of Object.entries(KEPT)) rows[what] = await database.sql(query);
      return rows;
    };
    const output = await shell(BILL);
    expect(output, output).to.match(/BILLED [1-9]/);
    const before = await kept();
    expect(before["holds"]).to.include("open");
    expect(before["invoices"]).to.include("posted");
    await shell(
      "env['ir.module.module'].search([('name', '=', 'milepost')]).button_immediate_upgrade()",
    );
    expect(await kept()).to.deep.equal(before);
    await shell(`
env['milepost.shipment'].search([])._billing_changed()
env['milepost.billing']._catch_up()
env.cr.commit()
`);
    expect(await kept()).to.deep.equal(before);
  });

  it("leaves nothing behind when it is uninstalled, and Odoo's own records stay", async () => {
    const [command, args] = odoo.shell(database.database);
    const output = await run(command, args, { input: UNINSTALL });
    expect(output).to.include("UNINSTALLED");
    const left: Record<string, number> = {};
    for (const [what, query] of Object.entries(LEFTOVERS)) {
      left[what] = Number((await database.sql(query)).trim());
    }
    expect(left).to.deep.equal(Object.fromEntries(Object.keys(LEFTOVERS).map((it) => [it, 0])));
    const orders = await database.sql(
      "SELECT count(*) FROM sale_order WHERE client_order_ref LIKE 'PO-%' AND state = 'sale'",
    );
    expect(Number(orders.trim())).to.be.greaterThan(10);
  });
});
