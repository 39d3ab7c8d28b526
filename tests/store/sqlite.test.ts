import SqliteDatabase from "better-sqlite3";
import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Database, openDatabase } from "../../bridge/store/sqlite/database.ts";
import { lockDirectory } from "../../bridge/store/sqlite/lock.ts";
import { openToRead } from "../../bridge/store/sqlite/reader.ts";
import { sqliteStore } from "../../bridge/store/sqlite/sqlite_store.ts";
import { messageId } from "../../bridge/store/sqlite/message_id.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { storeContract } from "./store_contract.ts";

storeContract("a SQLite file", () => openSqlite());

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const fill = (database: Database) =>
  database.sql.exec("INSERT INTO property VALUES (hex(randomblob(9)), hex(randomblob(9000)))");

describe("the SQLite file", () => {
  it("writes each commit through to the disk", () => {
    const database = openDatabase(temporaryDirectory(), { as: "bridge" });
    expect(database.sql.pragma("journal_mode", { simple: true })).to.equal("wal");
    expect(database.sql.pragma("synchronous", { simple: true })).to.equal(2);
    database.sql.close();
  });

  it("shares one commit among the units that come in together", async () => {
    const groups: number[] = [];
    const observer = { committed: (units: number) => groups.push(units) };
    const database = openDatabase(temporaryDirectory(), { as: "bridge", observer });
    await Promise.all(Array.from({ length: 100 }, (_, n) => database.write(() => n)));
    expect(groups).to.deep.equal([100]);
    await database.close();
  });

  it("fails only the unit that is at fault when a shared commit fails", async () => {
    const database = openDatabase(temporaryDirectory(), { as: "bridge" });
    const put = (name: string | null) =>
      database.write(() => database.sql.prepare("INSERT INTO property VALUES (?, 'x')").run(name));
    const results = await Promise.allSettled([put("a"), put(null), put("b")]);
    expect(results.map((it) => it.status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
    expect(
      database.sql
        .prepare("SELECT count(*) FROM property WHERE name NOT LIKE 'sealed_by%'")
        .pluck()
        .get(),
    ).to.equal(2);
    await database.close();
  });

  describe("while another process holds its write lock", () => {
    const opened = () => {
      const directory = temporaryDirectory();
      const database = openDatabase(directory, { as: "bridge" });
      const other = new SqliteDatabase(join(directory, "milepost.sqlite"));
      other.exec("BEGIN IMMEDIATE");
      return { database, other };
    };
    const probe = (database: Database) =>
      database.write(() => database.sql.exec("INSERT INTO property VALUES ('a', 'x')"));

    it("keeps the event loop free, and commits as soon as the lock is gone", async () => {
      const { database, other } = opened();
      const written = probe(database);
      let longest = 0;
      for (let turn = 0; turn < 40; turn++) {
        const start = performance.now();
        await new Promise((done) => setTimeout(done, 5));
        longest = Math.max(longest, performance.now() - start);
      }
      expect(longest).to.be.lessThan(1000);
      other.exec("ROLLBACK");
      await written;
      expect(
        database.sql
          .prepare("SELECT count(*) FROM property WHERE name NOT LIKE 'sealed_by%'")
          .pluck()
          .get(),
      ).to.equal(1);
      other.close();
      await database.close();
    });

    it("says after some seconds what is in the way", async () => {
      const { database, other } = opened();
      const code = await probe(database).then(
        () => "",
        (error: { code: string }) => error.code,
      );
      expect(code).to.equal("store_busy");
      other.close();
      await database.close();
    });
  });

  it("says that it cannot be written, whatever keeps it from that", async () => {
    const database = openDatabase(temporaryDirectory(), { as: "bridge" });
    const codes: string[] = [];
    const put = () =>
      database
        .write(() => database.sql.exec("INSERT INTO property VALUES ('b', 'x')"))
        .catch((error: { code: string }) => void codes.push(error.code));
    database.sql.pragma("query_only = 1");
    await put();
    database.sql.pragma("query_only = 0");
    const pages = Number(database.sql.pragma("page_count", { simple: true }));
    database.sql.pragma(`max_page_count = ${pages}`);
    await Promise.all(Array.from({ length: 20 }, () => database.write(() => fill(database)))).catch(
      (error: { code: string }) => void codes.push(error.code),
    );
    expect(codes).to.deep.equal(["store_unavailable", "store_full"]);
    await database.close();
  });

  it("of an older release keeps its orders under their new name", async () => {
    const directory = temporaryDirectory();
    const old = new SqliteDatabase(join(directory, "milepost.sqlite"));
    const folder = new URL("../../bridge/store/sqlite/migrations/", import.meta.url);
    for (const name of readdirSync(folder).toSorted().slice(0, 4)) {
      old.exec(readFileSync(new URL(name, folder), "utf8"));
    }
    old.pragma("user_version = 4");
    const item = { id: 1, lease: "l", kind: "outcome" };
    old
      .prepare("INSERT INTO outbound_order VALUES ('acme', 1, 'k', ?, 100, 'claimed', NULL)")
      .run(JSON.stringify(item));
    old.close();
    const database = openDatabase(directory, { as: "bridge" });
    const [open] = await sqliteStore(database).outbox.open("acme", 50);
    expect(open).to.deep.include({ state: "claimed", item });
    await database.close();
  });

  it("of an older release is made one that can shrink, with all that is in it", () => {
    const directory = temporaryDirectory();
    const old = new SqliteDatabase(join(directory, "milepost.sqlite"));
    old.exec("CREATE TABLE kept (a TEXT); INSERT INTO kept VALUES ('x')");
    old.close();
    const database = openDatabase(directory, { as: "bridge" });
    expect(database.sql.pragma("auto_vacuum", { simple: true })).to.equal(2);
    expect(database.sql.prepare("SELECT a FROM kept").pluck().get()).to.equal("x");
    database.sql.close();
  });

  it("is read where nobody can write, beside a running bridge or after it", async () => {
    const directory = temporaryDirectory();
    const bridge = openDatabase(directory, { as: "bridge" });
    bridge.sql.exec("INSERT INTO property VALUES ('a', 'x')");
    for (const end of [() => undefined, () => bridge.sql.close()]) {
      end();
      const reader = openToRead(directory);
      expect(reader.sql.prepare("SELECT value FROM property").pluck().get()).to.equal("x");
      expect(() => reader.sql.exec("DELETE FROM property")).to.throw(/readonly/);
      await reader.close();
    }
    expect(codeOf(() => openToRead(temporaryDirectory()))).to.equal("store_unavailable");
  });

  it("refuses a store that a newer bridge wrote, and a tool on an older one", () => {
    const directory = temporaryDirectory();
    openDatabase(directory, { as: "bridge" }).sql.close();
    const sql = new SqliteDatabase(join(directory, "milepost.sqlite"));
    sql.pragma("user_version = 9999");
    expect(codeOf(() => openDatabase(directory, { as: "bridge" }))).to.equal("store_version");
    sql.pragma("user_version = 0");
    expect(codeOf(() => openDatabase(directory, { as: "tool" }))).to.equal("store_version");
    sql.close();
  });

  it("gives tools no store where there is none", () => {
    const directory = temporaryDirectory();
    expect(codeOf(() => openDatabase(directory, { as: "tool" }))).to.equal("store_unavailable");
    // Nor where the directory itself is made by the first start.
    for (const it of [directory, join(directory, "data")])
      expect(() => openToRead(it))
        .to.throw("there is none yet")
        .and.include({
          hint: "start the bridge once: it makes the store; else check data_dir in the configuration",
        });
  });

  it("lets one bridge work on a directory, and the next when that is gone", () => {
    const directory = temporaryDirectory();
    const unlock = lockDirectory(directory);
    expect(codeOf(() => lockDirectory(directory))).to.equal("store_locked");
    unlock();
    lockDirectory(directory)();
  });

  it("makes message ids that sort by time and are UUIDs", () => {
    const ids = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000].map(messageId);
    expect([...ids].sort()).to.deep.equal(ids);
    for (const id of ids)
      expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
