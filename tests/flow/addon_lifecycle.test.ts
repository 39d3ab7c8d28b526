/** Each addon alone and together: installed, upgraded, uninstalled. */
import { expect } from "chai";
import { ensureOdoo } from "../../tools/odoo/odoo.ts";
import {
  BILL,
  BOOKS,
  CORE,
  install,
  KEPT,
  RECOMPUTE,
  uninstall,
  upgrade,
  usePlay,
} from "./lifecycle.ts";
import { differences, rowsOf } from "./upgrade/content.ts";

/** What may be left of the addons: each query counts. */
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

/** Tables and columns of Milepost, and everything that it named. */
const SHAPE = `
SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable FROM information_schema.columns
 WHERE table_schema = 'public' AND (table_name LIKE 'milepost%' OR column_name LIKE 'milepost%')
UNION ALL
SELECT module || '.' || name, model FROM ir_model_data WHERE module LIKE 'milepost%'`;

/** What a user of the core reads: labels, help, choices, views, menus, actions, roles. */
const TEXTS = `
SELECT what, regexp_replace(text, '\\s+', ' ', 'g') FROM (
  SELECT 'field ' || model || '.' || f.name, f.field_description::text || coalesce(f.help::text, ''), f.id, 'ir.model.fields'
    FROM ir_model_fields f
  UNION ALL SELECT 'choice ' || value, name::text, id, 'ir.model.fields.selection' FROM ir_model_fields_selection
  UNION ALL SELECT 'view ' || name, arch_db::text, id, 'ir.ui.view' FROM ir_ui_view
  UNION ALL SELECT 'menu', name::text, id, 'ir.ui.menu' FROM ir_ui_menu
  UNION ALL SELECT 'action', name::text || coalesce(help::text, ''), id, 'ir.actions.act_window' FROM ir_act_window
  UNION ALL SELECT 'role', name::text || coalesce(comment::text, ''), id, 'res.groups' FROM res_groups
) AS said (what, text, id, model)
JOIN ir_model_data d ON d.model = said.model AND d.res_id = said.id AND d.module = 'milepost'`;

const MONEY =
  /\b(invoic\w*|bill(s|ed|ing|able)?|charges?|prices?|amounts?|currenc\w+|money|costs?|credit\w*|debit\w*|claims?|accru\w*|rates?|payable|policy|holds?)\b/gi;
/** A paper, and what customs do. */
const TRANSPORT = /bills? of lading|customs[ _]holds?/gi;

/** What the control tower and the panel answer, in the eyes of a dispatcher. */
const TOWER = `
import json
person = env['res.users'].search([('login', '=', 'dispatcher')])
shipments = env['milepost.shipment'].with_user(person)
board = shipments.control_tower()
first = next(column['shipments'][0] for column in board['columns'] if column['shipments'])
print('TOWER', json.dumps({
    'shipments': sum(column['count'] for column in board['columns']),
    'row': sorted(first), 'timeline': sorted(shipments.browse(first['id']).timeline()),
}))
`;

/** A shipment as a dispatcher makes one by hand, and what its carrier tells of it. */
const TELL = `
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

describe("the core alone", function () {
  this.timeout(1_200_000);
  const play = usePlay(["milepost"]);
  const tower = async () =>
    JSON.parse(/^TOWER (.*)$/m.exec(await play().shell(TOWER))?.[1] ?? "{}") as {
      shipments: number;
      row: string[];
      timeline: string[];
    };

  it("takes facts and shows them, without a word of money", async () => {
    expect(await play().shell(TELL)).to.include("TOLD ['accepted'] in_transit");
    const { shipments, ...answers } = await tower();
    expect(shipments).to.equal(1);
    const said = (await play().database.sql(TEXTS)).split("\n");
    expect(said.length).to.be.greaterThan(300);
    const words = [...said, JSON.stringify(answers)].flatMap((line) => {
      const text = line.replaceAll(TRANSPORT, "").replaceAll("_", " ");
      return text.match(MONEY)?.map((word) => `${word} in ${line.slice(0, 60)}`) ?? [];
    });
    expect(words).to.deep.equal([]);
  });

  it("is upgraded and uninstalled without a trace", async () => {
    await play().shell(TELL);
    const before = await play().rows(CORE);
    await play().shell(upgrade("milepost"));
    expect(await play().rows(CORE)).to.deep.equal(before);
    await play().shell(uninstall("milepost"));
    const left = Object.values(await play().rows(LEFTOVERS)).map((count) => count.trim());
    expect(new Set(left)).to.deep.equal(new Set(["0"]));
  });

  it("gets billing later, which decides about the shipments that are there", async () => {
    await play().shell(TELL);
    await play().shell(install("milepost_billing"));
    const output = await play().shell(`
env['milepost.billing']._catch_up()
env.cr.commit()
print('DECIDED', env['milepost.shipment'].search([]).mapped('billing_state'))
`);
    expect(output).to.match(/^DECIDED \['\w+'\]$/m);
    const board = await tower();
    expect(board.row).to.include("open_hold_count");
  });
});
