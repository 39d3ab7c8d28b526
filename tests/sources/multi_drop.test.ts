import { expect } from "chai";
import type { TransportOrder } from "../../bridge/canonical/transport_order.ts";
import { transportOrder } from "../../bridge/canonical/transport_order.ts";
import { writeIftmin } from "../../bridge/sources/edifact/iftmin.ts";
import { edifactSource } from "../../bridge/sources/edifact/source.ts";
import { otmOrder } from "../../bridge/sources/otm5/order.ts";
import { composeOrder } from "../../bridge/sources/x12/compose/order.ts";
import { order, outgoing } from "../simulator/kit.ts";

const SSCC = "376104250021234569";

/** Order 7 with a second drop, a lot, and a pallet that weighs more than what is in it. */
function multiDrop(): TransportOrder {
  const plain = order(7);
  const [pickup, first] = plain.stops as [TransportOrder["stops"][0], TransportOrder["stops"][0]];
  const second = { ...first, id: "00000000-0000-4000-8000-00000000000a", sequence: 3 };
  const [boxes, film] = plain.goods as [TransportOrder["goods"][0], TransportOrder["goods"][0]];
  return {
    ...plain,
    stops: [{ ...pickup, sequence: 1 }, { ...first, sequence: 2 }, second],
    goods: [
      { ...boxes, delivery_stop: first.id, lots: ["L-77"], weight_kg: "20" },
      { ...film, delivery_stop: second.id, weight_kg: "3" },
    ],
    packages: [
      {
        reference: SSCC,
        sscc: SSCC,
        weight_kg: "60",
        contents: [{ goods: boxes.id, quantity: "12", unit: "Units", lot: "L-77" }],
      },
    ],
    weight_kg: "63",
  };
}

describe("an order with several drops and packages", () => {
  it("keeps the contract", () => {
    expect(transportOrder.safeParse(multiDrop()).success).to.equal(true);
  });

  it("tells a 204 what is unloaded at which stop, the packages and their weight", () => {
    const { segments } = composeOrder(multiDrop(), "original", "SCAC");
    const text = segments.map((it) => JSON.stringify(it)).join("~");
    const stops = text.split('~["S5"').slice(1);
    expect(stops).to.have.length(3);
    expect(stops[0]).to.include("bananas").and.include("Film");
    expect(stops[1]).to.include("bananas").and.not.include("Film");
    expect(stops[2]).to.include("Film").and.not.include("bananas");
    expect(text).to.include(`PACKAGE ${SSCC} 60 KG`).and.include('["L3","63","G"]');
  });

  it("tells an IFTMIN the packages' codes with their goods, and their weight", () => {
    const settings = edifactSource.settings.parse({
      interchange: { sender: "US", receiver: "THEM" },
    });
    const sent = { ...outgoing(7), order: multiDrop() };
    const text = writeIftmin(sent, settings, new Date("2026-11-23T08:00:00Z")).toString("latin1");
    expect(text).to.include("CNT+7:63:KGM'");
    expect(text.replaceAll("\r\n", "").replaceAll("\n", "")).to.include(`PCI+33E'GIN+BJ+${SSCC}'`);
  });

  it("tells OTM5 where goods are unloaded, lots and packages as external attributes", () => {
    const text = JSON.stringify(otmOrder(multiDrop()));
    expect(text).to.include(`"unloadAction":"${order(7).stops[1]?.id}"`);
    expect(text).to.include('"lots":"L-77"').and.include(`"packages":"${SSCC} (60 kg)"`);
  });
});
