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

/** What may be left of the addon: each query counts. */
const LEFTOVERS: Record<string, string> = {
  tables: "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'milepost%'",
  columns:
    "SELECT count(*) FROM information_schema.columns WHERE column_name LIKE 'milepost%' AND table_schema = 'public'",
  models: "SELECT count(*) FROM ir_model WHERE model LIKE 'milepost.%'",
  fields: "SELECT count(*) FROM ir_model_fields WHERE name LIKE 'milepost%'",
  names: "SELECT count(*) FROM ir_model_data WHERE module = 'milepost'",
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
    database = await odoo.createDatabase();
  });
  after(() => database.drop());

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
