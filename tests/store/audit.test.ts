import { expect } from "chai";
import { rmSync } from "node:fs";
import { type Database, openDatabase } from "../../bridge/store/sqlite/database.ts";
import { sqliteStore } from "../../bridge/store/sqlite/sqlite_store.ts";
import { auditHash, NO_HASH } from "../../bridge/store/audit.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { newMessage } from "./store_contract.ts";

const PROBLEM = { code: "c", reason: "r" };

describe("the audit", () => {
  let directory: string;
  let database: Database;
  const store = () => sqliteStore(database);

  beforeEach(async () => {
    directory = temporaryDirectory();
    database = openDatabase(directory, { as: "bridge" });
    for (const day of [1, 2, 3, 4]) {
      const entry = { at: day, by: "ann", action: "cursor reset" as const, detail: { day } };
      await store().audit.record(entry);
    }
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** As somebody does who can write the file. */
  const tamper = (statement: string) => {
    database.sql.exec("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete");
    database.sql.exec(statement);
  };
  const fault = async () => (await store().audit.verify()).fault;

  it("is only added to", () => {
    expect(() => database.sql.exec("UPDATE audit SET by = 'x'")).to.throw("only added to");
    expect(() => database.sql.exec("DELETE FROM audit")).to.throw("only added to");
  });

  it("holds when nobody touched it, also after a restart", async () => {
    await database.close();
    database = openDatabase(directory, { as: "bridge" });
    expect(await store().audit.verify()).to.deep.include({ entries: 4, fault: null });
  });

  it("shows a row that was taken out, changed, put in between or cut off", async () => {
    for (const [statement, seq] of [
      ["DELETE FROM audit WHERE seq = 2", 2],
      ["UPDATE audit SET by = 'bob' WHERE seq = 3", 3],
      ["UPDATE audit SET detail = '{}' WHERE seq = 1", 1],
      ["DELETE FROM audit WHERE seq = 4", 3],
      ["DELETE FROM audit", 0],
    ] as const) {
      database.sql.exec("SAVEPOINT one");
      tamper(statement);
      expect((await fault())?.seq, statement).to.equal(seq);
      database.sql.exec("ROLLBACK TO one; RELEASE one");
    }
    expect(await fault()).to.equal(null);
  });

  it("shows a chain that somebody calculated anew: its end is sealed", async () => {
    tamper("DELETE FROM audit");
    const one = { seq: 1, at: 9, by: "bob", action: "bridge started" as const };
    const hash = auditHash(NO_HASH, one, "{}");
    database.sql
      .prepare("INSERT INTO audit VALUES (1, 9, 'bob', 'bridge started', '{}', ?)")
      .run(hash);
    expect((await fault())?.what).to.include("sealed");
  });

  it("names who did what, in the commit that did it", async () => {
    const { inbox, deadLetters, quarantine, partners, audit } = store();
    const [bad, unknown] = await inbox.accept([newMessage(), newMessage()]);
    await inbox.recordUnreadable(bad?.id ?? "", PROBLEM, 1);
    await inbox.recordQuarantined(unknown?.id ?? "", PROBLEM, 1);
    await deadLetters.replay({}, 5, "ann");
    await deadLetters.replay({}, 5, "nobody put anything back");
    await quarantine.release({}, 6, "bob");
    await inbox.replay(bad?.id ?? "", 7, "cid");
    await partners.use({ name: "p", version: 1, sha256: "s", text: "t", by: "dan", at: 8 });
    const told = (await audit.list(4)).map(({ by, action, at }) => `${at} ${by}: ${action}`);
    expect(told.toReversed()).to.deep.equal([
      "5 ann: dead letters replayed",
      "6 bob: quarantine released",
      "7 cid: message replayed",
      "8 dan: partner enabled",
    ]);
    expect(await fault()).to.equal(null);
  });
});
