import { expect } from "chai";
import { createHmac } from "node:crypto";
import { systemClock } from "../../bridge/clock.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const SECRET = "hook-secret-canary";

describe("a machine whose clock is ten minutes off", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;
  let offMs: number;

  beforeEach(async () => {
    offMs = 600_000;
    odoo = await new FakeOdoo().start();
    const machine = systemClock();
    const clock = { ...machine, now: () => new Date(Date.now() + offMs) };
    const keys = [{ secret: SECRET }];
    const verifier = {
      scheme: "hmac",
      header: "x-signature",
      message: ["header:x-timestamp", "text:.", "body"],
      timestamp: "header:x-timestamp",
      keys,
    };
    const connection = { webhook: { verifier } };
    bridge = await TestBridge.start({ odooUrl: odoo.url, connection, options: { clock } });
  });
  afterEach(async () => {
    await bridge.stop();
    await odoo.stop();
  });

  const post = async (secret = SECRET) => {
    const body = JSON.stringify(tinyMessage());
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signed = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    const headers = { "x-timestamp": timestamp, "x-signature": signed };
    return (await bridge.post(body, headers)).status;
  };
  const pauses = async () => {
    const status = await (await askAdmin(`${bridge.admin}/status`)).json();
    return (status as { pauses: { code: string; reason: string }[] }).pauses;
  };
  const isSaid = async () => (await pauses()).some((it) => it.code === "clock_off");

  it("is told so after three authentic messages, and no more when they are in time again", async () => {
    for (let n = 0; n < 3; n++) expect(await post()).to.equal(401);
    await waitUntil("it is said", isSaid);
    expect((await pauses()).find((it) => it.code === "clock_off")?.reason).to.include("10 minutes");
    expect(bridge.log.join("")).to.match(/60[01] s behind our clock/);
    offMs = 0;
    expect(await post()).to.equal(202);
    await waitUntil("it is over", async () => !(await isSaid()));
  });

  it("is told nothing by those who cannot sign", async () => {
    for (let n = 0; n < 5; n++) expect(await post("forged")).to.equal(401);
    expect(await isSaid()).to.equal(false);
  });

  it("is told so by Odoo's own clock", async () => {
    const date = new Date(Date.now() - 600_000).toUTCString();
    odoo.intercept = ({ method }) => {
      if (method !== "hello") return undefined;
      const body = JSON.stringify({
        contract: "1.0",
        addon: "19.0.1.0.0",
        odoo: "19.0",
        database_uuid: "db-1",
        connections: ["acme"],
      });
      return { reply: { headers: { date }, body } };
    };
    odoo.keyExpiresAt = null;
    await bridge.stop(true);
    bridge = await TestBridge.start({ odooUrl: odoo.url, dataDir: bridge.dataDir });
    await waitUntil("it is said", isSaid);
  });
});
