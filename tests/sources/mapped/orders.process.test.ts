import { expect } from "chai";
import { MilepostError } from "../../../bridge/errors.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import type { OutgoingOrder, Peer, PeerRequest } from "../../../bridge/sources/source.ts";
import { outboxItem } from "../../store/store_contract.ts";
import { partner } from "./mapped_kit.ts";

const signal = new AbortController().signal;
const order = outboxItem(1).payload;

/** A partner that answers as it is told, and remembers what it was asked. */
class FakePeer implements Peer {
  readonly asked: PeerRequest[] = [];
  answers: Array<{ status: number; body: string }> = [];
  request(request: PeerRequest) {
    this.asked.push(request);
    const { status, body } = this.answers.shift() ?? { status: 200, body: "" };
    return Promise.resolve({ status, headers: {}, body: Buffer.from(body) });
  }
}

const outgoing = (more: Partial<OutgoingOrder> = {}): OutgoingOrder => ({
  ...{ purpose: "original", order, key: "key-1", number: 7, attempt: 1 },
  ...more,
});

const orders = {
  original: {
    method: "PUT",
    path: '"/loads/" & $key',
    headers: { "idempotency-key": "$key" },
    body: {
      load: "shipment",
      kind: { value: "FTL" },
      service: "service",
      stops: { each: "stops", city: "place.city", type: "$uppercase(kind)" },
    },
  },
  cancellation: { method: "DELETE", path: '"/loads/" & $key' },
  find: {
    method: "GET",
    path: '"/loads/" & $key',
    answer: {
      accepted: "load = $order.shipment",
      cancelled: "status = 'off'",
      missing: "$status = 404 and error = 'unknown load'",
      number: "number",
    },
  },
  answer: {
    accepted: "load = $order.shipment and status = 'ok'",
    rejected: "status = 'no'",
    reason: "why",
    number: "number",
    identifiers: { pro: "pro" },
  },
};

