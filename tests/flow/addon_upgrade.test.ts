/**
 * An administrator has the addon as one, puts the new folders on the path and runs `-u milepost`.
 * MILEPOST_UPGRADE_SHIPMENTS says how many shipments the company has.
 */
import { expect } from "chai";
import { ensureOdoo, type Odoo, type PlainDatabase } from "../../tools/odoo/odoo.ts";
import { contentOf, differences, rowsOf, type Content } from "./upgrade/content.ts";
import { OldAddon } from "./upgrade/old_addon.ts";

const SHIPMENTS = Number(process.env["MILEPOST_UPGRADE_SHIPMENTS"] ?? 100);

/** What must be there, so that the upgrade has something to lose. */
const FILLED = [
  "milepost_shipment",
  "milepost_milestone",
  "milepost_pod",
  "milepost_carrier_invoice",
  "milepost_hold",
  "milepost_hold_audit",
  "milepost_billable",
  "milepost_billing_run",
  "milepost_accrual",
  "milepost_claim",
  "milepost_rate",
  "milepost_backtest_line",
  "milepost_outbox",
  "account_move",
];

/** External ids with their records, as `name model id`; two addons may have one of the same name. */
const NAMES = `SELECT DISTINCT concat_ws(' ', name, model, res_id), model
  FROM ir_model_data WHERE module LIKE 'milepost%' AND name !~ '_milepost_demo(__|$)'`;

/** Roles of billing stand under a heading of their own, and a contract is the bridge's. */
const renamed = (name: string) =>
  name
    .replace(/^privilege_finance /, "privilege_shipments ")
    .replace(/^(model|field|model_inherit_)_milepost_contract(?=__| )/, "$1_milepost_rate_engine");

/** Fields that are no more: hours without a sign, beside minutes that say early and late. */
const GONE = /^field_milepost_(shipment|stop)__lateness_hours /;

/** Of a value's external id the list; a list that other addons add to has no such ids any more. */
const listOf = (name: string) => /^(selection__\S+)__[^_]\S* ir\.model/.exec(name)?.[1];

/**
 * All external ids of what the addon became, and what its rules say; other addons install themselves
 * where there is need of them.
 */
const INSTALLED = `
SELECT module || '.' || d.name, concat_ws(' ', model, domain_force, perm_read, perm_write, perm_create, perm_unlink)
  FROM ir_model_data d LEFT JOIN ir_rule r ON d.model = 'ir.rule' AND r.id = res_id
 WHERE module IN ('milepost', 'milepost_billing')`;

/** External ids that name no record. */
const DANGLING = `
names = env['ir.model.data'].search([('module', '=like', 'milepost%')])
print('DANGLING', sorted(
    name.complete_name for name in names
    if name.model not in env or not env[name.model].browse(name.res_id).exists()
))
`;

const AUDIT = `
holds = env['milepost.hold'].search([])
print('AUDITED', len(holds), env['milepost.hold.audit'].verify())
`;

/** Decides about everything again. */
const DECIDE = `
env['milepost.shipment'].search([])._billing_changed()
env['milepost.billing']._catch_up()
env.cr.commit()
`;

/**
 * What a decision writes without another outcome: on which revision it was made, and by which version of
 * the policy; a version that names a rule more is another.
 */
const DECISION = /^milepost_(shipment\.((billing_)?rev|policy_version_id)|policy_version(\.\w+)?):/;

describe("the upgrade of the addon that was one", function () {
  this.timeout(3_600_000);
  let odoo: Odoo;
  let old: OldAddon;
  let database: PlainDatabase;
  let content: Content;
  let names: Content;
  let output: string;

  before(async () => {
    odoo = await ensureOdoo();
    old = await OldAddon.unpack(odoo);
    database = await odoo.createPlainDatabase();
    // A template is no database to the shared server, whose cron threads would visit it between.
    await setTemplate(true);
    await old.fill(database, SHIPMENTS);
    content = await contentOf(database);
    names = rowsOf(await database.sql(NAMES));
    output = await odoo.run(["-d", database.database, "-u", "milepost", "--stop-after-init"], {
      ports: true,
    });
  });
  after(async () => {
    old?.remove();
    if (database === undefined) return;
    await setTemplate(false);
    await database.drop();
  });

  const setTemplate = (is: boolean) =>
    database.sql(`ALTER DATABASE "${database.database}" IS_TEMPLATE ${is}`);
  const shell = (input: string) =>
    odoo.run(["shell", "-d", database.database, "--no-http"], { input });

  it("begins with a company that has something to lose", () => {
    const counts = Object.fromEntries(FILLED.map((table) => [table, content.get(table)]));
    const isMoney = (name: string) =>
      /^sum of (milepost_\w+|account_move)\.\w*(amount|total|sum)/.test(name);
    const sums = Object.fromEntries([...content].filter(([name]) => isMoney(name)));
    console.log(JSON.stringify({ counts, sums }));
    expect(Number(counts["milepost_shipment"])).to.be.at.least(SHIPMENTS);
    expect(FILLED.filter((table) => Number(content.get(table) ?? 0) === 0)).to.deep.equal([]);
  });

  it("installs what the addon became, without a word of complaint", async () => {
    const states = rowsOf(
      await database.sql("SELECT name, state FROM ir_module_module WHERE name LIKE 'milepost%'"),
    );
    expect(states.get("milepost")).to.equal("installed");
    expect(states.get("milepost_billing")).to.equal("installed");
    expect(states.get("milepost_batch"), "which installs itself").to.equal("installed");
    const complaints = output.split("\n").filter((line) => / (WARNING|ERROR|CRITICAL) /.test(line));
    expect(complaints).to.deep.equal([]);
  });

  it("leaves every row and every value of every table as it was", async () => {
    expect(differences(content, await contentOf(database))).to.deep.equal([]);
  });

  it("moves each external id with its record, and loses none", async () => {
    const found = rowsOf(await database.sql(NAMES));
    const listed = new Set([...found.keys()].map(listOf));
    const wanted = new Map(
      [...names]
        .filter(([name]) => !GONE.test(name))
        .filter(([name]) => listOf(name) === undefined || listed.has(listOf(name)))
        .map(([name, model]) => [renamed(name), model]),
    );
    expect(differences(wanted, found)).to.deep.equal([]);
    expect(await shell(DANGLING)).to.match(/^DANGLING \[\]$/m);
  });

  it("has what a new installation has, under the same names", async () => {
    const fresh = await (await ensureOdoo(undefined, ["milepost_billing"])).createDatabase();
    try {
      const [wanted, found] = [await fresh.sql(INSTALLED), await database.sql(INSTALLED)];
      expect(differences(rowsOf(wanted), rowsOf(found)), "missing").to.deep.equal([]);
      expect(differences(rowsOf(found), rowsOf(wanted)), "left over").to.deep.equal([]);
    } finally {
      await fresh.drop();
    }
  });

  it("keeps the audit of every hold whole", async () => {
    const holds = content.get("milepost_hold");
    expect(await shell(AUDIT)).to.match(new RegExp(`^AUDITED ${holds} \\[\\]$`, "m"));
  });

  it("decides the same as before", async () => {
    await shell(DECIDE);
    const found = differences(content, await contentOf(database));
    expect(found.filter((it) => !DECISION.test(it))).to.deep.equal([]);
  });
});
