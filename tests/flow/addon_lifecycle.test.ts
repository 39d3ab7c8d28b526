/** The core alone: installed, upgraded, uninstalled, and billing added to it. */
import { expect } from "chai";
import { CORE, install, LEFTOVERS, TELL, uninstall, upgrade, usePlay } from "./lifecycle.ts";

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
