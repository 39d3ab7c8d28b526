import { expect } from "chai";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConfig } from "../../bridge/config.ts";
import { startBridge, type Bridge } from "../../bridge/main.ts";
import { createLogger } from "../../bridge/logger.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { ADMIN_TOKEN, askAdmin, temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { FIXTURES, ROOT, sampleOf } from "../sources/mapped/mapped_kit.ts";

const SECRET = "harbor-secret";

describe("milepost partner", function () {
  this.timeout(240_000);
  let odoo: FakeOdoo;
  let directory: string;
  let bridge: Bridge;
  let file: string;
  let config: string;

  before(async () => {
    odoo = await new FakeOdoo().start();
    odoo.connections = ["harborline"];
    directory = temporaryDirectory();
    mkdirSync(join(directory, "partners"));
    file = join(directory, "partners", "harborline.yaml");
    cpSync(join(ROOT, "deploy/partners/harborline.yaml"), file);
    config = join(directory, "config.yaml");
    const tree = {
      environment: "test",
      data_dir: directory,
      partners_dir: join(directory, "partners"),
      log_level: "silent",
      intake: { port: 0 },
      admin: { port: 0, token: ADMIN_TOKEN },
      odoo: { url: odoo.url, database: "test", api_key: "key-1", probe_seconds: 0.2 },
      connections: [
        { code: "harborline", source: "mapped", settings: { partner: "harborline.yaml" } },
      ],
    };
    writeFileSync(config, JSON.stringify(tree));
    const environment = { HARBORLINE_WEBHOOK_SECRET: SECRET };
    bridge = await startBridge(checkConfig(tree, environment, sources), {
      log: createLogger("silent"),
    });
  });
  after(async () => {
    await bridge.stop();
    await odoo.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const milepost = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
      execFile(
        process.execPath,
        [join(ROOT, "bridge/cli.ts"), "--config", config, ...args],
        { env: { PATH: process.env["PATH"], HARBORLINE_WEBHOOK_SECRET: SECRET } },
        (error, stdout, stderr) =>
          resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      ),
    );
  const json = async (...args: string[]) => {
    const { stdout, stderr } = await milepost("--json", ...args);
    expect(stdout, stderr).not.to.equal("");
    return JSON.parse(stdout) as Record<string, never>;
  };
  const post = (sample: string, container?: string) => {
    const text = sampleOf("harborline", sample).toString();
    const body = Buffer.from(
      container === undefined ? text : text.replaceAll(/[A-Z]{4}\d{7}/g, container),
    );
    const signature = createHmac("sha256", SECRET).update(body).digest("hex");
    return fetch(`${bridge.urls.intake}/webhooks/harborline`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-harborline-signature": signature },
      body: new Uint8Array(body),
    });
  };
  const mappingsAtOdoo = () =>
    odoo.batches.flatMap((batch) => batch.messages.map((it) => it.mapping));
  let sent = 0;
  // A running bridge goes over within a second; what comes before is still read by the other.
  const goesOverTo = (mapping: string) =>
    waitUntil(
      mapping,
      async () => {
        const container = `TEST${String(sent++).padStart(7, "0")}`;
        expect((await post("available_without_timezone.json", container)).status).to.equal(202);
        return mappingsAtOdoo().at(-1) === mapping;
      },
      20_000,
    );

  it("brings a partner's webhook to Odoo with nothing but its file, and remembers the version", async () => {
    expect((await post("full_out.json")).status).to.equal(202);
    await waitUntil("a fact in Odoo", () => odoo.facts.size === 1, 20_000);
    expect(mappingsAtOdoo()).to.deep.equal(["mapped:harborline@1"]);
  });

  it("tries a folder of samples in a readable table, and says what stayed unmapped", async () => {
    const samples = join(FIXTURES, "harborline");
    const { code, stdout } = await milepost("partner", "try", "harborline", samples);
    expect(code).to.equal(0);
    expect(stdout).to.match(/picked_up \(actual\)\s+2026-11-20T17:45:00Z America\/Los_Angeles/);
    expect(stdout).to.match(/container\.transport\.rail_hold\s+unmapped\s+1/);
    expect(stdout).to.match(/schema_3\.json\s+quarantine\s+unknown_version/);
    expect(stdout).to.include("Odoo: not asked: name the --connection");
    expect(stdout).to.include("may have its meaning in Odoo: Configuration › Code Maps");
  });

  it("asks Odoo what the samples would change, and says so when Odoo cannot be asked", async () => {
    odoo.intercept = ({ method, args }) => {
      if (method !== "preview") return undefined;
      const { facts } = args["batch"] as { facts: Array<{ key: string }> };
      const verdicts = facts.map(({ key }) => ({
        key,
        status: "unmatched",
        code: "ambiguous",
        candidates: ["SHP/1", "SHP/2"].map((shipment) => ({ shipment, identifiers: [] })),
      }));
      return { value: { verdicts } };
    };
    const sample = join(FIXTURES, "harborline", "full_out.json");
    const asked = await milepost("partner", "try", file, sample, "--connection", "harborline");
    expect(asked.stdout).to.match(/milestone\s+ambiguous\s+SHP\/1, SHP\/2/);
    odoo.intercept = ({ method }) =>
      method === "preview" ? { raises: "UnknownModel" } : undefined;
    const unknown = await milepost("partner", "try", file, sample, "--connection", "harborline");
    expect(unknown.code).to.equal(0);
    expect(unknown.stdout).to.include("Odoo: could not be asked:");
    odoo.intercept = () => undefined;
  });

  it("keeps a message of an unknown version in quarantine until its mapping knows it", async () => {
    expect((await post("schema_3.json")).status).to.equal(202);
    await waitUntil("quarantine", async () => {
      const metrics = await (await askAdmin(`${bridge.urls.admin}/metrics`)).text();
      return metrics.includes('milepost_quarantine_open{connection="harborline"} 1');
    });
    expect(await json("dead-letter", "list")).to.deep.equal([]);
    const [entry] = (await json("quarantine", "list")) as unknown as Array<{ messageId: string }>;
    const shown = await milepost("quarantine", "show", entry!.messageId);
    expect(shown.stdout).to.include('is in version "3"; known are 2').and.include("what to do:");
    expect((await json("message", "show", entry!.messageId))["state"]).to.equal("quarantined");
    const [waiting] = (await json("status"))["quarantine"] as unknown as object[];
    expect(waiting).to.include({ connection: "harborline", count: 1 });
  });

  it("refuses another text under a version that was in use", async () => {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('known: ["2"]', 'known: ["2", "3"]'));
    const { code, stderr } = await milepost("partner", "enable", "harborline");
    expect(code).to.equal(65);
    expect(stderr).to.include("partner_version_reused").and.include("raise mapping.version");
  });

  it("compares two versions over the stored history before one is enabled", async () => {
    const text = readFileSync(file, "utf8");
    const next = text
      .replace("version: 1", "version: 2")
      .replace(
        "container.transport.full_out: picked_up",
        "container.transport.full_out: departed_terminal",
      );
    writeFileSync(file, next);
    const diff = (await json(
      "partner",
      "diff",
      "harborline@1",
      "harborline",
      "--connection",
      "harborline",
    )) as unknown as {
      messages: number;
      unreadable: object[];
      changes: Array<{ kind: string; members?: string[] }>;
    };
    expect(diff.messages).to.equal(2);
    expect(diff.unreadable).to.have.length(1);
    expect(diff.changes.map(({ kind, members }) => ({ kind, members }))).to.deep.equal([
      { kind: "changed", members: ["code"] },
      { kind: "added", members: undefined },
    ]);
  });

  it("goes over to an enabled version while the bridge runs, and back", async () => {
    expect(await json("partner", "enable", "harborline")).to.include({ before: 1 });
    await json("quarantine", "release", "--connection", "harborline");
    await waitUntil(
      "the released message",
      () => mappingsAtOdoo().includes("mapped:harborline@2"),
      20_000,
    );
    expect(await json("partner", "enable", "harborline@1")).to.include({ before: 2 });
    await goesOverTo("mapped:harborline@1");
    const history = (await json("partner", "history", "harborline")) as unknown as Array<{
      version: number;
      by: string;
    }>;
    expect(history.map((it) => it.version)).to.deep.equal([1, 2, 1]);
  });

  it("reads messages again by what they are, and withdraws what the mapping says no longer", async () => {
    const mapping = "mapped:harborline@1";
    const filter = ["--connection", "harborline", "--mapping", mapping];
    const listed = (await json(
      ...["message", "list", ...filter, "--limit", "1000"],
    )) as unknown as unknown[];
    const estimate = await json("message", "replay", ...filter);
    expect(estimate).to.include({ messages: listed.length, dry_run: true });
    expect(await json("partner", "enable", "harborline@2")).to.include({ before: 1 });
    await goesOverTo("mapped:harborline@2");
    await json("message", "replay", ...filter, "--yes", "--changes-only");
    const withdrawnAtOdoo = () =>
      odoo.batches.flatMap((it) => it.facts).filter((it) => it.kind === "retraction").length;
    await waitUntil("the withdrawal in Odoo", () => withdrawnAtOdoo() > 0, 20_000);
    const found = (await json(
      ...["message", "list", "--connection", "harborline", "--kind", "retraction"],
    )) as unknown as Array<{ id: string; mapping: string }>;
    expect(found.map((it) => it.mapping)).to.include("mapped:harborline@2");
    const shown = await milepost("message", "show", found[0]!.id);
    expect(shown.stdout).to.match(/milestone\s+withdrawn/);
  });

  it("reports the fields that the partner sends and nothing reads", async () => {
    const report = (await json("fields", "--connection", "harborline")) as unknown as {
      unread: Array<{ path: string; count: number; sample: string }>;
    };
    const unread = report.unread.find((it) => it.path.endsWith("/attributes/equipment_type"));
    expect(unread).to.include({ path: "/included/[]/attributes/equipment_type", sample: "dry" });
    expect(unread?.count).to.be.greaterThan(0);
    const paths = report.unread.map((it) => it.path);
    expect(paths).not.to.include("/included/[]/attributes/timestamp");
  });

  it("makes a mapping from a sample and writes over none", async () => {
    const sample = join(FIXTURES, "harborline", "full_out.json");
    const made = await json("partner", "new", "fresh", "--sample", sample);
    expect(made["file"]).to.equal(join(directory, "partners", "fresh.yaml"));
    const again = await milepost("partner", "new", "fresh", "--sample", sample);
    expect(again.code).to.equal(64);
    expect(again.stderr).to.include("is there already");
  });

  it("ends with 65 and the path for a file that is refused", async () => {
    const wrong = join(directory, "wrong.yaml");
    writeFileSync(
      wrong,
      readFileSync(file, "utf8").replace("milestone: eta_updated", "milestone: eta_updatd"),
    );
    const { code, stderr } = await milepost("partner", "enable", wrong, "--dry-run");
    expect(code).to.equal(65);
    expect(stderr).to.include(
      "codes/milestones/container.transport.estimated.arrived_at_inland_destination",
    );
  });
});
