import { expect } from "chai";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../../bridge/config.ts";
import { rotateKeyFile } from "../../bridge/store/key_file.ts";
import { openDatabase } from "../../bridge/store/sqlite/database.ts";
import { openToRead } from "../../bridge/store/sqlite/reader.ts";
import { sqliteStore } from "../../bridge/store/sqlite/sqlite_store.ts";
import type { Store } from "../../bridge/store/store.ts";
import { newKey, type StoreKey, Vault } from "../../bridge/store/vault.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { newFact, newMessage, outboxItem } from "./store_contract.ts";

const CANARY = "payload-canary-7731";
const PROBLEM = { code: "c", reason: `"${CANARY}" is no instant` };

const keyOf = (id: string): StoreKey => ({ id, key: new Secret(newKey()) });
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** Something of everything that a store keeps of what partners and Odoo say. */
async function fill(store: Store): Promise<string> {
  const body = Buffer.from(`{"a":"${CANARY}"}`);
  const [good, bad, unknown] = await store.inbox.accept(
    [1, 2, 3].map((n) => newMessage({ body, dedupeKey: `d${n}`, attributes: { a: CANARY } })),
  );
  const id = good?.id ?? "";
  const fact = newFact(id);
  const identifiers = [{ type: "entity" as const, value: CANARY }];
  const named = { ...fact, fact: { ...fact.fact, identifiers } };
  const finding = { severity: "warning" as const, code: "f", text: CANARY, path: "/a" };
  const reply = { name: "997.edi", contentType: "text/plain", body };
  await store.facts.recover(1, 0, 0);
  await store.inbox.recordReading(id, "m@1", [named], [finding], 1, [reply]);
  await store.inbox.recordUnreadable(bad?.id ?? "", PROBLEM, 1);
  await store.inbox.recordQuarantined(unknown?.id ?? "", PROBLEM, 1);
  const claimed = await claim(store);
  const seq = claimed?.facts[0]?.seq ?? 0;
  await store.facts.settle([{ seq, to: "unmatched", problem: PROBLEM, at: 1 }]);
  await store.outbox.recordClaim("acme", [{ ...outboxItem(1), lease: CANARY }], 1e15);
  await store.outbox.recordReceipt("acme", 1, { result: "rejected", reason: CANARY });
  return id;
}

const claim = (store: Store) =>
  store.facts.claim({
    ...{ lane: 0, except: new Set<string>(), maxFacts: 10, maxBytes: 1e6 },
    ...{ now: 1, leaseMs: 1000 },
  });

/** All that was put in, as it is read back. */
async function readBack(store: Store, id: string): Promise<string[]> {
  const message = await store.inbox.message(id);
  return [
    message?.body.toString(),
    message?.attributes["a"],
    message?.findings[0]?.text,
    (await store.facts.unmatched({}, 10))[0]?.identifiers[0]?.value,
    (await store.facts.ofMessage(id))[0]?.reason,
    (await store.replies.due("acme", 10, 10))[0]?.body.toString(),
    (await store.deadLetters.list({}))[0]?.problem.reason,
    (await store.quarantine.list({}))[0]?.problem.reason,
    (await store.outbox.open("acme", 1))[0]?.item.lease,
    JSON.stringify((await store.outbox.open("acme", 1))[0]?.receipt),
  ].map(String);
}

const bytesOf = (directory: string) =>
  readdirSync(directory)
    .filter((it) => it.startsWith("milepost.sqlite"))
    .map((it) => readFileSync(join(directory, it), "latin1"))
    .join("");

const opened = (directory: string, keys: readonly StoreKey[] = []) =>
  openDatabase(directory, { as: "bridge", keys });

