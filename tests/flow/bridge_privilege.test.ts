import { expect } from "chai";
import { MilepostError } from "../../bridge/errors.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { Json2Transport } from "../../bridge/odoo/json2.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";
import { useOdooDatabase } from "../real_odoo.ts";

const signal = new AbortController().signal;

describe("the bridge's user, over RPC with its own key", function () {
  this.timeout(120_000);
  const odoo = useOdooDatabase();
  const transports: Json2Transport[] = [];
  const as = (api_key: string) => {
    const settings = { database: odoo.database, api_key };
    const config = testConfig({ odooUrl: odoo.url, dataDir: "/tmp", odoo: settings });
    const transport = new Json2Transport(config.odoo, createMetrics());
    transports.push(transport);
    return <T>(model: string, method: string, args: Record<string, unknown>) =>
      transport.call(model, method, args, signal) as Promise<T>;
  };
  after(() => Promise.all(transports.map((it) => it.close())));

  const outcome = (work: Promise<unknown>) =>
    work.then(
      (value) => `answered ${JSON.stringify(value)}`,
      (error: unknown) => (error instanceof MilepostError ? error.code : String(error)),
    );

  it("is refused everything but the exchange", async () => {
    const admin = as(odoo.apiKeys.admin);
    const bridge = as(odoo.apiKeys.bridge);
    const [company] = await admin<number[]>("res.company", "create", {
      vals_list: [{ name: "Elsewhere Ltd" }],
    });
    await admin("milepost.connection", "create", {
      vals_list: [
        { name: "Acme", code: "acme", source: "otm5" },
        { name: "Theirs", code: "theirs", source: "otm5", company_id: company },
      ],
    });
    const hello = await bridge<{ connections: string[] }>("milepost.exchange", "hello", {});
    expect(hello.connections).to.deep.equal(["acme"]);
    const tries: Array<[string, string, Record<string, unknown>]> = [
      ["res.users", "write", { ids: [2], vals: { name: "x" } }],
      ["res.users", "create", { vals_list: [{ name: "x", login: "x" }] }],
      ["res.users.apikeys", "search_read", { domain: [["user_id.login", "=", "admin"]] }],
      ["ir.config_parameter", "get_param", { key: "database.uuid" }],
      ["ir.config_parameter", "search_read", { domain: [] }],
      ["account.move", "search_read", { domain: [] }],
      ["account.move", "create", { vals_list: [{ move_type: "out_invoice" }] }],
      ["account.move", "action_post", { ids: [1] }],
      ["sale.order", "search_read", { domain: [] }],
      ["stock.picking", "search_read", { domain: [] }],
      ["milepost.shipment", "search_read", { domain: [] }],
      ["milepost.connection", "search_read", { domain: [] }],
      ["milepost.hold", "search_read", { domain: [] }],
      ["milepost.outbox", "search_read", { domain: [] }],
      ["ir.attachment", "search_read", { domain: [["res_model", "=", "milepost.pod"]] }],
      ["ir.model", "search_read", { domain: [] }],
      ["milepost.exchange", "claim_outbox", { connection: "theirs" }],
      ["milepost.exchange", "report_status", { connection: "theirs", state: "ok" }],
      ["milepost.exchange", "_connections", {}],
    ];
    const let_in: string[] = [];
    for (const [model, method, args] of tries) {
      const said = await outcome(bridge(model, method, args));
      if (said !== "odoo_forbidden" && said !== "odoo_addon_missing" && said !== "answered []") {
        let_in.push(`${model}.${method}: ${said}`);
      }
    }
    expect(let_in).to.deep.equal([]);
  });
});