describe("orders by a partner's template", function () {
  this.timeout(60_000);
  let peer: FakePeer;
  beforeEach(() => {
    peer = new FakePeer();
  });
  const mapped = partner({ orders });
  const send = (more: Partial<OutgoingOrder> = {}, by = mapped) =>
    mappedSource.sendOrder!(peer, outgoing(more), by, signal);
  const failure = async (more: Partial<OutgoingOrder> = {}, by = mapped) => {
    const outcome: unknown = await send(more, by).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(MilepostError);
    return outcome as MilepostError;
  };
  const says = (answer: object, status = 200) =>
    peer.answers.push({ status, body: JSON.stringify(answer) });

  it("go out in the partner's shape, and are taken by an answer about them", async () => {
    says({ load: order.shipment, status: "ok", number: 4711, pro: "PRO-9" });
    expect(await send()).to.deep.equal({
      result: "accepted",
      externalNumber: "4711",
      identifiers: [{ type: "pro", value: "PRO-9" }],
    });
    const [asked] = peer.asked;
    expect(asked).to.include({ method: "PUT", path: "/loads/key-1" });
    expect(asked?.headers).to.deep.equal({
      accept: "application/json",
      "content-type": "application/json",
      "idempotency-key": "key-1",
    });
    // What the order does not say is left out.
    expect(JSON.parse(String(asked?.body))).to.deep.equal({
      load: order.shipment,
      kind: "FTL",
      stops: [
        { city: "Utrecht", type: "PICKUP" },
        { city: "Utrecht", type: "DELIVERY" },
      ],
    });
  });

  it("are refused by the partner's no, with its reason", async () => {
    says({ load: order.shipment, status: "no", why: "no truck in Utrecht" }, 422);
    expect(await send()).to.deep.equal({ result: "rejected", reason: "no truck in Utrecht" });
    const change = await send({ purpose: "change" });
    expect(change).to.deep.include({ result: "rejected" });
    expect((change as { reason: string }).reason).to.include("orders/change");
  });

  it("are tried again after an answer about something else, a page, or nothing", async () => {
    for (const body of ['{"load":"another","status":"ok"}', "<html>", "{}", "null", "", "[]"]) {
      peer.answers.push({ status: 200, body });
      const fault = await failure();
      expect(fault, body).to.include({ code: "bad_answer", retry: "later" });
    }
    peer.answers.push({ status: 404, body: "not here" });
    expect(await failure()).to.include({ code: "bad_answer", retry: "later" });
  });

  it("are looked for before they are sent again", async () => {
    says({ load: order.shipment, number: "4711" });
    expect(await send({ attempt: 2 })).to.deep.include({ externalNumber: "4711" });
    expect(peer.asked.map((it) => it.method)).to.deep.equal(["GET"]);
    peer.answers.push({ status: 404, body: "{}" });
    says({ load: order.shipment, status: "ok" });
    expect(await send({ attempt: 2 })).to.include({ result: "accepted" });
    expect(peer.asked.map((it) => it.method)).to.deep.equal(["GET", "GET", "PUT"]);
  });

  it("are shown as they stand, where the file says how one is found", async () => {
    const read = (by = mapped) => mappedSource.readOrder!(peer, order, by, signal);
    says({ load: order.shipment, number: 4711 });
    expect(await read()).to.deep.equal({ standing: "there", number: "4711", identifiers: [] });
    expect(peer.asked[0]).to.include({ method: "GET", path: `/loads/${order.id}` });
    says({ error: "unknown load" }, 404);
    expect(await read()).to.deep.equal({ standing: "missing" });
    says({ load: order.shipment, status: "off" });
    expect(await read()).to.deep.equal({ standing: "cancelled", reason: "shown as cancelled" });
    says({ load: "another" });
    expect(await read()).to.deep.equal({ standing: "unsure" });
    const refusing = { ...orders.find, answer: { accepted: "false", rejected: "status = 'no'" } };
    says({ load: order.shipment, status: "no" });
    expect((await read(partner({ orders: { ...orders, find: refusing } }))).standing).to.equal(
      "refused",
    );
    expect(mappedSource.refusedLook!(mapped)).to.equal(undefined);
    const { find: _find, ...without } = orders;
    expect(mappedSource.refusedLook!(partner({ orders: without }))).to.include("orders/find");
  });

  it("are not missing by a 404 of which the partner did not say so", async () => {
    const read = (by = mapped) => mappedSource.readOrder!(peer, order, by, signal);
    const { missing: _missing, ...silent } = orders.find.answer;
    const without = partner({ orders: { ...orders, find: { ...orders.find, answer: silent } } });
    const byStatus = { ...silent, format: "text", accepted: "false", missing: "$status = 404" };
    const loose = partner({ orders: { ...orders, find: { ...orders.find, answer: byStatus } } });
    for (const body of ["<html>no route</html>", '{"message":"no Route matched"}', ""]) {
      for (const by of body.startsWith("<") ? [mapped, without, loose] : [mapped, without]) {
        peer.answers.push({ status: 404, body });
        expect(await read(by), body).to.deep.equal({ standing: "unsure" });
      }
    }
  });

  it("are looked for at no partner who takes files", async () => {
    const silent = { isSilent: true as const, request: peer.request.bind(peer) };
    says({ load: order.shipment, status: "ok" });
    await mappedSource.sendOrder!(silent, outgoing({ attempt: 2 }), mapped, signal);
    expect(peer.asked.map((it) => it.method)).to.deep.equal(["PUT"]);
  });

  it("are XML, tables and texts, for partners that take files", async () => {
    const file = (original: object) => partner({ orders: { original } });
    const xml = file({
      path: { value: "/orders" },
      format: "xml",
      body: {
        Load: { "@id": "shipment", Stop: { each: "stops", "#text": "place.city & ' <1>'" } },
      },
    });
    expect(await send({}, xml)).to.deep.equal({ result: "accepted", identifiers: [] });
    expect(peer.asked[0]).to.include({ file: "original-key-1.xml" });
    expect(peer.asked[0]?.body).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?><Load id="SHP/1"><Stop>Utrecht &lt;1&gt;</Stop>' +
        "<Stop>Utrecht &lt;1&gt;</Stop></Load>",
    );
    const rows = { each: "stops", no: "sequence", city: '"a, " & place.city' };
    const table = { path: { value: "/o" }, format: "csv", body: rows, file: "$purpose & '.csv'" };
    await send({}, file(table));
    expect(peer.asked[1]).to.include({
      file: "original.csv",
      body: 'no,city\r\n1,"a, Utrecht"\r\n2,"a, Utrecht"\r\n',
    });
    await send({}, file({ path: { value: "/o" }, format: "text", body: "shipment & '\\n'" }));
    expect(peer.asked[2]).to.include({ body: "SHP/1\n", file: "original-key-1.txt" });
  });

  it("say where the template is wrong, and are not sent", async () => {
    const wrong = partner({ orders: { original: { path: "$nothing(1)" } } });
    expect(await failure({}, wrong)).to.include({
      code: "order_template",
      retry: "never",
      path: "orders/original/path",
    });
    const pathless = partner({ orders: { original: { path: "shipment" } } });
    expect((await failure({}, pathless)).message).to.include("begins with /");
    expect(() => partner({ orders: { original: { path: "$now()" } } })).to.throw("not allowed");
    expect(peer.asked).to.deep.equal([]);
  });

  it("are offered only where the file has them", () => {
    expect(mappedSource.sends!(mapped, "orders")).to.equal(true);
    expect(mappedSource.sends!(mapped, "outcomes")).to.equal(false);
    expect(mappedSource.sends!(partner(), "orders")).to.equal(false);
  });

  it("tell outcomes", async () => {
    const by = partner({
      orders: {
        original: { path: { value: "/o" } },
        outcome: { path: '"/money/" & shipment', body: { state: "state" } },
      },
    });
    const outcome = {
      ...{ id: order.id, consignment_id: order.consignment_id, shipment: "SHP/1" },
      ...{ state: "paid" as const, at: "2026-11-28T10:00:00Z", documents: [] },
    };
    const receipt = await mappedSource.sendOutcome!(peer, outcome, "key-2", by, signal);
    expect(receipt).to.include({ result: "accepted" });
    expect(peer.asked[0]).to.include({ path: "/money/SHP/1", body: '{"state":"paid"}' });
  });
});
