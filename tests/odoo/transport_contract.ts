/** What every transport must do, against an Odoo that fails in every way that was seen. */
import { expect } from "chai";
import type { OdooConfig } from "../../bridge/config.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { ExchangeApi } from "../../bridge/odoo/exchange_api.ts";
import type { OdooTransport } from "../../bridge/odoo/transport.ts";
import { FakeOdoo, type Outcome } from "../bridge_kit/fake_odoo.ts";
import { newFact, outboxItem } from "../store/store_contract.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";

const signal = new AbortController().signal;

export function transportContract(
  name: "json2" | "xmlrpc",
  create: (config: OdooConfig) => OdooTransport,
): void {
  describe(`the transport ${name}`, () => {
    let odoo: FakeOdoo;
    let api: ExchangeApi;
    const open = (more: Record<string, unknown> = {}) => {
      const settings = { transport: name, login: "bridge", call_seconds: 0.5, ...more };
      api = new ExchangeApi(
        create(testConfig({ odooUrl: odoo.url, dataDir: "/tmp", odoo: settings }).odoo),
      );
    };
    beforeEach(async () => {
      odoo = await new FakeOdoo().start();
      open();
    });
    afterEach(async () => {
      await api.close();
      await odoo.stop();
    });
    const batch = () => ({
      contract: "1.0",
      connection: "acme",
      messages: [],
      facts: [newFact("m1").fact, newFact("m1").fact],
    });
    const failure = async (work: Promise<unknown>): Promise<MilepostError> => {
      const error: unknown = await work.then(
        () => undefined,
        (it: unknown) => it,
      );
      if (error instanceof MilepostError) return error;
      throw new Error(`no MilepostError but ${String(error)}`);
    };

    it("says hello and hears of what there is", async () => {
      expect(await api.hello(signal)).to.deep.include({ contract: "1.0", connections: ["acme"] });
    });

    it("hands facts over and gets a verdict for each, in their order", async () => {
      const given = batch();
      const verdicts = await api.ingest(given, signal);
      expect(verdicts.map((it) => [it.key, it.status])).to.deep.equal(
        given.facts.map((it) => [it.key, "accepted"]),
      );
      expect(odoo.batches[0]).to.deep.equal(given);
      expect((await api.ingest(given, signal)).map((it) => it.status)).to.deep.equal([
        "duplicate",
        "duplicate",
      ]);
    });

    it("claims, acknowledges and reports", async () => {
      const item = outboxItem(1);
      odoo.outbox.push(item);
      expect(await api.claimOutbox("acme", 20, 60, signal)).to.deep.equal([item]);
      const results = await api.acknowledgeOutbox(
        [{ id: 1, lease: "lease-1", result: "accepted" }],
        signal,
      );
      expect(results).to.deep.equal([{ id: 1, status: "done" }]);
      await api.reportStatus("acme", "paused", "why & <how>", signal);
      expect(odoo.statuses).to.deep.equal([
        { connection: "acme", state: "paused", reason: "why & <how>" },
      ]);
    });

    it("carries every text and number as it is", async () => {
      const fact = newFact("m1").fact;
      if (fact.kind !== "milestone") return;
      Object.assign(fact, {
        raw_text: 'é <&> "]]>" 東京 🚚 \n end ',
        place: { latitude: 52.123456, longitude: 5 },
      });
      await api.ingest({ ...batch(), facts: [fact] }, signal);
      expect(odoo.batches[0]?.facts[0]).to.deep.equal(fact);
    });

    const faults: Array<[string, Outcome, string, string]> = [
      ["a refused API key", { raises: "AccessDenied" }, "odoo_unauthorized", "pause"],
      ["denied access", { raises: "AccessError" }, "odoo_forbidden", "pause"],
      ["a missing addon", { raises: "UnknownModel" }, "odoo_addon_missing", "pause"],
      ["a refused call", { raises: "UserError" }, "odoo_refused", "never"],
      ["a fault inside Odoo", { raises: "Crash" }, "odoo_failed", "later"],
      ["a concurrent change", { raises: "Serialization" }, "odoo_busy", "later"],
      [
        "a database that is down",
        { reply: { status: 404, type: "text/html", body: "<p>No database is selected</p>" } },
        "odoo_unreachable",
        "later",
      ],
      [
        "a proxy's 502",
        { reply: { status: 502, type: "text/html", body: "<html>bad gateway</html>" } },
        "odoo_failed",
        "later",
      ],
      [
        "a redirect",
        { reply: { status: 302, headers: { location: "https://elsewhere/" } } },
        "odoo_redirect",
        "pause",
      ],
      [
        "a web page instead of an answer",
        { reply: { type: "text/html", body: "<html>login</html>" } },
        "odoo_bad_answer",
        "later",
      ],
      ["an answer of another shape", { value: { surprise: 1 } }, "odoo_bad_answer", "later"],
      ["an Odoo that hangs", { reply: "hang" }, "odoo_timeout", "later"],
      ["a connection that is reset", { reply: "reset" }, "odoo_unreachable", "later"],
      [
        "an answer that is cut",
        { reply: "cut" },
        name === "json2" ? "odoo_unreachable" : "odoo_",
        "later",
      ],
    ];
    for (const [what, outcome, code, retry] of faults) {
      it(`tells ${what} as ${code} (${retry}), without a traceback`, async () => {
        odoo.intercept = ({ method }) => (method === "ingest" ? outcome : undefined);
        const error = await failure(api.ingest(batch(), signal));
        expect(error.code).to.match(new RegExp(`^${code}`));
        expect(error.retry).to.equal(retry);
        const told = JSON.stringify([error.message, error.hint, error.path, error.culprit]);
        expect(told)
          .not.to.include("Traceback")
          .and.not.include("secret_path")
          .and.not.include("key-1");
      });
    }

    it("tells an Odoo that is not there as odoo_unreachable, and finds it when it is back", async () => {
      const port = Number(new URL(odoo.url).port);
      await odoo.stop();
      expect((await failure(api.hello(signal))).code).to.equal("odoo_unreachable");
      odoo = await new FakeOdoo().start(port);
      expect((await api.hello(signal)).addon).to.equal("19.0.1.0.0");
    });

    it("tells a wrong key as odoo_unauthorized, and works when Odoo takes the key again", async () => {
      odoo.apiKey = "another";
      expect((await failure(api.hello(signal))).code).to.equal("odoo_unauthorized");
      odoo.apiKey = "key-1";
      await api.hello(signal);
    });

    it("refuses an addon of another major contract, and verdicts of other facts", async () => {
      odoo.contract = "2.0";
      const newer = await failure(api.hello(signal));
      expect([newer.code, newer.hint]).to.satisfy(
        ([code, hint]: [string, string]) =>
          code === "odoo_contract" && hint.includes("upgrade the bridge"),
      );
      odoo.contract = "0.9";
      expect((await failure(api.hello(signal))).hint).to.include("upgrade the addons in Odoo");
      odoo.verdict = () => ({ key: "f".repeat(64) });
      expect((await failure(api.ingest(batch(), signal))).code).to.equal("odoo_bad_answer");
    });

    it("ends at once when it is aborted", async () => {
      odoo.intercept = () => ({ reply: "hang" });
      open({ call_seconds: 60 });
      const abort = new AbortController();
      const call = api.hello(abort.signal).then(
        () => "answered",
        () => "aborted",
      );
      abort.abort();
      expect(await call).to.equal("aborted");
    });
  });
}
