import SqliteDatabase from "better-sqlite3";
import { expect } from "chai";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Verdict } from "../../bridge/canonical/exchange.ts";
import type { Status } from "../../bridge/admin/status_type.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

/** What `milepost status` says while the bridge runs. */
async function commandStatus({ dataDir, config }: TestBridge): Promise<Status> {
  const file = join(dataDir, "config.yaml");
  const { url, database } = config.odoo;
  const odoo = { url, database, api_key: "key-1" };
  writeFileSync(file, JSON.stringify({ environment: "test", data_dir: dataDir, odoo }));
  const cli = new URL("../../bridge/cli.ts", import.meta.url).pathname;
  const args = [cli, "--config", file, "--json", "status"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Status;
}

describe("delivery when Odoo does not play along", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
  });
  afterEach(async () => {
    await bridge.stop();
    await odoo.stop();
  });

  const status = async () => (await (await askAdmin(`${bridge.admin}/status`)).json()) as Status;
  const paused = async (code: string) => (await status()).pauses.some((it) => it.code === code);
  const letters = async () =>
    (await (await askAdmin(`${bridge.admin}/dead-letters`)).json()) as Array<{
      id: number;
      problem: { code: string };
    }>;

  it("takes and keeps everything while Odoo is down, says so, and delivers when it is back", async () => {
    const port = Number(new URL(odoo.url).port);
    await odoo.stop();
    bridge = await TestBridge.start({ odooUrl: `http://127.0.0.1:${port}` });
    for (let i = 0; i < 30; i++) expect((await bridge.post(tinyMessage(2))).status).to.equal(202);
    await waitUntil("the pause is said", () => paused("odoo_unreachable"));
    expect((await askAdmin(`${bridge.admin}/readyz`)).status).to.equal(200);
    const waiting = (await status()).queue.filter((it) => it.state === "ready");
    expect(waiting[0]?.count).to.equal(60);
    odoo = await new FakeOdoo().start(port);
    await waitUntil("all in Odoo", () => odoo.facts.size === 60);
    await waitUntil("the pause is over", async () => (await status()).pauses.length === 0);
    expect(await letters()).to.deep.equal([]);
  });

  for (const [what, raises, code] of [
    ["the addon is missing", "UnknownModel", "odoo_addon_missing"],
    ["the key has expired", "AccessDenied", "odoo_unauthorized"],
    ["Odoo fails inside", "Crash", "odoo_failed"],
  ] as const) {
    it(`pauses and says so while ${what}, uses up nothing, and goes on by itself`, async () => {
      odoo.intercept = () => ({ raises });
      bridge = await TestBridge.start({ odooUrl: odoo.url });
      await bridge.post(tinyMessage(5));
      await waitUntil("the pause is said", () => paused(code));
      const hint = (await status()).pauses[0]?.hint;
      if (raises !== "Crash") expect(hint).to.be.a("string");
      odoo.intercept = () => undefined;
      await waitUntil("all in Odoo", () => odoo.facts.size === 5);
      expect(await letters()).to.deep.equal([]);
    });
  }

  it("pauses only the connection that Odoo does not know, until it is made there", async () => {
    odoo.connections = [];
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    await bridge.post(tinyMessage(2));
    await waitUntil("the pause is said", () => paused("odoo_connection_unknown"));
    expect(odoo.batches).to.deep.equal([]);
  });

  it("does not hand production's facts to another database", async () => {
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    await bridge.post(tinyMessage());
    await waitUntil("one in Odoo", () => odoo.facts.size === 1);
    await bridge.stop(true);
    odoo.databaseUuid = "db-2";
    const { dataDir } = bridge;
    const code = await TestBridge.start({ odooUrl: odoo.url, dataDir }).then(
      () => "started",
      (error: { code: string }) => error.code,
    );
    expect(code).to.equal("odoo_wrong_database");
    const pinned = { database_uuid: "db-2" };
    bridge = await TestBridge.start({ odooUrl: odoo.url, dataDir: bridge.dataDir, odoo: pinned });
    await bridge.post(tinyMessage());
    await waitUntil("all in Odoo", () => odoo.facts.size === 2);
  });

  it("finds the one fact in a hundred that Odoo refuses the whole call for", async () => {
    const poison = (batch: unknown) => JSON.stringify(batch).includes('"POISON"');
    odoo.intercept = ({ method, args }) =>
      method === "ingest" && poison(args["batch"]) ? { raises: "UserError" } : undefined;
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    const message = tinyMessage(99);
    message.events.splice(40, 0, { code: "POISON", at: "2026-11-23T08:00:00Z" });
    await bridge.post(message);
    await waitUntil("99 in Odoo", () => odoo.facts.size === 99);
    await waitUntil("one dead letter", async () => (await letters()).length === 1);
    expect((await letters())[0]?.problem.code).to.equal("odoo_refused");
    expect((await status()).pauses).to.deep.equal([]);
  });

  it("stops trying when Odoo refuses every fact, instead of giving them all up", async () => {
    odoo.intercept = ({ method }) => (method === "ingest" ? { raises: "UserError" } : undefined);
    bridge = await TestBridge.start({ odooUrl: odoo.url, odoo: { probe_seconds: 60 } });
    await bridge.post(tinyMessage(200));
    await waitUntil("the pause is said", () => paused("odoo_refused"));
    await waitUntil("the rest is released", async () => {
      const [row] = (await status()).queue;
      return row?.state === "ready" && row.count === 192;
    });
    expect(await letters()).to.have.length(8);
  });

  it("tries a fact that only fails alone again later, and the others go through", async function () {
    this.timeout(60_000);
    odoo.intercept = ({ method, args }) =>
      method === "ingest" && JSON.stringify(args).includes('"HEAVY"')
        ? { raises: "Crash" }
        : undefined;
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    const message = tinyMessage(20);
    message.events.push({ code: "HEAVY", at: "2026-11-23T08:00:00Z" });
    await bridge.post(message);
    await waitUntil("20 in Odoo", () => odoo.facts.size === 20);
    await waitUntil("one waits", async () =>
      (await status()).queue.some((it) => it.state === "waiting" && it.count === 1),
    );
    odoo.intercept = () => undefined;
    await waitUntil("the last one in Odoo", () => odoo.facts.size === 21, 30_000);
  });

  describe("when one shipment makes Odoo hang for ever", () => {
    let hung: number;
    let release: () => void;

    beforeEach(async function () {
      this.timeout(60_000);
      hung = 0;
      const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
      odoo.connections = ["acme", "globex"];
      odoo.intercept = ({ method, args }) => {
        if (method !== "ingest" || !JSON.stringify(args).includes('"HANG"')) return undefined;
        hung++;
        return released;
      };
      const config = { lanes: 1, call_seconds: 2 };
      bridge = await TestBridge.start({ odooUrl: odoo.url, odoo: config, others: ["globex"] });
      const message = tinyMessage(19);
      message.events.splice(7, 0, { code: "HANG", at: "2026-11-23T08:00:00Z" });
      await bridge.post(message);
      await waitUntil("a call hangs", () => hung === 1);
    });
    afterEach(() => release());

    it("goes on with the other connections of the lane before that call is over", async () => {
      await bridge.post(tinyMessage(5), {}, "globex");
      await waitUntil("globex's are in Odoo", () => odoo.facts.size === 5);
      expect(hung).to.equal(1);
    });

    it("brings the shipment's neighbours through, and tries alone what is suspect", async function () {
      this.timeout(60_000);
      await waitUntil("all but one in Odoo", () => odoo.facts.size === 19, 50_000);
      expect(await letters()).to.deep.equal([]);
      const before = hung;
      await bridge.post(tinyMessage(30));
      await waitUntil("those after it, too", () => odoo.facts.size === 49, 30_000);
      // What came later hung in no call: the suspect went without them.
      expect(hung - before).to.be.lessThan(3);
    });
  });

  it("says everywhere that the store cannot be written, and goes on when it can", async function () {
    this.timeout(120_000);
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    await waitUntil("ok is reported", () => odoo.statuses.some((it) => it.state === "ok"));
    const other = new SqliteDatabase(join(bridge.dataDir, "milepost.sqlite"));
    other.exec("BEGIN IMMEDIATE");
    expect((await bridge.post(tinyMessage(3))).status).to.equal(503);
    await waitUntil("the pause is said", () => paused("store_busy"));
    const ready = await fetch(`${bridge.admin}/readyz`);
    expect(ready.status).to.equal(503);
    expect(await ready.text()).to.include("write lock");
    expect(await (await askAdmin(`${bridge.admin}/metrics`)).text()).to.include(
      'milepost_paused{scope="store",connection=""} 1',
    );
    await waitUntil("Odoo is told", () =>
      odoo.statuses.some((it) => it.state === "paused" && it.reason.startsWith("store: ")),
    );
    const shown = await commandStatus(bridge);
    expect(shown.pauses.map((it) => it.code)).to.include("store_busy");
    other.exec("ROLLBACK");
    other.close();
    await waitUntil("ready again", async () => (await fetch(`${bridge.admin}/readyz`)).ok, 20_000);
    expect((await status()).pauses).to.deep.equal([]);
    expect((await bridge.post(tinyMessage(3))).status).to.equal(202);
    await waitUntil("all in Odoo", () => odoo.facts.size === 3);
  });

  it("acts on each verdict: delivered, unmatched, rejected, retry", async () => {
    const answers: Record<string, Partial<Verdict>[]> = {
      UNMATCHED: [{ status: "unmatched", code: "no_shipment", reason: "waits" }],
      REJECTED: [{ status: "rejected", code: "schema", reason: "bad", path: "/code" }],
      LOCKED: [{ status: "retry", code: "locked" }, { status: "retry", code: "locked" }, {}],
    };
    odoo.verdict = (fact) =>
      fact.kind === "milestone" ? answers[fact.raw_code]?.shift() : undefined;
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    const at = "2026-11-23T08:00:00Z";
    const events = ["FINE", "UNMATCHED", "REJECTED", "LOCKED"].map((code) => ({ code, at }));
    await bridge.post({ trip: "t", events });
    await waitUntil("three stored", () => odoo.facts.size === 3);
    await waitUntil("nothing waits", async () => (await status()).queue.length === 0);
    expect(await letters()).to.have.length(1);
    expect((await letters())[0]?.problem).to.deep.include({ code: "schema", path: "/code" });
  });

  it("delivers a dead letter again on replay", async () => {
    let refuse = true;
    odoo.verdict = () =>
      refuse ? { status: "rejected", code: "authority", reason: "no" } : undefined;
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    await bridge.post(tinyMessage());
    await waitUntil("a dead letter", async () => (await letters()).length === 1);
    refuse = false;
    const answer = await askAdmin(`${bridge.admin}/dead-letters/replay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: "authority" }),
    });
    expect(answer.status).to.equal(200);
    await waitUntil("in Odoo", () => odoo.facts.size === 1);
  });

  it("never has two batches of one shipment in flight", async () => {
    const flying = new Map<string, number>();
    let clashes = 0;
    odoo.intercept = async ({ method, args }) => {
      if (method !== "ingest") return undefined;
      const { facts } = args["batch"] as {
        facts: Array<{ identifiers: Array<{ value: string }> }>;
      };
      const trips = new Set(facts.map((it) => it.identifiers[0]!.value));
      for (const trip of trips) {
        if ((flying.get(trip) ?? 0) > 0) clashes++;
        flying.set(trip, (flying.get(trip) ?? 0) + 1);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
      for (const trip of trips) flying.set(trip, (flying.get(trip) ?? 1) - 1);
      return undefined;
    };
    bridge = await TestBridge.start({ odooUrl: odoo.url, odoo: { lanes: 4, batch_facts: 5 } });
    const posts = Array.from({ length: 60 }, (_, i) =>
      bridge.post(tinyMessage(3, { trip: `lane-${i % 6}` })),
    );
    await Promise.all(posts);
    await waitUntil("all in Odoo", () => odoo.facts.size === 180);
    expect(clashes).to.equal(0);
  });

  it("tells Odoo when a connection is paused and when it goes on", async () => {
    const peerUrl = "http://127.0.0.1:9";
    const connection = { poll: { interval_seconds: 0.05, max_interval_seconds: 0.05 } };
    bridge = await TestBridge.start({ odooUrl: odoo.url, peerUrl, connection });
    await waitUntil("ok is reported", () => odoo.statuses.some((it) => it.state === "ok"));
    await waitUntil("paused is reported", () => odoo.statuses.some((it) => it.state === "paused"));
    expect(odoo.statuses.at(-1)?.reason).to.include("poll");
  });
});
