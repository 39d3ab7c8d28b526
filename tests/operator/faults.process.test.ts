import SqliteDatabase from "better-sqlite3";
import { expect } from "chai";
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { InstalledBridge, trip } from "../bridge_kit/installed_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

describe("a bridge in operation", function () {
  this.timeout(120_000);
  let bridge: InstalledBridge;

  beforeEach(async () => {
    bridge = new InstalledBridge();
    await bridge.odoo.start();
    bridge.configure();
  });
  afterEach(() => bridge.dispose());

  const queue = async () =>
    ((await (await bridge.ask("/status")).json()) as { queue: unknown[] }).queue;

  it("settles what the store could not take at once, without a restart", async () => {
    await bridge.start();
    const held = new SqliteDatabase(join(bridge.data, "milepost.sqlite"));
    bridge.odoo.verdict = () => {
      if (!held.inTransaction) held.exec("BEGIN IMMEDIATE");
      return {};
    };
    expect((await bridge.post([trip(1)])).status).to.equal(202);
    await waitUntil("Odoo has it", () => bridge.odoo.facts.size === 1);
    await new Promise((resolve) => setTimeout(resolve, 6000));
    held.close();
    await waitUntil("nothing is under way", async () => (await queue()).length === 0, 10_000);
  });

  it("takes a signed message beside bodies that never end", async () => {
    bridge.configure({ intake: { concurrent: 4 } });
    await bridge.start();
    const headers = { "content-type": "application/json", "content-length": "100" };
    const open = Array.from({ length: 12 }, () => {
      const url = `${bridge.urls.intake}/webhooks/acme`;
      const request = httpRequest(url, { method: "POST", headers });
      request.on("error", () => undefined);
      request.write("{");
      return request;
    });
    await waitUntil("they are open", () => open.every((it) => it.socket?.bytesWritten));
    const answer = await bridge.post([trip(1)]);
    for (const request of open) request.destroy();
    expect(answer.status).to.equal(202);
  });

  it("takes a state again that comes in the same bytes under a new id", async () => {
    const secret = Buffer.from("a secret of thirty-two bytes ...");
    const keys = [{ secret: `whsec_${secret.toString("base64")}` }];
    const webhook = { verifier: { scheme: "standard_webhooks", keys } };
    bridge.configure({ connection: { webhook } });
    await bridge.start();
    const post = async (id: string, message: unknown) => {
      const at = String(Math.floor(Date.now() / 1000));
      const signed = `${id}.${at}.${JSON.stringify(message)}`;
      const signature = createHmac("sha256", secret).update(signed).digest("base64");
      const headers = { "webhook-id": id, "webhook-timestamp": at };
      const answer = await bridge.post(message, {
        ...headers,
        "webhook-signature": `v1,${signature}`,
      });
      return ((await answer.json()) as { duplicate: boolean }).duplicate;
    };
    const [a, b] = [[trip(1)], [trip(1, { status: "inTransit" })]];
    const told = [await post("1", a), await post("2", b), await post("3", a), await post("3", a)];
    expect(told).to.deep.equal([false, false, false, true]);
  });

  it("is not silent for most of the time in which it reads a message of thousands of entities", async () => {
    bridge.configure({ intake: { body_bytes: 10_000_000 } });
    await bridge.start();
    const message = Array.from({ length: 9900 }, (_, n) => trip(n));
    expect((await bridge.post(message)).status).to.equal(202);
    const start = performance.now();
    let longest = 0;
    while (bridge.odoo.facts.size === 0) {
      const asked = performance.now();
      await fetch(`${bridge.urls.admin}/livez`);
      longest = Math.max(longest, performance.now() - asked);
    }
    // A share, not milliseconds: read in one piece it is nine tenths, however fast the machine.
    expect(longest / (performance.now() - start)).to.be.lessThan(0.6);
  });

  it("sends facts that name one shipment under other ids in turns, so that none meets another's lock", async () => {
    bridge.configure({ odoo: { lanes: 4 } });
    await bridge.start();
    let underWay = 0;
    let clashes = 0;
    bridge.odoo.intercept = async ({ method }) => {
      if (method !== "ingest") return undefined;
      if (underWay++ > 0) clashes++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      underWay--;
      return undefined;
    };
    const externalAttributes = { shipmentNumber: "SHP/1" };
    const more = { entityType: "consignment", externalAttributes };
    await Promise.all(Array.from({ length: 30 }, (_, n) => bridge.post([trip(n, more)])));
    await waitUntil("all in Odoo", () => bridge.odoo.facts.size === 60, 20_000);
    expect(clashes).to.equal(0);
  });

  it("loses nothing and is never refused while Odoo's key is rotated under load", async () => {
    const key = join(bridge.directory, "odoo_key");
    writeFileSync(key, bridge.odoo.apiKey);
    bridge.configure({ odoo: { api_key: { file: key } } });
    await bridge.start();
    const over = new AbortController();
    let taken = 0;
    const sender = (async () => {
      while (!over.signal.aborted) {
        const answer = await bridge.post([trip(taken)]).catch(() => undefined);
        // While the bridge stops and starts it says so, or nobody is at the door: a sender repeats.
        await new Promise((resolve) => setTimeout(resolve, 40));
        if (answer === undefined || answer.status === 503) continue;
        expect(answer.status).to.equal(202);
        taken++;
      }
    })();
    await waitUntil("facts flow", () => bridge.odoo.facts.size > 5);
    const rotated = await bridge.run("keys", "rotate", "odoo", "--to", key);
    expect([rotated.code, readFileSync(key, "utf8").trim()]).to.deep.equal([0, "key-1-new"]);
    await bridge.stop("SIGTERM");
    await bridge.start();
    const before = taken;
    await waitUntil("they flow again", () => taken > before + 5);
    bridge.odoo.keysBefore.clear();
    over.abort();
    await sender;
    await waitUntil("all in Odoo", () => bridge.odoo.facts.size === taken, 20_000);
    expect(bridge.log).not.to.include("odoo_unauthorized");
  });

  it("takes no command under a name that is not its own, nor one for everything that does not say so", async () => {
    await bridge.start();
    const under = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { headers: { host, ...bridge.authorization } };
        const request = httpRequest(`${bridge.urls.admin}/status`, options, (it) =>
          resolve(it.statusCode),
        );
        request.on("error", reject);
        request.end();
      });
    expect([await under("127.0.0.1"), await under("evil.example")]).to.deep.equal([200, 421]);
    const headers = { "content-type": "application/json" };
    const everything = { method: "POST", headers, body: "{}" };
    expect((await bridge.ask("/dead-letters/replay", everything)).status).to.equal(400);
  });

  it("shows a key that Odoo repeats in no log, no file and no command", async () => {
    bridge.odoo.apiKey = "key-canary-7718";
    bridge.odoo.verdict = () => ({
      status: "rejected",
      code: "schema",
      reason: `refused for ${bridge.odoo.apiKey}`,
    });
    await bridge.start();
    await bridge.post([trip(1)]);
    const letters = async () => (await bridge.ask("/dead-letters")).text();
    await waitUntil("a dead letter", async () => (await letters()).includes("refused for"));
    const shown = await bridge.run("dead-letter", "show", "1");
    expect(shown.stdout).to.include("refused for");
    const files = readdirSync(bridge.data, { withFileTypes: true }).filter((it) => it.isFile());
    const stored = files.map(({ name }) => readFileSync(join(bridge.data, name), "latin1"));
    for (const text of [await letters(), shown.stdout, bridge.log, ...stored])
      expect(text.includes("key-canary"), text.slice(0, 80)).to.equal(false);
  });
});
