import { expect } from "chai";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge, type TestBridgeParts } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

describe("a store and an Odoo that do not belong together", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge | undefined;
  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
  });
  afterEach(async () => {
    await bridge?.stop();
    bridge = undefined;
    await odoo.stop();
  });

  const start = async (more: Partial<TestBridgeParts> = {}) => {
    bridge = await TestBridge.start({ odooUrl: odoo.url, ...more });
  };
  const refusal = (more: Partial<TestBridgeParts> = {}) =>
    TestBridge.start({ odooUrl: odoo.url, ...more }).then(
      async (it) => {
        await it.stop(more.dataDir !== undefined);
        return "started";
      },
      (error: { code: string }) => error.code,
    );
  /** A store that has spoken to this Odoo, left by its bridge. */
  const known = async (more: Partial<TestBridgeParts> = {}): Promise<string> => {
    await start(more);
    const { dataDir } = bridge!;
    await bridge!.post(tinyMessage());
    await waitUntil("in Odoo", () => odoo.facts.size > 0);
    await bridge!.stop(true);
    return dataDir;
  };

  it("refuses production's store against a test Odoo", async () => {
    const dataDir = await known({ environment: "production" });
    odoo.isNeutralized = true;
    odoo.environment = "";
    expect(await refusal({ dataDir, environment: "production" })).to.equal(
      "odoo_wrong_environment",
    );
    odoo.isNeutralized = false;
    odoo.databaseUuid = "db-2";
    expect(await refusal({ dataDir, environment: "production" })).to.equal("odoo_wrong_database");
    odoo.databaseUuid = "db-1";
    await start({ dataDir, environment: "production" });
  });

  it("refuses a test store, even a new one, against production's Odoo", async () => {
    odoo.environment = "production";
    expect(await refusal({ environment: "staging" })).to.equal("odoo_wrong_environment");
    expect(odoo.batches).to.deep.equal([]);
    odoo.environment = "";
    odoo.isNeutralized = true;
    const dataDir = await known({ environment: "staging" });
    odoo.isNeutralized = false;
    odoo.environment = "staging";
    expect(await refusal({ dataDir, environment: "staging" })).to.equal("odoo_wrong_environment");
  });

  it("is paused, and says so, when Odoo becomes another one while the bridge runs", async () => {
    await start();
    await waitUntil("bound", () => odoo.environment === "test");
    odoo.environment = "production";
    const { port } = new URL(odoo.url);
    await odoo.stop();
    await bridge!.post(tinyMessage());
    const pauses = async () =>
      (await (await askAdmin(`${bridge!.admin}/status`)).json()) as { pauses: { code: string }[] };
    await waitUntil("the loss is seen", async () => (await pauses()).pauses.length === 1);
    await odoo.start(Number(port));
    await waitUntil("the pause is said", async () =>
      (await pauses()).pauses.some((it) => it.code === "odoo_wrong_environment"),
    );
    expect(odoo.facts.size).to.equal(0);
  });

  it("goes on with an addon that knows no environments yet", async () => {
    odoo.intercept = ({ method }) =>
      method === "bind" ? { raises: "UnknownModel" as const } : undefined;
    await known();
  });

  it("says as a metric when the API key and each webhook's last key end", async () => {
    odoo.keyExpiresAt = "2027-02-27 10:00:00";
    const keys = [{ secret: "hook-secret-canary", not_after: "2027-03-01T00:00:00Z" }];
    const verifier = { scheme: "hmac", header: "x-signature", keys };
    await start({ connection: { webhook: { verifier } } });
    const text = await (await askAdmin(`${bridge!.admin}/metrics`)).text();
    const seconds = Date.parse("2027-02-27T10:00:00Z") / 1000;
    expect(text).to.include(
      `milepost_credential_expiry_timestamp_seconds{credential="odoo.api_key"} ${seconds}`,
    );
    expect(text).to.include(
      `milepost_credential_expiry_timestamp_seconds{credential="webhook acme"} ${Date.parse("2027-03-01T00:00:00Z") / 1000}`,
    );
  });
});
