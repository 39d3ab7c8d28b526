import { expect } from "chai";
import { ExchangeApi } from "../../bridge/odoo/exchange_api.ts";
import type { OdooTransport } from "../../bridge/odoo/transport.ts";
import { outboxItem } from "../store/store_contract.ts";

describe("Orders that are claimed of Odoo", () => {
  const never = new AbortController().signal;

  /** Claims of an Odoo that gives these items; what it is told of them. */
  async function claimed(...items: readonly object[]) {
    const told: unknown[] = [];
    const transport: OdooTransport = {
      name: "json2",
      call(_model, method, args) {
        if (method === "claim_outbox") return Promise.resolve({ items });
        told.push(...(args["acknowledgements"] as unknown[]));
        return Promise.resolve({ results: [] });
      },
      close: () => Promise.resolve(),
    };
    const given = await new ExchangeApi(transport).claimOutbox("tms", 20, 60, never);
    return { ids: given.map(({ id }) => id), told };
  }

  const withReference = (id: number, reference: string) => {
    const item = outboxItem(id);
    return { ...item, payload: { ...item.payload, customer_references: [reference] } };
  };

  it("are given though one among them has a reference that nobody can be told", async () => {
    for (const reference of ["x".repeat(500), "a\u0007b"]) {
      const { ids, told } = await claimed(
        outboxItem(1),
        withReference(2, reference),
        outboxItem(3),
      );
      expect(ids).to.deep.equal([1, 3]);
      expect(told).to.have.length(1);
      expect(told[0]).to.include({ id: 2, result: "rejected" });
      expect(JSON.stringify(told)).to.contain("payload/customer_references/0");
    }
  });

  it("are not rejected when the addon speaks differently: it is the release that does not fit", async () => {
    const strange = { ...outboxItem(1), payload: { ...outboxItem(1).payload, unheard_of: 1 } };
    const error = await claimed(strange).catch((fault: unknown) => fault);
    expect(error).to.have.property("code", "odoo_bad_answer");
  });
});

describe("Orders that are compared", () => {
  it("are given though one among them cannot be read, which is named", async () => {
    const { payload } = outboxItem(1);
    const told = (id: number, more: object) => ({
      ...{ id, shipment: `SHP/${id}`, believes: "rejected", look: false },
      payload: { ...payload, ...more },
    });
    const orders = [told(1, {}), told(2, { customer_references: ["x".repeat(500)] }), told(3, {})];
    const transport: OdooTransport = {
      name: "json2",
      call: () => Promise.resolve({ orders, next: 3 }),
      close: () => Promise.resolve(),
    };
    const never = new AbortController().signal;
    const page = await new ExchangeApi(transport).toldOrders("tms", 0, false, never);
    expect(page.orders.map(({ id }) => id)).to.deep.equal([1, 3]);
    expect(page.next).to.equal(3);
    expect(page.faults).to.have.length(1);
    expect(page.faults[0]).to.include({ id: 2, shipment: "SHP/2" });
    expect(page.faults[0]?.why).to.contain("payload/customer_references/0");
  });
});
