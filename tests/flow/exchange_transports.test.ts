import { expect } from "chai";
import { MilepostError } from "../../bridge/errors.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { ExchangeApi } from "../../bridge/odoo/exchange_api.ts";
import { Json2Transport } from "../../bridge/odoo/json2.ts";
import type { OdooTransport } from "../../bridge/odoo/transport.ts";
import { XmlrpcTransport } from "../../bridge/odoo/xmlrpc.ts";
import { askAdmin, TestBridge, testConfig } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { newFact } from "../store/store_contract.ts";

const signal = new AbortController().signal;

describe("the exchange with a real Odoo", function () {
  this.timeout(60_000);
  const odoo = useOdooDatabase();
  const config = (more: Record<string, unknown>) =>
    testConfig({
      odooUrl: odoo.url,
      dataDir: "/tmp",
      odoo: { database: odoo.database, login: "bridge", api_key: odoo.apiKeys.bridge, ...more },
    });

  before(async () => {
    const { odoo: admin } = config({ api_key: odoo.apiKeys.admin });
    const transport = new Json2Transport(admin, createMetrics());
    const vals_list = [{ name: "Acme", code: "acme", source: "tiny" }];
    await transport.call("milepost.connection", "create", { vals_list }, signal);
    await transport.close();
  });

  for (const name of ["json2", "xmlrpc"] as const) {
    describe(`over ${name}`, () => {
      const transports: OdooTransport[] = [];
      const open = (more: Record<string, unknown> = {}): OdooTransport => {
        const settings = config({ transport: name, ...more }).odoo;
        const metrics = createMetrics();
        const transport =
          name === "json2"
            ? new Json2Transport(settings, metrics)
            : new XmlrpcTransport(settings, metrics);
        transports.push(transport);
        return transport;
      };
      const api = (more: Record<string, unknown> = {}) => new ExchangeApi(open(more));
      after(() => Promise.all(transports.map((it) => it.close())));
      const fault = async (work: Promise<unknown>): Promise<string> => {
        const error: unknown = await work.then(
          () => "answered",
          (it: unknown) => it,
        );
        if (!(error instanceof MilepostError))
          throw new Error(`no MilepostError: ${String(error)}`);
        expect(error.message).not.to.include("Traceback").and.not.include("File ");
        return `${error.code} ${error.retry}`;
      };
      const batch = (connection = "acme") => {
        const id = crypto.randomUUID();
        const facts = [newFact(id).fact, newFact(id).fact];
        for (const fact of facts)
          fact.key = (crypto.randomUUID() + crypto.randomUUID()).replaceAll("-", "");
        const head = {
          id,
          sha256: "0".repeat(64),
          received_at: "2026-11-23T08:00:00Z",
          mapping: "tiny@1",
        };
        return {
          contract: "1.0",
          connection,
          messages: [{ ...head, channel: "webhook" as const }],
          facts,
        };
      };

      it("says hello and knows the connection", async () => {
        const answer = await api().hello(signal);
        expect(answer.connections).to.include("acme");
        expect(answer.odoo).to.match(/^19\./);
      });

      it("keeps facts of an unknown shipment as unmatched, and knows them the second time", async () => {
        const given = batch();
        const statuses = async () => (await api().ingest(given, signal)).map((it) => it.status);
        expect(await statuses()).to.deep.equal(["unmatched", "unmatched"]);
        expect(new Set(await statuses())).to.deep.equal(new Set(["duplicate"]));
      });

      it("rejects one fact that breaks the contract, with its place, and takes the other", async () => {
        const given = batch();
        Object.assign(given.facts[0]!, { classifier: "guessed" });
        const verdicts = await api().ingest(given, signal);
        expect(verdicts.map((it) => it.status)).to.deep.equal(["rejected", "unmatched"]);
        expect(verdicts[0]).to.deep.include({ code: "schema", path: "/classifier" });
      });

      it("claims an empty outbox and reports", async () => {
        expect(await api().claimOutbox("acme", 20, 60, signal)).to.deep.equal([]);
        await api().reportStatus("acme", "paused", "poll: the partner is down", signal);
        await api().reportStatus("acme", "ok", "", signal);
      });

      it("tells what is refused, and how to take it", async () => {
        expect(await fault(api({ api_key: "wrong" }).hello(signal))).to.equal(
          "odoo_unauthorized pause",
        );
        const dispatcher = { login: "dispatcher", api_key: odoo.apiKeys.dispatcher };
        expect(await fault(api(dispatcher).hello(signal))).to.equal("odoo_forbidden pause");
        expect(await fault(api().ingest(batch("nobody"), signal))).to.equal("odoo_forbidden pause");
        expect(await fault(open().call("milepost.nothing", "hello", {}, signal))).to.equal(
          "odoo_addon_missing pause",
        );
        expect(await fault(open().call("milepost.exchange", "nothing", {}, signal))).to.equal(
          "odoo_addon_missing pause",
        );
        const foreign = { ...batch(), contract: "9.0" };
        expect(await fault(api().ingest(foreign, signal))).to.equal("odoo_refused never");
        expect(await fault(api({ database: "nowhere" }).hello(signal))).to.equal(
          "odoo_unreachable later",
        );
      });
    });
  }

  it("carries a webhook's facts into Odoo through the whole bridge", async () => {
    const bridge = await TestBridge.start({
      odooUrl: odoo.url,
      odoo: { database: odoo.database, api_key: odoo.apiKeys.bridge },
    });
    const message = tinyMessage(3, { trip: `trip-${crypto.randomUUID()}` });
    const answer = (await (await bridge.post(message)).json()) as { id: string };
    const delivered = 'facts_total{connection="acme",status="unmatched"} 3';
    await waitUntil(
      "the verdicts",
      async () => (await (await askAdmin(`${bridge.admin}/metrics`)).text()).includes(delivered),
      20_000,
    );
    const rows = await odoo.sql(
      `SELECT count(*) FROM milepost_milestone WHERE message_uid = '${answer.id}'`,
    );
    expect(JSON.stringify(rows)).to.include("3");
    await bridge.stop();
  });
});
