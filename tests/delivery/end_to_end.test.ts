import { expect } from "chai";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

describe("delivery of what a webhook brings", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge | undefined;

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
  });
  afterEach(async () => {
    await bridge?.stop();
    await odoo.stop();
  });

  it("brings a webhook's facts to Odoo with the message that they came from", async () => {
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    const answer = await bridge.post(tinyMessage(3));
    expect(answer.status).to.equal(202);
    const { id } = (await answer.json()) as { id: string };
    await waitUntil("3 facts in Odoo", () => odoo.facts.size === 3);
    const [batch] = odoo.batches;
    expect(batch?.connection).to.equal("acme");
    expect(batch?.messages.map((it) => it.id)).to.deep.equal([id]);
    expect(batch?.messages[0]).to.include({ channel: "webhook", mapping: "tiny@1" });
  });

  it("takes the sender's trace along to an Odoo that keeps it, and to no older one", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const traceparent = `00-${trace}-b7ad6b7169203331-01`;
    for (const [contract, kept] of [["1.2", trace] as const, ["1.1", undefined] as const]) {
      odoo.contract = contract;
      bridge = await TestBridge.start({ odooUrl: odoo.url });
      const known = odoo.facts.size;
      await bridge.post(tinyMessage(1), { traceparent });
      await waitUntil("the fact in Odoo", () => odoo.facts.size > known);
      expect(odoo.batches.at(-1)?.messages[0]?.trace_id, contract).to.equal(kept);
      await bridge.stop();
    }
  });

  // A step that nobody woke would wait for its sweep, a second after the last one.
  it("wakes every step: nothing that comes alone waits for the next sweep", async () => {
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    await waitUntil("link is open", () => odoo.statuses.length > 0);
    const times: number[] = [];
    for (let i = 1; i <= 20; i++) {
      const start = performance.now();
      await bridge.post(tinyMessage());
      await waitUntil("fact in Odoo", () => odoo.facts.size === i);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    expect(times[10], "the median of twenty").to.be.below(500);
  });
});
