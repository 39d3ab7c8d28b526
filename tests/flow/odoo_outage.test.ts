/** A real Odoo that is not there, or not ready: nothing is lost, and the bridge says what is wrong. */
import { expect } from "chai";
import type { Status } from "../../bridge/admin/status_type.ts";
import { odooCall } from "../../tools/demo/odoo_call.ts";
import { ensureOdoo, type Odoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const LIMIT_MS = 60_000;

describe("The bridge while Odoo is not ready", function () {
  this.timeout(240_000);
  let odoo: Odoo;
  let database: OdooDatabase | undefined;
  let bridge: TestBridge;

  before(async function () {
    this.timeout(1_200_000);
    odoo = await ensureOdoo();
  });
  afterEach(async () => {
    await bridge.stop();
    await database?.drop();
    database = undefined;
  });

  const connect = async (it: OdooDatabase) => {
    const admin = odooCall(it.url, it.database, it.apiKeys.admin);
    await admin("milepost.connection", "create", {
      vals_list: [{ name: "Acme", code: "acme", source: "tiny" }],
    });
  };
  const start = (name: string, apiKey: string) =>
    TestBridge.start({
      odooUrl: odoo.url,
      odoo: { database: name, api_key: apiKey, call_seconds: 60 },
    });
  const status = async () => (await (await askAdmin(`${bridge.admin}/status`)).json()) as Status;
  const metrics = async () => (await askAdmin(`${bridge.admin}/metrics`)).text();

  /** The pause is on the status page, in the metrics and in the log; what came in waits. */
  async function saysAndKeeps(code: string, facts: number): Promise<void> {
    const said = async () => (await status()).pauses.some((it) => it.code === code);
    await waitUntil(`the pause ${code}`, said, LIMIT_MS);
    expect(await metrics()).to.match(/^milepost_paused\{[^}]*\} 1$/m);
    expect(bridge.log.some((line) => line.includes(`"code":"${code}"`))).to.equal(true);
    await waitUntil("the facts wait", async () => {
      const waiting = (await status()).queue.reduce((sum, it) => sum + it.count, 0);
      return waiting === facts;
    });
    expect((await status()).dead_letters).to.deep.equal([]);
  }

  async function delivers(it: OdooDatabase, facts: number): Promise<void> {
    const stored = async () =>
      Number(await it.sql("SELECT count(*) FROM milepost_milestone")) === facts;
    await waitUntil("everything is in Odoo", stored, LIMIT_MS);
    await waitUntil(
      "the pause is over",
      async () => (await status()).pauses.length === 0,
      LIMIT_MS,
    );
    expect(await metrics()).not.to.match(/^milepost_paused\{[^}]*\} 1$/m);
  }

  it("keeps what comes in while the database is down, and delivers when it is up", async () => {
    // The keys of a clone are those of the template, known from any other clone.
    const other = await odoo.createDatabase();
    await other.drop();
    const name = `t_late_${process.pid}`;
    bridge = await start(name, other.apiKeys.bridge);
    for (let i = 0; i < 5; i++) expect((await bridge.post(tinyMessage(2))).status).to.equal(202);
    await saysAndKeeps("odoo_unreachable", 10);
    database = await odoo.createDatabase(name);
    await connect(database);
    await delivers(database, 10);
  });

  it("pauses while the addon is missing, and goes on when it is installed", async () => {
    database = await odoo.createDatabase();
    await connect(database);
    const setState = (state: string) =>
      database!.sql(
        `UPDATE ir_module_module SET state = '${state}' WHERE name LIKE 'milepost%';
         INSERT INTO orm_signaling_registry DEFAULT VALUES`,
      );
    await setState("uninstalled");
    bridge = await start(database.database, database.apiKeys.bridge);
    expect((await bridge.post(tinyMessage(4))).status).to.equal(202);
    await saysAndKeeps("odoo_addon_missing", 4);
    await setState("installed");
    await delivers(database, 4);
  });
});
