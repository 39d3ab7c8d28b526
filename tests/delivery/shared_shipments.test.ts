import { expect } from "chai";
import type { Batch } from "../../bridge/canonical/exchange.ts";
import { laneOf, shipmentLane } from "../../bridge/queue/lane.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const SHIPMENTS = 2;

/** The shipment that Odoo finds for a trip: several trips mean one. */
const shipmentOf = (fact: Batch["facts"][number]) => {
  const trip = Number(fact.identifiers[0]?.value.split("-")[1]);
  return `SHP/${trip % SHIPMENTS}`;
};

describe("facts of one shipment under different ids", function () {
  this.timeout(60_000);

  it("wait in one lane from the first time that they met, and are sent twice at most", async () => {
    const odoo = await new FakeOdoo().start();
    const { url } = odoo;
    await odoo.stop();
    const busy = new Map<string, number>();
    const locked = new Set<string>();
    let sent = 0;
    let call = 0;
    odoo.intercept = async ({ method, args }) => {
      if (method !== "ingest") return undefined;
      const { facts } = args["batch"] as Batch;
      const own = ++call;
      sent += facts.length;
      for (const fact of facts) {
        const holder = busy.get(shipmentOf(fact));
        if (holder === undefined) busy.set(shipmentOf(fact), own);
        else if (holder !== own) locked.add(fact.key);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const [shipment, holder] of busy) if (holder === own) busy.delete(shipment);
      return undefined;
    };
    odoo.verdict = (fact) => {
      const shipments = [shipmentOf(fact)];
      if (!locked.delete(fact.key)) return { shipments };
      return { status: "retry", code: "locked", shipments };
    };
    const bridge = await TestBridge.start({
      odooUrl: url,
      odoo: { lanes: 4, batch_facts: 10 },
    });
    const messages = Array.from({ length: 200 }, (_, n) => tinyMessage(5, { trip: `trip-${n}` }));
    await Promise.all(messages.map((it) => bridge.post(it)));
    await odoo.start(Number(new URL(url).port));
    await waitUntil("all in Odoo", () => odoo.facts.size === 1000, 50_000);
    expect(sent / 1000).to.be.lessThan(1.95);
    await bridge.stop();
    await odoo.stop();
  });

  it("go to the lane of the number of Odoo where they name it, whoever says so", () => {
    const named = { identifiers: [{ type: "shipment" as const, value: "SHP/7" }] };
    const own = { identifiers: [{ type: "entity" as const, value: "e-1" }] };
    expect(laneOf("acme", named, "trip-1")).to.equal(shipmentLane("SHP/7"));
    expect(laneOf("globex", named, "trip-2")).to.equal(shipmentLane("SHP/7"));
    expect(laneOf("acme", own, "trip-1")).not.to.equal(laneOf("globex", own, "trip-1"));
  });
});
