import { expect } from "chai";
import { otmOrder } from "../../../bridge/sources/otm5/order.ts";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import type { OutgoingOrder, Peer, PeerRequest } from "../../../bridge/sources/source.ts";
import { order, outgoing } from "../../simulator/kit.ts";
import { attempt, messageOf } from "../golden.ts";

const NEVER = new AbortController().signal;

function peer(status: number, body: unknown): Peer & { asked: PeerRequest[] } {
  const asked: PeerRequest[] = [];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    asked,
    request: (request) => {
      asked.push(request);
      return Promise.resolve({ status, headers: {}, body: Buffer.from(text) });
    },
  };
}

async function send(
  status: number,
  body: unknown,
  raw: object = {},
  more: Partial<OutgoingOrder> = {},
) {
  const tms = peer(status, body);
  const settings = otm5Source.settings.parse(raw);
  const receipt = await otm5Source.sendOrder?.(tms, outgoing(7, more), settings, NEVER);
  return { receipt, request: tms.asked[0] };
}

describe("a transport order to a TMS that speaks OTM5", () => {
  it("goes out under the UUID that Odoo made, with the key as a header", async () => {
    const { request } = await send(200, "");
    expect(request).to.deep.include({ method: "PUT", path: "/api/v5/transportOrders" });
    expect(request?.headers).to.include({ "Idempotency-Key": "key-7" });
    expect(JSON.parse(String(request?.body))).to.include({
      id: order(7).id,
      entityType: "transportOrder",
    });
  });

  it("keeps to what this source itself would accept", () => {
    const message = messageOf(JSON.stringify(otmOrder(order(7))));
    const check = attempt(
      () => (otm5Source.check(message, otm5Source.settings.parse({})), "accepted"),
    );
    expect(check).to.equal("accepted");
  });

  it("tells fractions of a unit exactly, as OTM counts whole pieces only", () => {
    const [film] = order(7).goods.slice(1);
    const text = JSON.stringify(otmOrder(order(7)));
    expect(text).to.contain(`"quantity":"${film?.quantity}"`).and.not.contain('"quantity":2.5');
  });

  it("takes the partner's own ids and number out of the answer", async () => {
    const answer = {
      id: "tms-order",
      externalAttributes: { orderNumber: "TO-1" },
      consignments: [
        {
          associationType: "inline",
          entity: {
            id: "tms-consignment",
            actions: [{ associationType: "reference", uuid: "tms-action", entityType: "load" }],
          },
        },
      ],
    };
    const { receipt } = await send(200, answer);
    expect(receipt).to.include({ result: "accepted", externalNumber: "TO-1" });
    const ids = receipt?.result === "accepted" ? receipt.identifiers.map((it) => it.value) : [];
    expect(ids).to.include.members([order(7).id, "tms-order", "tms-consignment", "tms-action"]);
  });

  it("is rejected with every fault that the partner names", async () => {
    const faults = [
      { type: "missingField", field: "consignments", message: "is needed" },
      { type: "invalidJson", message: "a comma too much" },
    ];
    expect((await send(400, faults)).receipt).to.deep.equal({
      result: "rejected",
      reason: "consignments: is needed; a comma too much",
    });
  });

  it("is rejected in words of ours when the partner gives none", async () => {
    const { receipt } = await send(422, "<html>no</html>");
    expect(receipt).to.deep.equal({
      result: "rejected",
      reason: "the partner refused order SHP/2026/00007 (422)",
    });
  });

  it("is tried again when the answer cannot be read, because it may have been taken", async () => {
    const fault = await send(200, '{"id": "half').then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).to.include({ code: "bad_answer", retry: "later" });
  });

  it("is changed by an event with the whole order, which has one id however often it is sent", async () => {
    const change = { purpose: "change", key: "key-7-2" } as const;
    const { receipt, request } = await send(200, "", {}, change);
    expect(receipt).to.deep.equal({ result: "accepted", identifiers: [] });
    expect(request).to.deep.include({ method: "PUT", path: "/api/v5/events" });
    expect(request?.headers).to.include({ "Idempotency-Key": "key-7-2" });
    const event = JSON.parse(String(request?.body)) as { id: string; entity: object };
    expect(event).to.include({ eventType: "updateEvent" });
    expect(event.entity).to.deep.equal(otmOrder(order(7)));
    expect((await send(200, "", {}, change)).request?.body).to.equal(request?.body);
    const later = await send(200, "", {}, { ...change, key: "key-7-3" });
    expect((JSON.parse(String(later.request?.body)) as { id: string }).id).not.to.equal(event.id);
  });

  it("is changed by the order itself at partners that replace what they know by it", async () => {
    const { request } = await send(200, "", { orders: { change: "order" } }, { purpose: "change" });
    expect(request).to.deep.include({ method: "PUT", path: "/api/v5/transportOrders" });
    expect(request?.body).to.equal(JSON.stringify(otmOrder(order(7))));
  });

  it("is cancelled by DELETE, and is so when the partner has none of it", async () => {
    for (const status of [204, 404, 410]) {
      const { receipt, request } = await send(status, "", {}, { purpose: "cancellation" });
      expect(request).to.include({
        method: "DELETE",
        path: `/api/v5/transportOrders/${order(7).id}`,
      });
      expect(receipt).to.deep.equal({ result: "accepted", identifiers: [] });
    }
    const { receipt } = await send(
      409,
      [{ message: "it is on its way" }],
      {},
      {
        purpose: "cancellation",
      },
    );
    expect(receipt).to.deep.equal({ result: "rejected", reason: "it is on its way" });
  });

  it("is cancelled by an event where the connection says so", async () => {
    const orders = { cancellation: "update_event", events_path: "/otm/events" };
    const { request } = await send(200, "", { orders }, { purpose: "cancellation" });
    expect(request).to.include({ method: "PUT", path: "/otm/events" });
    expect(String(request?.body)).to.contain('"status":"cancelled"');
  });

  it("goes where and how the connection's settings say", async () => {
    const orders = { path: "/otm/orders", method: "POST", key_header: "X-Key" };
    const { request } = await send(201, "", { orders });
    expect(request).to.deep.include({ method: "POST", path: "/otm/orders" });
    expect(request?.headers).to.include({ "X-Key": "key-7" });
  });
});
