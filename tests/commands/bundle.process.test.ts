import { expect } from "chai";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SECRET = "hook-secret-canary";
const ODOO = { format: 1, parts: [{ model: "milepost.rate", rows: [{ name: "Linehaul" }] }] };

describe("milepost bundle", function () {
  this.timeout(120_000);
  const directory = temporaryDirectory();
  const file = join(directory, "bundle.json");
  const key = join(directory, "person.key");
  let odoo: FakeOdoo;
  const asked: Array<Record<string, unknown>> = [];
  let problems: string[] = [];

  before(async () => {
    odoo = await new FakeOdoo().start();
    odoo.apiKey = "person-key-canary";
    writeFileSync(key, `${odoo.apiKey}\n`);
    odoo.intercept = ({ method, args }) => {
      if (method === "export_bundle") return { value: ODOO };
      if (method !== "import_bundle") return undefined;
      asked.push(args);
      const change = { model: "milepost.rate", name: "Linehaul", is: "new", fields: ["name"] };
      return { value: { changes: [change], same: 3, problems, refused: ["milepost.connection"] } };
    };
    for (const name of ["test", "live"]) {
      environment(name);
      copyFileSync(join(ROOT, "deploy/partners/harborline.yaml"), partnerOf(name));
    }
  });
  after(async () => {
    await odoo.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const partnerOf = (name: string) => join(directory, name, "partners/harborline.yaml");

  function environment(name: string): void {
    mkdirSync(join(directory, name, "partners"), { recursive: true });
    const connection = (code: string, more: object) => ({ code, source: "otm5", ...more });
    const verifier = { scheme: "standard_webhooks", keys: [{ secret: `${SECRET}-${name}` }] };
    const tree = {
      environment: name,
      data_dir: join(directory, name),
      partners_dir: join(directory, name, "partners"),
      odoo: { url: odoo.url, database: name, api_key: "bridge-key-canary" },
      connections: [
        connection("tms", {
          webhook: { verifier, rate_per_minute: name === "test" ? 9000 : 6000 },
          peer: { base_url: `https://${name}.example` },
        }),
        ...(name === "test" ? [connection("new", { webhook: { verifier } })] : []),
        {
          code: "harborline",
          source: "mapped",
          settings: { partner: "harborline.yaml" },
        },
      ],
    };
    writeFileSync(join(directory, `${name}.yaml`), JSON.stringify(tree));
  }

  const milepost = (name: string, ...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const config = join(directory, `${name}.yaml`);
      const cli = join(ROOT, "bridge/cli.ts");
      const env = { ...process.env, HARBORLINE_WEBHOOK_SECRET: SECRET };
      execFile(
        process.execPath,
        [cli, "-c", config, "bundle", ...args, "--key-file", key],
        { env },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
        },
      );
    });

  it("writes what was tried without a secret, and says elsewhere what would change", async () => {
    const made = await milepost("test", "make", file);
    expect(made.code, made.stderr).to.equal(0);
    expect(made.stdout).to.include("3 connections, 1 partners, 1 milepost.rate");
    const text = readFileSync(file, "utf8");
    expect(text).to.include("Linehaul");
    expect(text).not.to.include("canary");

    const { code, stdout, stderr } = await milepost("live", "try", file);
    expect(code, stderr).to.equal(0);
    expect(asked).to.deep.equal([{ bundle: ODOO, dry_run: true }]);
    expect(stdout).to.include("/webhook/rate_per_minute is 6000 here, 9000 in the bundle");
    expect(stdout).to.include("milepost.rate Linehaul: new");
    expect(stdout).to.include("milepost.connection: this person may not write it");
    expect(readFileSync(partnerOf("live"), "utf8")).to.include("version: 1");
  });

  it("takes nothing by halves: what Odoo cannot take leaves the files alone, and ends with 65", async () => {
    problems = ["Rate Linehaul: there is no one Roadline here."];
    const bundle = JSON.parse(readFileSync(file, "utf8")) as { partners: Record<string, string> };
    const [name = "", partner = ""] = Object.entries(bundle.partners)[0] ?? [];
    bundle.partners[name] = partner.replace("version: 1", "version: 2");
    writeFileSync(file, JSON.stringify(bundle));
    const { code, stdout } = await milepost("live", "take", file);
    expect([code, stdout.includes("cannot be taken: Rate Linehaul")]).to.deep.equal([65, true]);
    expect(readFileSync(partnerOf("live"), "utf8")).to.include("version: 1");
    problems = [];
    const taken = await milepost("live", "take", file);
    expect(asked.at(-1)).to.deep.equal({ bundle: ODOO, dry_run: false });
    expect(taken.stdout).to.include("is written: milepost partner enable").and.include("\ntaken");
    expect(readFileSync(partnerOf("live"), "utf8")).to.include("version: 2");
  });
});
