/** kill -9 while files are taken and a file of ten thousand messages is read. */
import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FakeOdoo } from "../../bridge_kit/fake_odoo.ts";
import { temporaryDirectory, testTree } from "../../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../../bridge_kit/test_source.ts";
import { waitUntil } from "../../bridge_kit/wait_until.ts";

const script = new URL("../../bridge_kit/bridge_process.ts", import.meta.url).pathname;

async function launch(tree: Record<string, unknown>): Promise<ChildProcess> {
  const argument = JSON.stringify({ ...tree, log_level: "silent" });
  const child = spawn(process.execPath, [script, argument], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: child.stdout }), "line");
  return child;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

describe("a bridge that is killed over files", function () {
  this.timeout(120_000);
  let odoo: FakeOdoo;
  let root: string;
  let tree: Record<string, unknown>;
  const ls = (name: string) => readdirSync(join(root, name));

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    root = temporaryDirectory();
    for (const name of ["in", "archive", "error", "data"]) mkdirSync(join(root, name));
    const [from, archive, error] = ["in", "archive", "error"].map((it) => join(root, it));
    const folder = { in: from, archive, error, interval_seconds: 0.05, settle_seconds: 0.1 };
    tree = testTree({ odooUrl: odoo.url, dataDir: join(root, "data"), connection: { folder } });
  });
  afterEach(async () => {
    await odoo.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const codes = () =>
    odoo.batches.flatMap((it) =>
      it.facts.map((fact) => (fact.kind === "milestone" ? fact.raw_code : "")),
    );

  it("takes each of many files, and archives all", async () => {
    const wanted = Array.from({ length: 60 }, (_, n) => {
      const message = tinyMessage(2);
      writeFileSync(join(root, "in", `${n}.json`), JSON.stringify(message));
      return message.events.map((it) => (it as { code: string }).code);
    }).flat();
    for (let round = 1; round <= 2; round++) {
      const child = await launch(tree);
      await waitUntil("some are archived", () => ls("archive").length >= round * 15, 20_000);
      await end(child, "SIGKILL");
    }
    const last = await launch(tree);
    await waitUntil("all are archived", () => ls("archive").length === 60, 20_000);
    await waitUntil("all are in Odoo", () => new Set(codes()).size === wanted.length, 20_000);
    await end(last, "SIGTERM");
    expect(ls("in")).to.deep.equal([]);
    expect(odoo.facts.size).to.equal(wanted.length);
    expect(new Set(codes())).to.deep.equal(new Set(wanted));
  });

  it("reads a file of ten thousand messages in parts, each fact once, wherever it is cut", async () => {
    const message = tinyMessage(10_000);
    writeFileSync(join(root, "in", "large.json"), JSON.stringify(message));
    const sizes: number[] = [];
    for (const least of [1, 2500, 6000]) {
      const child = await launch(tree);
      await waitUntil("some facts are in Odoo", () => odoo.facts.size >= least, 30_000);
      await end(child, "SIGKILL");
      sizes.push(odoo.facts.size);
    }
    // Cut in the middle indeed.
    expect(sizes[0]).to.be.lessThan(10_000);
    const last = await launch(tree);
    await waitUntil("all are in Odoo", () => odoo.facts.size === 10_000, 60_000);
    await end(last, "SIGTERM");
    expect(new Set(codes()).size).to.equal(10_000);
    expect(ls("archive")).to.have.length(1);
  });
});
