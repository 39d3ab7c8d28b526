import { expect } from "chai";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConfig } from "../../../bridge/config.ts";
import { createLogger } from "../../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../../bridge/main.ts";
import { sources } from "../../../bridge/sources/registry.ts";
import { FakeOdoo } from "../../bridge_kit/fake_odoo.ts";
import { FaultServer } from "../../bridge_kit/fault_server.ts";
import { temporaryDirectory, testTree } from "../../bridge_kit/test_bridge.ts";
import { waitUntil } from "../../bridge_kit/wait_until.ts";
import { ROOT, sampleOf } from "./mapped_kit.ts";

describe("a tracking number of Odoo on its way through the bridge", function () {
  this.timeout(60_000);
  const dataDir = temporaryDirectory();
  let odoo: FakeOdoo;
  let ups: FaultServer;
  let bridge: Bridge | undefined;
  const asked: string[] = [];
  let tokens = 0;

  before(async () => {
    odoo = await new FakeOdoo().start();
    odoo.contract = "1.7";
    const numbers = [{ number: "1Z999AA10123456784", carrier: "" }];
    odoo.intercept = ({ method }) =>
      method === "tracked_numbers" ? { value: { numbers, next: 0 } } : undefined;
    ups = await new FaultServer(({ path, headers }) => {
      if (path === "/token") return { body: `{"access_token":"t${(tokens += 1)}"}` };
      asked.push(`${path} ${headers.authorization ?? ""}`);
      return { body: sampleOf("ups", "delivered.json").toString() };
    }).start();
  });
  after(async () => {
    await bridge?.stop();
    await odoo.stop();
    await ups.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("is asked for by the carrier's file, and comes back as facts with signature and photo, once", async () => {
    const file = join(dataDir, "ups.yaml");
    const text = readFileSync(join(ROOT, "deploy/partners/ups.yaml"), "utf8");
    writeFileSync(
      file,
      text.replace(
        "interval_seconds: 1800, max_interval_seconds: 7200",
        "interval_seconds: 1, max_interval_seconds: 1",
      ),
    );
    const auth = {
      type: "oauth2",
      token_url: `${ups.url}/token`,
      client_id: "us",
      client_secret: "s3cret",
    };
    const connection = {
      source: "mapped",
      settings: { partner: file },
      webhook: undefined,
      peer: { base_url: ups.url, auth },
    };
    const tree = testTree({ odooUrl: odoo.url, dataDir, connection });
    const config = checkConfig(tree, {}, sources);
    bridge = await startBridge(config, { sources, log: createLogger("silent") });
    await waitUntil("3 facts in Odoo", () => odoo.facts.size === 3, 40_000);
    await waitUntil("asked again", () => asked.length > 2, 20_000);
    expect(asked[0]).to.match(
      /^\/api\/track\/v1\/details\/1Z999AA10123456784\?.*returnPOD=true Bearer t1$/,
    );
    expect([...odoo.facts.values()]).to.deep.equal([1, 1, 1]);
    const facts = odoo.batches.flatMap((it) => it.facts);
    const proof = facts.find(({ kind }) => kind === "proof_of_delivery");
    expect(proof).to.have.property("signer", "A. SMITH");
    expect(proof).to.have.property("documents").with.length(2);
  });
});
