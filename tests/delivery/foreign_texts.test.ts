import { expect } from "chai";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { storeRecovery } from "../../bridge/main.ts";
import { makeBackup } from "../../bridge/recovery/backup.ts";
import { openFile } from "../../bridge/recovery/sealed_file.ts";
import { newKey } from "../../bridge/store/vault.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { FaultServer } from "../bridge_kit/fault_server.ts";
import {
  ADMIN_TOKEN,
  askAdmin,
  HOOK_SECRET,
  temporaryDirectory,
  TestBridge,
  testConfig,
} from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const API_KEY = "odoo-api-key-canary";
const PASSWORD = "pass/word canary";
const READ_TOKEN = "read-token-canary";
const STORE_KEY = newKey();
const BACKUP_KEY = newKey();
const BASIC = Buffer.from(PASSWORD).toString("base64").replace(/=+$/, "");
const SECRETS = [
  API_KEY,
  PASSWORD,
  encodeURIComponent(PASSWORD),
  BASIC,
  HOOK_SECRET,
  ADMIN_TOKEN,
  READ_TOKEN,
  STORE_KEY,
  BACKUP_KEY,
];

describe("configured secrets", () => {
  const backup = { dir: temporaryDirectory(), key: BACKUP_KEY };
  let odoo: FakeOdoo;
  let partner: FaultServer;
  let bridge: TestBridge;

  before(async () => {
    const repeated = SECRETS.join(" ");
    odoo = await new FakeOdoo().start();
    odoo.apiKey = API_KEY;
    odoo.verdict = ({ key }) => ({
      key,
      status: "rejected",
      code: "schema",
      reason: `refused ${repeated}`,
    });
    partner = await new FaultServer(() => ({ status: 500, body: repeated })).start();
    const auth = { type: "basic", user: "us", password: PASSWORD };
    bridge = await TestBridge.start({
      odooUrl: odoo.url,
      odoo: { api_key: API_KEY },
      admin: { read_token: READ_TOKEN },
      store: { keys: [{ id: "k", key: STORE_KEY }] },
      backup,
      connection: { peer: { base_url: partner.url, auth }, poll: { interval_seconds: 0.05 } },
    });
    await bridge.post(tinyMessage());
    await waitUntil("a dead letter", async () =>
      (await asked("/dead-letters")).includes("refused"),
    );
    await waitUntil("the poll is said to stand still", () =>
      odoo.statuses.some((it) => it.state === "paused"),
    );
  });
  after(async () => {
    await bridge.stop();
    await partner.stop();
    await odoo.stop();
    rmSync(backup.dir, { recursive: true });
  });

  const asked = async (path: string, headers = {}) =>
    (await askAdmin(bridge.admin + path, { headers })).text();

  const expectNone = (text: string, where: string) => {
    for (const secret of SECRETS) {
      expect(text.includes(secret), `${secret} in ${where}`).to.equal(false);
    }
  };

  it("are struck out of what partners and Odoo answer, where it is shown and logged", async () => {
    for (const path of ["/dead-letters", "/status", "/metrics", "/openapi.json", "/quarantine"]) {
      expectNone(await asked(path), path);
    }
    expect(await asked("/dead-letters")).to.include("refused *** ***");
    expectNone(bridge.log.join(""), "the log");
  });

  it("are in no body of a refusal", async () => {
    for (const authorization of ["", `Bearer ${READ_TOKEN}x`, "Basic eDp5"]) {
      expectNone(await asked("/status", { authorization }), "a 401");
    }
    expectNone(await asked("/dead-letters?limit=x"), "a 400");
    expectNone(await (await bridge.post("{")).text(), "what is wrong with a webhook");
    const unsigned = await fetch(`${bridge.intake}/webhooks/acme`, { method: "POST", body: "x" });
    expectNone(await unsigned.text(), "a webhook's refusal");
  });

  it("are in no file of the store, which shows no payload neither", async () => {
    const filler = "payload-canary-5520";
    await bridge.post(tinyMessage(1, { filler }));
    const files = readdirSync(bridge.dataDir, { withFileTypes: true }).filter((it) => it.isFile());
    expect(files.map((it) => it.name)).to.include("milepost.sqlite");
    for (const { name } of files) {
      const bytes = readFileSync(join(bridge.dataDir, name), "latin1");
      expectNone(bytes, name);
      expect(bytes, name).not.to.include(filler);
    }
  });

  it("are in no backup, neither as it lies there nor opened", async () => {
    const config = testConfig({ odooUrl: odoo.url, dataDir: bridge.dataDir, backup });
    const { file } = await makeBackup(config, storeRecovery.copies);
    await openFile(file, join(backup.dir, "opened"), BACKUP_KEY);
    for (const name of readdirSync(backup.dir)) {
      expectNone(readFileSync(join(backup.dir, name), "latin1"), name);
    }
  });

  it("reach Odoo in no fact and no report", () => {
    expectNone(JSON.stringify([odoo.batches, odoo.statuses, odoo.acknowledgements]), "Odoo");
  });
});
