import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { temporaryDirectory, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const cli = new URL("../../bridge/cli.ts", import.meta.url).pathname;

describe("milepost doctor, trace and config systemd", function () {
  this.timeout(120_000);
  const directory = temporaryDirectory();
  const data = join(directory, "data");
  const config = join(directory, "config.yaml");
  let odoo: FakeOdoo;
  let key = "";

  before(async () => {
    odoo = await new FakeOdoo().start();
    odoo.contract = "1.1";
    const bridge = await TestBridge.start({ odooUrl: odoo.url, dataDir: data });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await bridge.post(tinyMessage(1), { traceparent });
    await waitUntil("in Odoo", () => odoo.facts.size === 1);
    key = [...odoo.facts.keys()][0] ?? "";
    await bridge.stop(true);
    for (const it of ["in", "error"]) mkdirSync(join(directory, it));
    writeFileSync(
      config,
      `environment: test
data_dir: ${data}
intake: { port: 0 }
admin: { port: 0 }
odoo: { url: "${odoo.url}", database: test, api_key: key-1 }
connections:
  - code: gone
    source: x12
    folder: { in: ${directory}/in, archive: ${directory}/archive, error: ${directory}/error }
  - code: teller
    source: consumer
    peer:
      base_url: "${odoo.url}"
      sign_webhooks: { keys: [{ secret: whsec_MDEyMzQ1Njc4OWFiY2RlZg== }] }
`,
    );
    chmodSync(config, 0o640);
  });
  after(async () => {
    await odoo.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const milepost = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
      execFile(process.execPath, [cli, "--config", config, ...args], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      ),
    );

  it("finds what is missing, each with what mends it, and ends with 69", async () => {
    const { code, stdout } = await milepost("--json", "doctor");
    const findings = JSON.parse(stdout) as Array<{
      check: string;
      state: string;
      text: string;
      mend?: string;
    }>;
    const of = (check: string, state: string) =>
      findings.filter((it) => it.check === check && it.state === state);
    expect(of("configuration", "ok")).to.have.length(1);
    expect(of("store", "ok")).to.have.length(1);
    expect(of("odoo", "ok")[0]?.text).to.include("contract 1.1");
    expect(of("odoo", "fail")[0]?.mend).to.include("code gone");
    expect(of("folder of gone", "fail")[0]?.mend).to.include(`mkdir -p ${directory}/archive`);
    expect(of("orders of gone", "warn")[0]?.text).to.include("no way out");
    // A consumer takes no orders, and needs none to be told events.
    expect(of("orders of teller", "warn")).to.deep.equal([]);
    expect(of("backup", "warn")[0]?.mend).to.include("milepost keys new");
    for (const it of findings) expect(it.state === "ok", it.text).to.equal(it.mend === undefined);
    expect(code).to.equal(69);
  });

  it("follows a message to Odoo and back: by message, shipment, fact and trace id", async () => {
    odoo.intercept = ({ method }) =>
      method === "trace"
        ? {
            value: {
              records: [
                {
                  key,
                  model: "milepost.milestone",
                  id: 7,
                  standing: "counts",
                  shipment: "SHP/1",
                  message: "m-1",
                },
              ],
              shipments: [
                {
                  name: "SHP/1",
                  id: 3,
                  state: "delivered",
                  documents: [{ model: "account.move", id: 9, name: "INV/1", state: "posted" }],
                },
              ],
            },
          }
        : undefined;
    const byShipment = await milepost("trace", "SHP/1");
    const [, message = ""] = /message (\S+)/.exec(byShipment.stdout) ?? [];
    for (const id of [message, key.slice(0, 12), "0af7651916cd43dd8448eb211c80319c"]) {
      const { stdout } = await milepost("trace", id);
      expect(stdout, id).to.include(`message ${message}`).and.include("milepost.milestone 7");
      expect(stdout).to.include("INV/1 (account.move 9): posted");
    }
    odoo.contract = "1.2";
    const gone = await milepost("trace", "1".repeat(32));
    expect(gone.stdout).to.include("message m-1, not in the store").and.include("milestone 7");
    odoo.intercept = () => ({ raises: "Crash" });
    const alone = await milepost("trace", "SHP/1");
    expect([alone.code, alone.stdout.includes("Odoo was not asked")]).to.deep.equal([0, true]);
    expect((await milepost("trace", "nothing")).code).to.equal(65);
  });

  it("fills the pilot's operating model from configuration and figures", async () => {
    odoo.intercept = () => undefined;
    odoo.connections = ["gone"];
    const { stdout } = await milepost("pilot");
    expect(stdout).to.include("| gone | x12 | folder | none | 99.90 % |");
    expect(stdout).to.include("| median until a delivery can be billed | … | 2.0 h | … |");
    expect(stdout).to.include("| P90 until a delivery can be billed | … | … | … |");
  });

  it("prints the drop-in that lets the unit write the folders", async () => {
    const { stdout } = await milepost("config", "systemd");
    // One path for in, archive and error: between two mounts nothing can be renamed.
    expect(stdout).to.include(`[Service]\nReadWritePaths=-${directory}\n`);
    expect(stdout).to.include(`ReadWritePaths=-${data}`);
  });
});
