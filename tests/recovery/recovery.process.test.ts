import SqliteDatabase from "better-sqlite3";
import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { storeRecovery } from "../../bridge/main.ts";
import type { Config } from "../../bridge/config.ts";
import { makeBackup } from "../../bridge/recovery/backup.ts";
import { checkCopy, missingSince, restoreCopy } from "../../bridge/recovery/restore.ts";
import { openFile, sealFile } from "../../bridge/recovery/sealed_file.ts";
import { newKey } from "../../bridge/store/vault.ts";
import { openDatabase } from "../../bridge/store/sqlite/database.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { temporaryDirectory, TestBridge, testConfig } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const { copies, dump, load } = storeRecovery;
const KEY = newKey();

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: unknown) => (error as { code: string }).code,
  );

describe("backup and restore", function () {
  this.timeout(120_000);
  const made: string[] = [];
  const directory = () => {
    const path = temporaryDirectory();
    made.push(path);
    return path;
  };
  after(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));
  const configOf = (dataDir: string, dir: string, more: object = {}): Config =>
    testConfig({ odooUrl: "http://127.0.0.1:1", dataDir, backup: { dir, key: KEY, ...more } });
  /** A store with a message, as the bridge makes it. */
  const someStore = () => {
    const path = directory();
    const { sql } = openDatabase(path, { as: "bridge" });
    sql.prepare("INSERT INTO property VALUES ('environment', 'test')").run();
    sql.close();
    return path;
  };

  /** What must be the same afterwards: each message and each fact, and what became of them. */
  const records = (dataDir: string) => {
    const sql = new SqliteDatabase(join(dataDir, "milepost.sqlite"), { readonly: true });
    const all = (query: string) => sql.prepare(query).all();
    const messages = all(
      "SELECT connection, dedupe_key, sha256, state, mapping FROM message ORDER BY dedupe_key",
    );
    const facts = all("SELECT connection, key, kind, state, shipments FROM fact ORDER BY key");
    sql.close();
    return { messages, facts };
  };

  it("made under load, restored on an empty machine and replayed, is equal record by record", async () => {
    const odoo = await new FakeOdoo().start();
    const dataDir = directory();
    const dir = directory();
    const messages = Array.from({ length: 600 }, () => tinyMessage(2));
    const first = await TestBridge.start({ odooUrl: odoo.url, dataDir });
    const settled = (bridge: TestBridge, count: number) =>
      waitUntil(
        "all settled",
        () => {
          const { facts } = records(bridge.dataDir);
          return (
            facts.length === count &&
            facts.every((it) => (it as { state: string }).state === "delivered")
          );
        },
        60_000,
      );
    const send = async (bridge: TestBridge, some: readonly object[]) => {
      for (let at = 0; at < some.length; at += 20) {
        const answers = await Promise.all(some.slice(at, at + 20).map((it) => bridge.post(it)));
        expect(new Set(answers.map((it) => it.status))).to.deep.equal(new Set([202]));
      }
    };
    await send(first, messages.slice(0, 200));
    const [backup] = await Promise.all([
      makeBackup(configOf(dataDir, dir), copies),
      send(first, messages.slice(200)),
    ]);
    await settled(first, 1200);
    await first.stop(true);
    const known = new Map(odoo.facts);

    const start = performance.now();
    const empty = directory();
    const copy = await restoreCopy(backup.file, configOf(empty, dir), copies);
    const restoredMs = Math.round(performance.now() - start);
    expect(copy.counts["message"]).to.be.within(200, 600);
    const second = await TestBridge.start({ odooUrl: odoo.url, dataDir: empty });
    // The partner sends again what it sent since the copy, and more than that.
    await send(second, messages.slice(150));
    await settled(second, 1200);
    const replayedMs = Math.round(performance.now() - start);
    await second.stop(true);
    expect(records(empty)).to.deep.equal(records(dataDir));
    expect([...odoo.facts.keys()]).to.have.members([...known.keys()]);
    await odoo.stop();
    console.log(
      `        ${backup.bytes} bytes made in ${backup.seconds} s under load with ${copy.counts["message"]} messages; restored in ${restoredMs} ms, replayed in ${replayedMs} ms`,
    );
  });

  it("shows nothing of what is in it, and opens with its key alone and only whole", async () => {
    const dir = directory();
    const plain = join(dir, "plain");
    const sealed = join(dir, "sealed");
    const text = Buffer.concat(
      Array.from({ length: 3000 }, (_, n) =>
        Buffer.from(`canary ${n} ${Math.sin(n)}\n`.repeat(40)),
      ),
    );
    writeFileSync(plain, text);
    await sealFile(plain, sealed, KEY, { taken_at: "now" });
    const bytes = readFileSync(sealed);
    expect(bytes.includes("canary")).to.equal(false);
    await openFile(sealed, `${plain}2`, KEY);
    expect(readFileSync(`${plain}2`).equals(text)).to.equal(true);
    const opened = (changed: Buffer, key = KEY) => {
      writeFileSync(sealed, changed);
      return codeOf(openFile(sealed, `${plain}2`, key));
    };
    expect(await opened(bytes, newKey())).to.equal("backup_key");
    for (const at of [30, bytes.length >> 1, bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped[at] = flipped[at]! ^ 1;
      expect(await opened(flipped), `bit at ${at}`).to.be.oneOf([
        "backup_key",
        "backup_unreadable",
      ]);
    }
    for (const length of [bytes.length - 1, bytes.length >> 1, bytes.indexOf("\n") + 1])
      expect(await opened(bytes.subarray(0, length))).to.equal("backup_key");
    expect(await opened(Buffer.from("no backup"))).to.equal("backup_unreadable");
  });

  it("takes the store's own keys with it, sealed, and never replaces a store", async () => {
    const dataDir = someStore();
    const dir = directory();
    const { file } = await makeBackup(configOf(dataDir, dir), copies);
    const [, key = ""] = readFileSync(join(dataDir, "store.keys"), "utf8").trim().split(" ");
    expect(readFileSync(file, "latin1")).to.not.include(key);
    const empty = directory();
    await restoreCopy(file, configOf(empty, dir), copies);
    expect(readFileSync(join(empty, "store.keys"), "utf8")).to.include(key);
    expect(await codeOf(restoreCopy(file, configOf(empty, dir), copies))).to.equal(
      "restore_target",
    );
    const other = { ...configOf(directory(), dir), environment: "staging" };
    expect(await codeOf(checkCopy(file, other, copies))).to.equal("environment_mismatch");
    expect(readdirSync(empty).filter((name) => name.startsWith("."))).to.deep.equal([]);
  });

  it("keeps backups for the days that were asked for, but some however old", async () => {
    const dataDir = someStore();
    const dir = directory();
    const config = configOf(dataDir, dir, { keep_days: 2, keep_at_least: 2 });
    let at = Date.parse("2026-11-20T02:00:00Z");
    for (let day = 0; day < 5; day++, at += 86_400_000) {
      const { file } = await makeBackup(config, copies, () => new Date(at));
      utimesSync(file, at / 1000, at / 1000);
    }
    expect(readdirSync(dir).toSorted()).to.deep.equal(
      ["22", "23", "24"].map((day) => `milepost-test-202611${day}T020000Z.mpb`),
    );
    const late = await makeBackup(config, copies, () => new Date(at + 30 * 86_400_000));
    expect(late.removed).to.have.length(2);
    const { backup, ...rest } = config;
    const { key: _key, ...keyless } = backup;
    expect(await codeOf(makeBackup({ ...rest, backup: keyless }, copies))).to.equal(
      "backup_no_key",
    );
  });

  it("takes away what a run that was killed left, and leaves one alone that may be under way", async () => {
    const dir = directory();
    for (const [name, hours] of [
      [".making-killed", 25],
      [".making-now", 1],
    ] as const) {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, "copy"), "as large as the store");
      const at = Date.now() / 1000 - hours * 3600;
      utimesSync(join(dir, name), at, at);
    }
    await makeBackup(configOf(someStore(), dir), copies);
    expect(readdirSync(dir).filter((it) => it.startsWith("."))).to.deep.equal([".making-now"]);
  });

  it("says of each way in what is fetched again and whom to ask", () => {
    const dataDir = directory();
    const folder = {
      in: join(dataDir, "in"),
      archive: join(dataDir, "a"),
      error: join(dataDir, "e"),
    };
    const poll = { enabled: true };
    const config = testConfig({
      odooUrl: "http://127.0.0.1:1",
      peerUrl: "http://127.0.0.1:2",
      dataDir,
      connection: { poll, folder },
    });
    const at = Date.parse("2026-11-29T01:00:00Z");
    const missing = missingSince(
      { taken_at: "2026-11-29T02:00:00.000Z", polls: [{ connection: "acme", at }] },
      config,
    );
    expect(missing.map((it) => [it.way, it.byItself, it.since.slice(11, 16)])).to.deep.equal([
      ["webhook", false, "02:00"],
      ["poll", true, "01:00"],
      ["folder", false, "02:00"],
      ["orders", true, "02:00"],
    ]);
  });

  it("keeps the store as it was before a migration, and gives it to the release before", async () => {
    const dataDir = directory();
    const file = join(dataDir, "milepost.sqlite");
    const sql = new SqliteDatabase(file);
    const migrations = join(import.meta.dirname, "../../bridge/store/sqlite/migrations");
    for (const name of readdirSync(migrations).toSorted().slice(0, 6))
      sql.exec(readFileSync(join(migrations, name), "utf8"));
    sql.pragma("user_version = 6");
    sql.exec("INSERT INTO property VALUES ('environment', 'test')");
    sql.close();
    openDatabase(dataDir, { as: "bridge" }).sql.close();
    expect(copies.inspect(file).schema).to.be.greaterThan(6);
    const before = join(dataDir, "before-schema-0006.sqlite");
    const empty = directory();
    const copy = await restoreCopy(before, configOf(empty, directory()), copies);
    expect([copy.schema, copy.environment]).to.deep.equal([6, "test"]);
    expect(copies.inspect(join(empty, "milepost.sqlite")).schema).to.equal(6);
    // A start without a migration makes none.
    rmSync(before);
    openDatabase(dataDir, { as: "bridge" }).sql.close();
    expect(readdirSync(dataDir)).to.not.include("before-schema-0006.sqlite");
  });

  it("exports and imports every row of every table, bytes and all", async () => {
    const odoo = await new FakeOdoo().start();
    const dataDir = directory();
    const bridge = await TestBridge.start({ odooUrl: odoo.url, dataDir });
    for (let n = 0; n < 5; n++) await bridge.post(tinyMessage(3));
    await waitUntil("in Odoo", () => odoo.facts.size === 15);
    await bridge.stop(true);
    await odoo.stop();
    const lines = [...dump(dataDir)];
    async function* given(some: readonly string[]) {
      yield* some;
    }
    const empty = directory();
    const rows = await load(empty, given(lines));
    expect([rows["message"], rows["fact"]]).to.deep.equal([5, 15]);
    expect([...dump(empty)]).to.deep.equal(lines);
    expect(await codeOf(load(directory(), given(lines.slice(0, -1))))).to.equal(
      "export_unreadable",
    );
    expect(await codeOf(load(directory(), given([])))).to.equal("export_unreadable");
  });
});
