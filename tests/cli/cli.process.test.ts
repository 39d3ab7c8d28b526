import { expect } from "chai";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Status } from "../../bridge/admin/status_type.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, temporaryDirectory, TestBridge } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const cli = new URL("../../bridge/cli.ts", import.meta.url).pathname;

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

describe("the command line", function () {
  this.timeout(120_000);
  let odoo: FakeOdoo;
  let directory: string;
  let config: string;

  before(async () => {
    odoo = await new FakeOdoo().start();
    directory = temporaryDirectory();
    config = join(directory, "config.yaml");
    const bridge = await TestBridge.start({ odooUrl: odoo.url, dataDir: directory });
    odoo.verdict = () => ({
      status: "rejected",
      code: "authority",
      reason: "not allowed\u001b[2J",
    });
    await bridge.post({ trip: "t", events: [{ code: "C", at: "2026-11-23T08:00:00Z" }] });
    await waitUntil("a dead letter", async () =>
      (await (await askAdmin(`${bridge.admin}/dead-letters`)).text()).includes("authority"),
    );
    await bridge.stop(true);
    writeFileSync(
      config,
      `environment: test
data_dir: ${directory}
intake: { port: 0 }
admin: { port: 0 }
odoo: { url: "${odoo.url}", database: test, api_key: key-1 }
`,
    );
  });
  after(async () => {
    await odoo.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const milepost = (...args: string[]) => milepostAs({}, args);
  const milepostAs = (user: object, args: readonly string[]) =>
    new Promise<Result>((resolve) =>
      execFile(
        process.execPath,
        [cli, "--config", config, ...args],
        { env: { PATH: process.env["PATH"] }, ...user },
        (error, stdout, stderr) =>
          resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      ),
    );

  it("prints what takes effect, secrets masked", async () => {
    const { code, stdout } = await milepost("--json", "config", "check");
    expect(code).to.equal(0);
    const effective = JSON.parse(stdout) as { odoo: { api_key: string; lanes: number } };
    expect(effective.odoo).to.include({ api_key: "***", lanes: 2 });
  });

  it("ends with 78 and the path when the configuration is wrong, with 64 on wrong usage", async () => {
    const file = join(directory, "wrong.yaml");
    writeFileSync(file, "environment: test\ndata_dirr: /tmp\n");
    const wrong = await milepost("--config", file, "config", "check");
    expect(wrong.code).to.equal(78);
    expect(wrong.stderr).to.include('data_dirr: unknown key, did you mean "data_dir"?');
    expect((await milepost("dead-leter", "list")).code).to.equal(64);
    expect((await milepost("dead-letter", "replay")).code).to.equal(64);
    expect((await milepost("dead-letter", "show", "one")).code).to.equal(64);
    expect((await milepost("--help")).code).to.equal(0);
  });

  it("lists, shows and replays dead letters, without terminal tricks of what is in them", async () => {
    const list = await milepost("dead-letter", "list");
    expect(list.stdout).to.include("authority").and.not.include("\u001b[2J");
    const [letter] = JSON.parse((await milepost("--json", "dead-letter", "list")).stdout) as Array<{
      id: number;
      messageId: string;
    }>;
    const shown = await milepost("dead-letter", "show", String(letter!.id));
    expect(shown.stdout).to.include('"trip":"t"').and.include("what to do:");
    const dry = JSON.parse(
      (await milepost("--json", "dead-letter", "replay", "--all", "--dry-run")).stdout,
    ) as object;
    expect(dry).to.deep.equal({ replayed: [letter!.id], dry_run: true });
    const replayed = await milepost("--json", "dead-letter", "replay", String(letter!.id));
    expect(JSON.parse(replayed.stdout)).to.deep.equal({ replayed: [letter!.id], dry_run: false });
    expect((await milepost("dead-letter", "list")).stdout).to.include("no dead letters");
    expect((await milepost("waiting")).stdout).to.include("no fact waits for a shipment");
    const message = await milepost("message", "show", letter!.messageId);
    expect(message.stdout).to.include("tiny@1").and.include("ready");
    const status = JSON.parse((await milepost("--json", "status")).stdout) as { queue: object[] };
    expect(status.queue).to.have.length(1);
  });

  it("ends with 65 for what is not there", async () => {
    expect((await milepost("dead-letter", "show", "999")).code).to.equal(65);
    expect((await milepost("message", "show", "nothing")).code).to.equal(65);
  });

  it("shows status and dead letters of a store that this user may not write, and starts no bridge on it", async () => {
    const frozen = temporaryDirectory();
    copyFileSync(join(directory, "milepost.sqlite"), join(frozen, "milepost.sqlite"));
    copyFileSync(join(directory, "store.keys"), join(frozen, "store.keys"));
    chmodSync(join(frozen, "store.keys"), 0o600);
    const file = join(frozen, "config.yaml");
    writeFileSync(file, readFileSync(config, "utf8").replace(directory, frozen));
    chmodSync(join(frozen, "milepost.sqlite"), 0o444);
    chmodSync(file, 0o444);
    chmodSync(frozen, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const as = (...args: string[]) => milepostAs(nobody, ["--config", file, "--json", ...args]);
    const status = await as("status");
    expect(status.code).to.equal(0);
    const { pauses, environment } = JSON.parse(status.stdout) as Status;
    expect(pauses.map((it) => [it.scope, it.code])).to.deep.equal([["store", "store_unavailable"]]);
    expect(environment).to.equal("test");
    expect((await as("dead-letter", "list")).code).to.equal(0);
    const started = await as("run");
    expect([started.code, started.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 69 && said.includes("store_unavailable"),
    );
    chmodSync(frozen, 0o755);
    rmSync(frozen, { recursive: true });
  });

  it("runs until SIGTERM and ends with 0; a second one on the same directory ends with 75", async () => {
    const child = spawn(process.execPath, [cli, "--config", config, "--json", "run"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) if (line.includes('"started"')) break;
    const second = await milepost("run");
    expect(second.code).to.equal(75);
    expect(second.stderr).to.include("Another bridge runs on");
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    expect((await exit)[0]).to.equal(0);
  });
});

describe("the errors' catalogue", () => {
  it("explains every code that the program can give", () => {
    const root = new URL("../../", import.meta.url).pathname;
    const codes = new Set<string>();
    for (const file of globSync("bridge/**/*.ts", { cwd: root })) {
      const text = readFileSync(join(root, file), "utf8");
      for (const [, code] of text.matchAll(/code: "([a-z_0-9]+)",\s*retry:/g)) codes.add(code!);
      for (const [, code] of text.matchAll(/(?:unreadable|lost)\(\s*(?:\w+|"\w+"),\s*"(\w+)"/g))
        codes.add(code!);
      // Elsewhere in the sources `code` is what a partner's event means.
      if (file.startsWith("bridge/sources/")) continue;
      for (const [, code] of text.matchAll(/code: "([a-z_0-9]+)"/g))
        if (code !== "custom" && code !== "unrecognized_keys") codes.add(code!); // of zod
      for (const [, code] of text.matchAll(/(?:fault|#error|Error)\(\s*"([a-z]+_[a-z_0-9]+)"/g))
        codes.add(code!);
    }
    const catalogue = readFileSync(join(root, "docs/errors.md"), "utf8");
    expect(codes.size).to.be.greaterThan(80);
    expect([...codes].filter((code) => !catalogue.includes(`\`${code}\``)).sort()).to.deep.equal(
      [],
    );
  });
});
