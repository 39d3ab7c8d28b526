import { expect } from "chai";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InstalledBridge, milepost, trip } from "../bridge_kit/installed_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

/** 32 bytes, as `milepost keys new` makes them. */
const KEY = Buffer.alloc(32, 7).toString("base64");

describe("the commands of an operator", function () {
  this.timeout(120_000);
  const bridge = new InstalledBridge();
  const backup = { dir: join(bridge.directory, "backups"), key: KEY };
  const poll = { enabled: true, interval_seconds: 0.1 };
  const peer = { base_url: "http://127.0.0.1:9" };
  const folders = Object.fromEntries(
    ["in", "archive", "error"].map((it) => [it, join(bridge.directory, it)]),
  );

  before(async () => {
    await bridge.odoo.start();
    bridge.configure({ connection: { poll, peer } });
    for (const it of Object.values(folders)) mkdirSync(it);
  });
  after(() => bridge.dispose());

  const ran = async (...args: string[]) => {
    const said = await bridge.run(...args);
    expect([said.code, said.stderr], args.join(" ")).to.deep.equal([0, ""]);
    return said.stdout;
  };

  it("say before the first start that there is no store yet, and blame nobody's rights", async () => {
    const { stderr } = await bridge.run("status");
    expect(stderr)
      .to.include("start the bridge once")
      .and.not.match(/right|permission/i);
  });

  it("find a message by what is in it, and say what a replay would do before it does", async () => {
    await bridge.start();
    for (const n of [1, 2, 3]) await bridge.post([trip(n, { name: `load-${n}` })]);
    await waitUntil("all in Odoo", () => bridge.odoo.facts.size === 3);
    const found = JSON.parse(await ran("--json", "message", "search", "load-2")) as unknown[];
    expect(found).to.have.length(1);
    expect(await ran("message", "replay", "--connection", "acme")).to.include("3 messages");
  });

  it("put a poll back to its beginning", async () => {
    expect(await ran("cursor", "reset", "acme")).to.include("at the beginning");
  });

  it("need no secret for what the store alone knows, in a shell without systemd", async () => {
    const file = join(bridge.directory, "outside.yaml");
    const text = readFileSync(bridge.config, "utf8");
    writeFileSync(file, text.replaceAll(/\{"env":"(\w+)"\}/g, '{"credential":"$1"}'));
    const { code, stderr } = await milepost(file, ["status"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
  });

  it("copy the store while it runs, and say from when a copy misses what, and whom to ask", async () => {
    bridge.configure({ connection: { poll, peer }, backup });
    const made = JSON.parse(await ran("--json", "backup")) as { file: string; at: string };
    const { taken_at, missing } = JSON.parse(
      await ran("--json", "restore", made.file, "--check"),
    ) as { taken_at: string; missing: Array<{ way: string; since: string; byItself: boolean }> };
    expect(missing.map((it) => [it.way, it.byItself])).to.deep.include.members([
      ["webhook", false],
      ["poll", true],
    ]);
    expect(missing.find((it) => it.way === "webhook")?.since).to.equal(taken_at);
  });

  it("let the unit write the folders of the configuration", async () => {
    bridge.configure({ connection: { folder: folders } });
    expect(await ran("config", "systemd")).to.include(`ReadWritePaths=-${bridge.directory}`);
  });
});
