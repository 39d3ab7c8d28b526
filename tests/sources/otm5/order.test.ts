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
      name: order(7).shipment,
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
    const { receipt } = await send(422, "no");
    expect(receipt).to.deep.equal({
      result: "rejected",
      reason: "the partner refused order SHP/2026/00007 (422)",
    });
  });

  describe("is taken for accepted only by an answer that is about it", () => {
    /** A TMS that answers an order and a question as told. */
    async function told(taken: [number, unknown], shown: [number, unknown], tries = 1) {
      const asked: PeerRequest[] = [];
      const tms: Peer = {
        request: (request) => {
          asked.push(request);
          const [status, body] = request.method === "GET" ? shown : taken;
          const text = typeof body === "string" ? body : JSON.stringify(body);
          return Promise.resolve({ status, headers: {}, body: Buffer.from(text) });
        },
      };
      const settings = otm5Source.settings.parse({});
      const receipt = await otm5Source
        .sendOrder?.(tms, outgoing(7, { attempt: tries }), settings, NEVER)
        .catch((error: unknown) => error);
      return { receipt, asked: asked.map((it) => `${it.method} ${it.path}`) };
    }
    const ours = { id: order(7).id, name: order(7).shipment };
    const there: [number, unknown] = [200, ours];
    const nowhere: [number, unknown] = [404, [{ message: "no such order" }]];

    for (const [name, body] of Object.entries({
      "an error": { error: "no capacity" },
      "an error that names it": { ...ours, errors: ["no capacity"] },
      null: null,
      "another order": { id: "31f6dd2e-0000-4000-8000-000000000000", name: "SHP/1" },
      "a list": [],
      "a text": "queued",
    })) {
      it(`else asks whether it is there: ${name}`, async () => {
        const { receipt, asked } = await told([200, JSON.stringify(body)], there);
        expect(receipt).to.include({ result: "accepted" });
        expect(asked[1]).to.equal(`GET /api/v5/transportOrders/${order(7).id}`);
      });

      it(`and is sent again when it is not there: ${name}`, async () => {
        const { receipt } = await told([200, JSON.stringify(body)], nowhere);
        expect(receipt).to.include({ code: "bad_answer", retry: "later" });
      });
    }

    it("is rejected by an answer that shows it as rejected", async () => {
      const answer = { ...ours, status: "rejected", reason: "no truck" };
      const { receipt } = await told([200, answer], nowhere);
      expect(receipt).to.deep.equal({ result: "rejected", reason: "no truck" });
    });

    it("is accepted after a conflict with an earlier try whose answer was lost", async () => {
      const conflict: [number, unknown] = [409, [{ message: "exists" }]];
      expect((await told(conflict, there)).receipt).to.include({ result: "accepted" });
      expect((await told(conflict, nowhere)).receipt).to.deep.equal({
        result: "rejected",
        reason: "exists",
      });
    });

    it("is tried again on what may be a proxy's page before that counts", async () => {
      const pages: Array<[number, unknown]> = [
        [404, "<html>not found</html>"],
        [404, { message: "no Route matched" }],
        [404, ""],
        [422, "<html>no</html>"],
      ];
      for (const page of pages) {
        expect((await told(page, nowhere, 3)).receipt).to.include({ retry: "later" });
        expect((await told(page, nowhere, 4)).receipt).to.include({ result: "rejected" });
      }
    });
  });

  it("is a file of its own for each order and key, the same for every try", async () => {
    const nameOf = async (more: Partial<OutgoingOrder>, n = 7) => {
      const tms = peer(201, "");
      await otm5Source.sendOrder?.(tms, outgoing(n, more), otm5Source.settings.parse({}), NEVER);
      return tms.asked[0]?.file;
    };
    const first = await nameOf({});
    expect(first).to.match(/^original_SHP_2026_00007_[0-9a-f-]{36}\.json$/);
    expect(await nameOf({ attempt: 2 })).to.equal(first);
    const names = [first, await nameOf({}, 8), await nameOf({ purpose: "change", key: "key-7-2" })];
    expect(new Set(names).size).to.equal(3);
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
      const more = { purpose: "cancellation", attempt: 4 } as const;
      const { receipt, request } = await send(status, "", {}, more);
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
