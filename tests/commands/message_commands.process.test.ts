import { expect } from "chai";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageSummary } from "../../bridge/store/inbox.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { newFact, newMessage } from "../store/store_contract.ts";

const cli = new URL("../../bridge/cli.ts", import.meta.url).pathname;
const NOON = Date.parse("2026-11-29T12:00:00Z");

describe("milepost message", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const config = join(directory, "config.yaml");
  const ids: string[] = [];

  before(async () => {
    writeFileSync(
      config,
      `environment: test\ndata_dir: ${directory}\nodoo: { url: "http://127.0.0.1:1", database: test, api_key: k }\n`,
    );
    const { store } = await openSqlite(directory);
    await store.facts.recover(1, 0, 0);
    for (const [index, connection] of ["acme", "acme", "other"].entries()) {
      const body = Buffer.from(`{"pro":"PRO-77${index}"}`);
      const receivedAt = NOON + index * 60_000;
      const [stored] = await store.inbox.accept([newMessage({ connection, body, receivedAt })]);
      ids.push(stored!.id);
    }
    const read = newFact(ids[1]!);
    await store.inbox.recordReading(ids[0]!, "tiny@1", [], [], NOON);
    await store.inbox.recordReading(ids[1]!, "tiny@2", [read], [], NOON);
    const claim = { lane: 0, except: new Set<string>(), maxFacts: 9, maxBytes: 1e6 };
    const batch = await store.facts.claim({ ...claim, now: 0, leaseMs: 1000 });
    const { seq } = batch!.facts[0]!;
    await store.facts.settle([{ seq, to: "delivered", shipments: ["SHP/00042"], at: NOON }]);
    await store.close();
  });
  after(() => rmSync(directory, { recursive: true }));

  const milepost = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
      execFile(process.execPath, [cli, "--config", config, ...args], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      ),
    );

  const found = async (...args: string[]) =>
    (JSON.parse((await milepost("--json", "message", ...args)).stdout) as MessageSummary[]).map(
      (it) => ids.indexOf(it.id),
    );

  it("lists by connection, time, state, mapping and shipment, newest first, without a secret", async () => {
    expect(await found("list")).to.deep.equal([2, 1, 0]);
    expect(await found("list", "--connection", "acme")).to.deep.equal([1, 0]);
    expect(await found("list", "--since", "2026-11-29T12:01Z")).to.deep.equal([2, 1]);
    expect(await found("list", "--until", "2026-11-29T12:01")).to.deep.equal([0]);
    expect(await found("list", "--state", "received")).to.deep.equal([2]);
    expect(await found("list", "--mapping", "tiny@2")).to.deep.equal([1]);
    expect(await found("list", "--shipment", "SHP/00042")).to.deep.equal([1]);
    expect(await found("list", "--limit", "1")).to.deep.equal([2]);
    const { stdout } = await milepost("message", "list", "--shipment", "SHP/00042");
    expect(stdout).to.include(ids[1]).and.include("tiny@2");
  });

  it("searches in what came in, whatever the case", async () => {
    expect(await found("search", "pro-771")).to.deep.equal([1]);
    expect(await found("search", "pro-77", "--connection", "other")).to.deep.equal([2]);
    expect((await milepost("message", "search", "nothing")).stdout).to.include("no message");
  });

  it("says how much a filter would replay, and replays it only when told so", async () => {
    const told = await milepost("message", "replay", "--connection", "acme");
    expect(told.stdout).to.include("2 messages").and.include("1 facts").and.include("--yes");
    expect(await found("list", "--state", "received")).to.deep.equal([2]);
    const done = await milepost("--json", "message", "replay", "--connection", "acme", "--yes");
    const { replayed, left } = JSON.parse(done.stdout) as { replayed: string[]; left: number };
    expect(replayed).to.have.members(ids.slice(0, 2));
    expect(left).to.equal(0);
    expect(await found("list", "--state", "received")).to.deep.equal([2, 1, 0]);
  });

  it("says how far a long replay is, and stops at Ctrl-C after the message at hand", async () => {
    const connection = "many";
    const { store } = await openSqlite(directory);
    const many = Array.from({ length: 5000 }, (_, n) =>
      newMessage({ connection, body: Buffer.from(`{"n":${n}}`), receivedAt: NOON }),
    );
    const stored = await store.inbox.accept(many);
    await Promise.all(
      stored.map(({ id }) => store.inbox.recordReading(id, "tiny@1", [], [], NOON)),
    );
    await store.close();
    const args = ["--config", config, "--json", "message", "replay", "--connection", connection];
    const child = spawn(process.execPath, [cli, ...args, "--yes"]);
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => (said.stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => {
      said.stderr += data.toString();
      child.kill("SIGINT");
    });
    const [code] = (await once(child, "close")) as [number];
    expect(code).to.equal(0);
    expect(said.stderr).to.match(/^100 of 5000; Ctrl-C stops/);
    const { replayed, left } = JSON.parse(said.stdout) as { replayed: string[]; left: number };
    expect(left).to.be.greaterThan(0);
    expect(replayed.length + left).to.equal(5000);
    const waiting = ["list", "--connection", connection, "--state", "received", "--limit", "5000"];
    const { stdout } = await milepost("--json", "message", ...waiting);
    const unread = (JSON.parse(stdout) as MessageSummary[]).map((it) => it.id);
    expect(unread).to.have.members(replayed);
  });

  it("refuses a replay of everything, a time that is none, and ids that are not there", async () => {
    expect((await milepost("message", "replay")).code).to.equal(64);
    expect((await milepost("message", "list", "--since", "yesterday")).code).to.equal(64);
    const gone = await milepost("message", "replay", ids[0]!, "gone");
    expect([gone.code, gone.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 65 && said.includes("gone"),
    );
  });
});
