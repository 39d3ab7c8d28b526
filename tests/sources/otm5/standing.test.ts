import { expect } from "chai";
import type { TransportOrder } from "../../../bridge/canonical/transport_order.ts";
import { otmOrder } from "../../../bridge/sources/otm5/order.ts";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import type { PeerRequest, PeerResponse } from "../../../bridge/sources/source.ts";

const signal = new AbortController().signal;
const place = { city: "Utrecht" };
const order = {
  id: "5f0c6d3e-0000-4000-8000-000000000001",
  consignment_id: "5f0c6d3e-0000-4000-8000-000000000002",
  shipment: "SHP/00017",
  sales_orders: [],
  transfers: [],
  customer_references: [],
  shipper: { name: "We" },
  consignee: { name: "They" },
  stops: [
    { id: "5f0c6d3e-0000-4000-8000-000000000003", sequence: 1, kind: "pickup" as const, place },
    { id: "5f0c6d3e-0000-4000-8000-000000000004", sequence: 2, kind: "delivery" as const, place },
  ],
  goods: [],
} satisfies TransportOrder;

describe("an order of ours as a TMS that speaks OTM5 shows it", () => {
  let asked: PeerRequest[];
  const read = async (answer: Partial<PeerResponse> & { json?: unknown }) => {
    asked = [];
    const { json, ...more } = answer;
    const body = json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
    const peer = {
      request: (request: PeerRequest) => {
        asked.push(request);
        return Promise.resolve({ status: 200, headers: {}, body, ...more });
      },
    };
    return otm5Source.readOrder!(peer, order, otm5Source.settings.parse({}), signal);
  };

  it("is asked for under our id, and changes nothing there", async () => {
    const shown = await read({ json: otmOrder(order) });
    expect(shown).to.include({ standing: "there" });
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include({ method: "GET" });
    expect(asked[0]?.path).to.match(new RegExp(`/${order.id}$`));
    expect(shown).to.have.nested.property("message.contentType", "application/json");
  });

  it("is cancelled or refused by the words of its state", async () => {
    const cancelled = await read({ json: otmOrder(order, "cancelled") });
    expect(cancelled).to.deep.equal({ standing: "cancelled", reason: "shown as cancelled" });
    const refused = await read({ json: { ...otmOrder(order), status: "declined" } });
    expect(refused.standing).to.equal("refused");
  });

  it("is not cancelled or refused by the state of one consignment among several, or of its transport", async () => {
    const shown = async (consignments: readonly object[], more: object = {}) => {
      const own = { associationType: "inline", entity: { id: order.consignment_id } };
      const inline = consignments.map((it) => ({ ...own, entity: { ...own.entity, ...it } }));
      const { status: _status, ...rest } = otmOrder(order) as Record<string, unknown>;
      return (await read({ json: { ...rest, ...more, consignments: inline } })).standing;
    };
    const [open, cancelled, declined] = [
      { status: "accepted" },
      { status: "cancelled" },
      { status: "declined" },
    ];
    expect(await shown([open, cancelled])).to.equal("there");
    expect(await shown([declined, open])).to.equal("there");
    expect(await shown([declined, {}])).to.equal("there");
    expect(await shown([cancelled], { status: "accepted" })).to.equal("there");
    expect(await shown([{ result: "failed" }])).to.equal("there");
    expect(await shown([cancelled, cancelled])).to.equal("cancelled");
    expect(await shown([declined, declined])).to.equal("refused");
  });

  it("is missing by the TMS's own 404; a gateway's, a page, another order and a no to the asking say nothing", async () => {
    const gone = [{ type: "notFound", field: "id", message: "no such order" }];
    expect((await read({ status: 404, json: gone })).standing).to.equal("missing");
    expect((await read({ status: 410 })).standing).to.equal("missing");
    expect((await read({ status: 404 })).standing).to.equal("unsure");
    expect((await read({ status: 404, json: { message: "no Route matched" } })).standing).to.equal(
      "unsure",
    );
    const page = { status: 404, headers: { "content-type": "text/html" } };
    expect((await read(page)).standing).to.equal("unsure");
    expect((await read({ status: 405 })).standing).to.equal("unsure");
    expect((await read({ json: { id: "another" } })).standing).to.equal("unsure");
    expect((await read({})).standing).to.equal("unsure");
  });
});
