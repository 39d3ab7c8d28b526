import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../bridge/admin/status_type.ts";
import { newKey } from "../../bridge/store/vault.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { newMessage } from "../store/store_contract.ts";

const cli = new URL("../../bridge/cli.ts", import.meta.url).pathname;

/** What the commands print, one or the other part of it. */
type Answer = Status & { file: string; at: string; rows: number; counts: Record<string, number> };

describe("milepost backup, restore, export and import", function () {
  this.timeout(120_000);
  const directory = temporaryDirectory();
  const data = join(directory, "data");
  const config = join(directory, "config.yaml");
  const backups = join(directory, "backups");
  const folders = ["in", "archive", "error"].map((it) => join(directory, it));

  before(async () => {
    for (const it of [data, ...folders]) mkdirSync(it);
    const [inside, archive, error] = folders;
    writeFileSync(
      config,
      `environment: test
data_dir: ${data}
backup: { dir: ${backups}, key: ${newKey()} }
odoo: { url: "http://127.0.0.1:1", database: test, api_key: k }
connections:
  - { code: acme, source: x12, folder: { in: ${inside}, archive: ${archive}, error: ${error} } }
`,
    );
    const { store } = await openSqlite(data);
    await store.properties.set("environment", "test");
    await store.inbox.accept([newMessage()]);
    await store.close();
  });
  after(() => rmSync(directory, { recursive: true }));

  const milepost = async (...args: string[]) => {
    const run = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
      execFile(
        process.execPath,
        [cli, "--config", config, "--json", ...args],
        (error, stdout, stderr) =>
          resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      ),
    );
    return { ...run, data: JSON.parse(run.stdout || "{}") as Answer };
  };

  it("make a backup that the status knows, and take it back on an empty machine with what is to be done", async () => {
    const made = await milepost("backup");
    expect(made.stderr).to.equal("");
    const before = await milepost("status");
    expect(before.data.backup?.at).to.equal(made.data.at);
    expect(before.data.advice).to.deep.equal([]);
    const checked = await milepost("restore", made.data.file, "--check");
    expect(checked.data.counts["message"]).to.equal(1);
    const busy = await milepost("restore", made.data.file);
    expect([busy.code, busy.stderr.includes("restore_target")]).to.deep.equal([65, true]);

    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "");
    writeFileSync(join(folders[1] ?? "", `${stamp}Z-0a1b2c3d-late.edi`), "ISA");
    writeFileSync(join(folders[1] ?? "", "20200101T000000Z-0a1b2c3d-early.edi"), "ISA");
    renameSync(data, `${data}.lost`);
    expect((await milepost("restore", made.data.file)).code).to.equal(0);
    const after = await milepost("status");
    expect(after.data.advice[0]?.what).to.include("was restored from a copy of");
    expect((await milepost("restore", "--missing")).stdout).to.include("folder");
    expect((await milepost("restore", "--files")).stdout).to.include("late.edi");
    expect(readdirSync(folders[0] ?? "")).to.deep.equal(["late.edi"]);
    const audit = (await milepost("audit", "list")).stdout;
    // The backup was noted after its copy was made, so only the store that was lost holds it.
    expect(audit).to.include("store restored").and.include(made.data.at.slice(0, 10));
    await milepost("restore", "--settled");
    const settled = await milepost("status");
    expect(settled.data.restored).to.equal(null);
  });

  it("write everything to a file, and fill an empty machine with it or nothing", async () => {
    const file = join(directory, "all.ndjson");
    expect((await milepost("export", file)).data.rows).to.be.greaterThan(1);
    expect((await milepost("audit", "list")).stdout).to.include("store exported");
    expect((await milepost("import", file)).code).to.equal(64);
    renameSync(data, `${data}.old`);
    const keys = readFileSync(join(`${data}.old`, "store.keys"));
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, -20));
    const cut = await milepost("import", file);
    expect([cut.code, readdirSync(data)]).to.deep.equal([65, []]);
    writeFileSync(file, text);
    expect((await milepost("import", file)).code).to.equal(0);
    expect((await milepost("message", "list")).stdout).to.include("webhook");

    // With the keys brought first the new store's audit names it; without them the command says so.
    rmSync(data, { recursive: true });
    mkdirSync(data);
    writeFileSync(join(data, "store.keys"), keys, { mode: 0o600 });
    const whole = await milepost("import", file);
    expect([whole.code, whole.stderr]).to.deep.equal([0, ""]);
    expect((await milepost("audit", "list")).stdout)
      .to.include("store imported")
      .and.include(file);
    expect((await milepost("audit", "verify")).code).to.equal(0);
  });
});
