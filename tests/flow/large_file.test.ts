/** A file of ten thousand messages, and kill -9 in the middle of it, with a real Odoo. */
import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createMetrics } from "../../bridge/metrics.ts";
import { Json2Transport } from "../../bridge/odoo/json2.ts";
import { temporaryDirectory, testConfig, testTree } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { useOdooDatabase } from "../real_odoo.ts";

const MESSAGES = 10_000;
const script = new URL("../bridge_kit/bridge_process.ts", import.meta.url).pathname;

function message(n: number): string {
  return [
    `UNH+${n}+IFTSTA:D:96A:UN'`,
    `BGM+23+LARGE-${n}+9'`,
    `DTM+137:202611200930:203'`,
    `CNI+1+LARGE-${n}'`,
    `STS+1+21'`,
    `DTM+334:202611191405:203'`,
    `LOC+7+DEHAM:139:6:Hamburg'`,
    `UNT+8+${n}'`,
  ].join("");
}

function file(): string {
  const messages = Array.from({ length: MESSAGES }, (_, n) => message(n + 1));
  const head = "UNB+UNOC:3+CARRIER:14+SHIPPER:14+261120:0930+LARGE'";
  return `${head}${messages.join("")}UNZ+${MESSAGES}+LARGE'`;
}

async function launch(tree: unknown): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, JSON.stringify(tree)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: child.stdout }), "line");
  return child;
}

describe("a file of ten thousand messages", function () {
  this.timeout(180_000);
  const odoo = useOdooDatabase();
  let root: string;
  let tree: Record<string, unknown>;
  let running: ChildProcess | undefined;

  before(async () => {
    root = temporaryDirectory();
    for (const name of ["in", "archive", "error", "out", "data"]) mkdirSync(join(root, name));
    const [from, archive, error, out] = ["in", "archive", "error", "out"].map((it) =>
      join(root, it),
    );
    const folder = { in: from, archive, error, out, interval_seconds: 0.1, settle_seconds: 0.2 };
    const access = { database: odoo.database, api_key: odoo.apiKeys.bridge, call_seconds: 60 };
    tree = testTree({
      odooUrl: odoo.url,
      dataDir: join(root, "data"),
      odoo: access,
      connection: { source: "edifact", webhook: undefined, folder },
    });
    tree["log_level"] = "silent";
    const { odoo: admin } = testConfig({
      odooUrl: odoo.url,
      dataDir: "/tmp",
      odoo: { ...access, api_key: odoo.apiKeys.admin },
    });
    const transport = new Json2Transport(admin, createMetrics());
    const vals_list = [{ name: "Acme", code: "acme", source: "edifact" }];
    const { signal } = new AbortController();
    await transport.call("milepost.connection", "create", { vals_list }, signal);
    await transport.close();
  });
  after(() => {
    running?.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });

  const counts = async (): Promise<{ rows: number; messages: number }> => {
    const answer = await odoo.sql(
      `SELECT count(*) || ' ' || count(DISTINCT key) FROM milepost_milestone
       WHERE code = 'delivered'`,
    );
    const [rows = NaN, messages = NaN] = answer.trim().split(" ").map(Number);
    return { rows, messages };
  };

  it("is in Odoo once, each of its messages, though the bridge was killed over and over", async () => {
    writeFileSync(join(root, "in", "large.edi.part"), file());
    renameSync(join(root, "in", "large.edi.part"), join(root, "in", "large.edi"));
    const seen: number[] = [];
    for (const least of [1, 3000]) {
      running = await launch(tree);
      await waitUntil("some are in Odoo", async () => (await counts()).messages >= least, 60_000);
      const exit = once(running, "exit");
      running.kill("SIGKILL");
      await exit;
      seen.push((await counts()).messages);
    }
    expect(seen[0]).to.be.within(1, MESSAGES - 1);
    running = await launch(tree);
    await waitUntil("all are in Odoo", async () => (await counts()).messages >= MESSAGES, 120_000);
    await waitUntil(
      "the CONTRL is sent",
      () => readdirSync(join(root, "out")).length === 1,
      20_000,
    );
    const exit = once(running, "exit");
    running.kill("SIGTERM");
    await exit;
    expect(await counts()).to.deep.equal({ rows: MESSAGES, messages: MESSAGES });
    expect(readdirSync(join(root, "in"))).to.deep.equal([]);
    expect(readdirSync(join(root, "archive"))).to.have.length(1);
    const [reply = ""] = readdirSync(join(root, "out"));
    const contrl = readFileSync(join(root, "out", reply), "latin1");
    expect(contrl.match(/UCM\+/g)).to.have.length(MESSAGES);
  });
});
