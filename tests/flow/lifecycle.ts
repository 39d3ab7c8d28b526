/** What the tests of the addons' lives share: a database of their own, and what must outlive its addons. */
import { ensureOdoo, type Odoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";

/** Bills what the story proves, so that holds are open and invoices posted. Its proofs are not
 * signed: an invoice is made where the policy takes the status for a proof. */
export const BILL = `
env['milepost.demo']._load()
env['milepost.billing.policy'].create({'name': 'By status', 'pod_gate': 'pod_or_delivered'})
env['milepost.shipment'].search([])._billing_changed()
env['milepost.billing']._catch_up()
runs = env['milepost.billing.run']
while run := runs._run(env.company, fields.Datetime.now()):
    runs |= run
env['milepost.billing'].sudo()._catch_up()
env.cr.commit()
print('BILLED', len(runs.move_ids), runs.mapped('problem'))
`;

export const upgrade = (name: string) =>
  `env['ir.module.module'].search([('name', '=', '${name}')]).button_immediate_upgrade()`;
export const uninstall = (name: string) =>
  `env['ir.module.module'].search([('name', '=', '${name}')]).button_immediate_uninstall()`;
export const install = (name: string) =>
  `env['ir.module.module'].search([('name', '=', '${name}')]).button_immediate_install()`;

/** What an upgrade must leave as it is: each query gives rows. */
export const KEPT: Record<string, string> = {
  holds: `SELECT reason, state, subject, amount, explanation, fingerprint, closed_at
            FROM milepost_hold ORDER BY id`,
  audit: "SELECT id, md5(milepost_hold_audit::text) FROM milepost_hold_audit ORDER BY id",
  lines: `SELECT milepost_billable_id, quantity, price_subtotal FROM account_move_line
           WHERE milepost_billable_id IS NOT NULL ORDER BY id`,
  money: `SELECT billing_state, billable_amount, invoiced_amount, held_amount, absorbed_amount
            FROM milepost_shipment ORDER BY id`,
  orders: "SELECT invoice_status, count(*) FROM sale_order GROUP BY 1 ORDER BY 1",
};

/** Odoo's own books, which no addon's end changes. */
export const BOOKS: Record<string, string> = {
  invoices: `SELECT name, state, amount_total, delivery_date FROM account_move
              WHERE move_type IN ('out_invoice', 'out_refund', 'in_invoice') ORDER BY id`,
  entries: "SELECT id, account_id, debit, credit, quantity FROM account_move_line ORDER BY id",
  sold: `SELECT id, product_uom_qty, qty_delivered, qty_invoiced, price_subtotal
           FROM sale_order_line ORDER BY id`,
};

/** What the core has of its own, which the end of another addon leaves. */
export const CORE: Record<string, string> = {
  shipments: "SELECT id, name, state, rev, partner_id FROM milepost_shipment ORDER BY id",
  facts: "SELECT id, key, code, occurred_at FROM milepost_milestone ORDER BY id",
  proofs: "SELECT id, key, state FROM milepost_pod ORDER BY id",
  orders: "SELECT id, kind, state FROM milepost_outbox ORDER BY id",
};

/** Whether Odoo's own rules give what is stored: asked again, they change nothing. */
export const RECOMPUTE = `
lines = env['sale.order.line'].search([])
names = ('qty_delivered_method', 'qty_delivered', 'qty_to_invoice', 'qty_invoiced', 'invoice_status')
stored = [tuple(line[name] for name in names) for line in lines]
for name in names:
    env.add_to_compute(lines._fields[name], lines)
env.flush_all()
again = [tuple(line[name] for name in names) for line in lines]
print('RECOMPUTED', len(lines), [pair for pair in zip(stored, again) if pair[0] != pair[1]])
open_orders = env['sale.order'].search([('invoice_status', '=', 'to invoice')])
print('TO INVOICE', len(open_orders), len(open_orders._create_invoices()))
`;

export class Play {
  readonly odoo: Odoo;
  readonly database: OdooDatabase;

  constructor(odoo: Odoo, database: OdooDatabase) {
    this.odoo = odoo;
    this.database = database;
  }

  /** Runs Python in Odoo's shell. */
  shell(input: string): Promise<string> {
    const args = ["shell", "-d", this.database.database, "--no-http"];
    return this.odoo.run(args, { input: `from odoo import fields\n${input}` });
  }

  async rows(queries: Record<string, string>): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [what, query] of Object.entries(queries)) {
      found[what] = await this.database.sql(query);
    }
    return found;
  }
}

/** A clone for each test; the shared server's cron threads would write beside what happens in it. */
export function usePlay(addons?: readonly string[]): () => Play {
  let odoo: Odoo;
  let play: Play;
  before(async () => {
    odoo = await ensureOdoo(undefined, addons);
  });
  beforeEach(async () => {
    play = new Play(odoo, await odoo.createDatabase());
    await play.database.sql("UPDATE ir_cron SET active = false");
  });
  afterEach(() => play.database.drop());
  return () => play;
}

/** What may be left of the addons: each query counts. */
export const LEFTOVERS: Record<string, string> = {
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

/** A shipment as a dispatcher makes one by hand, and what its carrier tells of it. */
export const TELL = `
bridge = env['res.users'].search([('login', '=', 'bridge')])
connection = env['milepost.connection'].create(
    {'name': 'TMS', 'code': 'tms', 'source': 'otm5', 'user_id': bridge.id})
shipment = env['milepost.shipment'].create(
    {'connection_id': connection.id, 'partner_id': env['res.partner'].create({'name': 'Jansen'}).id})
verdicts = env['milepost.exchange'].with_user(bridge).ingest({
    'contract': '1.0', 'connection': 'tms',
    'messages': [{'id': 'm1', 'sha256': '0' * 64, 'received_at': '2026-11-03T14:00:00Z',
                  'mapping': 'otm5@1', 'channel': 'webhook'}],
    'facts': [{
        'kind': 'milestone', 'message': 'm1', 'applies_to': 'one', 'key': '1' * 64,
        'recorded_at': '2026-11-03T14:00:00Z', 'code': 'picked_up', 'classifier': 'actual',
        'raw_code': 'picked_up', 'occurred': {'at': '2026-11-03T13:00:00Z', 'precision': 'second'},
        'stop': {'kind': 'pickup'}, 'identifiers': [{'type': 'shipment', 'value': shipment.name}],
    }],
})['verdicts']
env.cr.commit()
env.invalidate_all()
print('TOLD', [one['status'] for one in verdicts], shipment.state)
`;
