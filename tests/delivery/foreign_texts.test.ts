import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../bridge/main.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { FaultServer } from "../bridge_kit/fault_server.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const API_KEY = "odoo-api-key-canary";
const PASSWORD = "pass/word canary";

describe("what others answer", () => {
  it("is kept and shown without the secrets that it repeats", async () => {
    const repeated = [API_KEY, PASSWORD, encodeURIComponent(PASSWORD)].join(" ");
    const basic = Buffer.from(PASSWORD).toString("base64").replace(/=+$/, "");
    const odoo = await new FakeOdoo().start();
    odoo.apiKey = API_KEY;
    odoo.verdict = ({ key }) => ({
      key,
      status: "rejected",
      code: "schema",
      reason: `refused ${repeated} ${basic}`,
    });
    const partner = await new FaultServer(() => ({ status: 500, body: repeated })).start();
    const auth = { type: "basic", user: "us", password: PASSWORD };
    const bridge = await TestBridge.start({
      odooUrl: odoo.url,
      odoo: { api_key: API_KEY },
      connection: { peer: { base_url: partner.url, auth }, poll: { interval_seconds: 0.05 } },
    });
    await bridge.post(tinyMessage());
    await waitUntil("a dead letter", async () =>
      (await (await askAdmin(`${bridge.admin}/dead-letters`)).text()).includes("refused ***"),
    );
    const store = openStore(bridge.dataDir);
    const said = JSON.stringify([
      await store.deadLetters.list({}),
      await store.pauses.list(),
      bridge.log.join(""),
    ]);
    await store.close();
    const files = readdirSync(bridge.dataDir).filter((it) => it.startsWith("milepost.db"));
    const bytes = files.map((it) => readFileSync(join(bridge.dataDir, it), "latin1")).join("");
    for (const secret of [API_KEY, PASSWORD, encodeURIComponent(PASSWORD), basic]) {
      expect(said, secret).not.to.include(secret);
      expect(bytes, secret).not.to.include(secret);
    }
    await bridge.stop();
    await partner.stop();
    await odoo.stop();
  });
});