describe("a store at rest", () => {
  let directory: string;
  beforeEach(() => (directory = temporaryDirectory()));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("shows nothing of what came and went in its file, and all of it to who has the key", async () => {
    const store = sqliteStore(opened(directory));
    const id = await fill(store);
    const all = await readBack(store, id);
    expect(all.filter((it) => !it.includes(CANARY))).to.deep.equal([]);
    expect(bytesOf(directory)).not.to.include(CANARY);
    expect(statSync(join(directory, "store.keys")).mode & 0o777).to.equal(0o600);
    await store.close();
  });

  it("opens a value at its own place alone, and not when a bit of it was changed", () => {
    const vault = new Vault([keyOf("k")]);
    const sealed = vault.seal("message.payload/1", Buffer.from("x"));
    expect(vault.open("message.payload/1", sealed).toString()).to.equal("x");
    expect(codeOf(() => vault.open("message.payload/2", sealed))).to.equal("store_value_broken");
    for (let at = 6; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(
        codeOf(() => vault.open("message.payload/1", changed)),
        String(at),
      ).to.equal("store_value_broken");
    }
  });

  it("seals with a new key from now on, and the old rows little by little, restarts between", async () => {
    const [first, second] = [keyOf("2026"), keyOf("2027")];
    let store = sqliteStore(opened(directory, [first]));
    const id = await fill(store);
    await store.close();
    let rounds = 0;
    for (let looked = 1; looked > 0; rounds++) {
      store = sqliteStore(opened(directory, [second, first]));
      if (rounds === 0) expect(await store.sealedBy()).to.have.members(["2026", "2027"]);
      looked = await store.reseal(1);
      expect((await readBack(store, id)).every((it) => it.includes(CANARY))).to.equal(true);
      await store.close();
    }
    expect(rounds).to.be.greaterThan(6);
    store = sqliteStore(opened(directory, [second]));
    expect(await store.sealedBy()).to.deep.equal(["2027"]);
    expect((await readBack(store, id)).every((it) => it.includes(CANARY))).to.equal(true);
    await store.close();
  });

  it("of an older release is sealed by and by, and leaves nothing legible behind", async () => {
    const database = opened(directory);
    const store = sqliteStore(database);
    const id = await fill(store);
    const { sql, vault } = database;
    const rows = sql.prepare<[], { id: string; payload: Buffer }>("SELECT * FROM message").all();
    for (const row of rows) {
      const plain = vault.open(`message.payload/${row.id}`, row.payload);
      sql.prepare("UPDATE message SET payload = ? WHERE id = ?").run(plain, row.id);
    }
    sql.pragma("wal_checkpoint(TRUNCATE)");
    expect(bytesOf(directory)).to.include(CANARY);
    while ((await store.reseal(2)) > 0);
    sql.pragma("wal_checkpoint(TRUNCATE)");
    expect(bytesOf(directory)).not.to.include(CANARY);
    expect((await readBack(store, id)).every((it) => it.includes(CANARY))).to.equal(true);
    await store.close();
  });

  it("does not start without its key, nor with another one of the same name", async () => {
    await sqliteStore(opened(directory, [keyOf("k")])).close();
    expect(codeOf(() => opened(directory, [keyOf("other")]))).to.equal("store_key_missing");
    expect(codeOf(() => opened(directory, [keyOf("k")]))).to.equal("store_value_broken");
    const short = { id: "s", key: new Secret("c2hvcnQ=") };
    expect(codeOf(() => opened(temporaryDirectory(), [short]))).to.equal("store_key_invalid");
  });

  it("is looked at without its key: lists say what is sealed, and counts are there", async () => {
    const store = sqliteStore(opened(directory));
    await fill(store);
    await store.close();
    rmSync(join(directory, "store.keys"));
    const reader = sqliteStore(openToRead(directory));
    const [letter] = await reader.deadLetters.list({});
    expect(letter?.problem.code).to.equal("c");
    expect(letter?.problem.reason).to.include("sealed");
    expect(await reader.quarantine.count()).to.have.length(1);
    await reader.close();
  });

  it("puts a new key before the others of its file, and reads what they sealed", async () => {
    let store = sqliteStore(opened(directory));
    const id = await fill(store);
    await store.close();
    expect(rotateKeyFile(directory)).to.equal("own-2");
    store = sqliteStore(opened(directory));
    expect((await readBack(store, id)).every((it) => it.includes(CANARY))).to.equal(true);
    await store.close();
  });

  it("does not send a reply again that says the same as before", async () => {
    const store = sqliteStore(opened(directory));
    const id = await fill(store);
    const [reply] = await store.replies.due("acme", 10, 10);
    await store.replies.recordSent(reply?.id ?? 0, 1);
    const same = { name: "997.edi", contentType: "text/plain", body: reply?.body ?? Buffer.of() };
    await store.inbox.recordReading(id, "m@1", [], [], 1, [same]);
    expect(await store.replies.due("acme", 10, 10)).to.deep.equal([]);
    await store.close();
  });
});
