import { expect } from "chai";
import type { Outcome } from "../../../bridge/canonical/outcome.ts";
import { otmOutcome } from "../../../bridge/sources/otm5/outcome.ts";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import type { Peer, PeerRequest } from "../../../bridge/sources/source.ts";
import { httpPeer, NEVER, order, outgoing } from "../../simulator/kit.ts";
import { startSimulator } from "../../../tools/simulator/simulator.ts";

const settings = otm5Source.settings.parse({});
const { id, consignment_id, shipment } = order(7);
const INVOICED: Outcome = {
  id,
  consignment_id,
  shipment,
  state: "invoiced",
  at: "2026-03-05T12:00:00Z",
  documents: [
    { number: "INV/1", kind: "invoice", date: "2026-03-05", total: "1487.5", currency: "EUR" },
    { number: "RINV/1", kind: "credit_note", date: "2026-03-06", total: "-20", currency: "EUR" },
  ],
};

function answering(status: number, body: string): Peer & { asked: PeerRequest[] } {
  const asked: PeerRequest[] = [];
  const request = (one: PeerRequest) => {
    asked.push(one);
    return Promise.resolve({ status, headers: {}, body: Buffer.from(body) });
  };
  return { asked, request };
}

const tell = (peer: Peer, outcome: Outcome, key: string) =>
  otm5Source.sendOutcome?.(peer, outcome, key, settings, NEVER);

describe("the outcome of a shipment to a TMS that speaks OTM5", () => {
  it("is an event about the order, with its invoices as documents", async () => {
    const peer = answering(201, "");
    expect(await tell(peer, INVOICED, "key-1")).to.deep.equal({
      result: "accepted",
      identifiers: [],
    });
    expect(peer.asked[0]).to.deep.include({ method: "POST", path: "/api/v5/events" });
    expect(peer.asked[0]?.headers).to.include({ "Idempotency-Key": "key-1" });
    const event = JSON.parse(String(peer.asked[0]?.body)) as {
      entity: { documents: Array<{ entity: object }>; externalAttributes: object };
    };
    expect(event).to.deep.include({ eventType: "updateEvent", lastModified: INVOICED.at });
    expect(event.entity).to.include({ id, entityType: "transportOrder" });
    expect(event.entity.externalAttributes).to.include({ billingState: "invoiced" });
    expect(event.entity.documents.map(({ entity }) => entity)[1]).to.deep.include({
      name: "RINV/1",
      documentType: "creditNote",
      externalAttributes: { date: "2026-03-06", total: "-20", currency: "EUR" },
    });
  });

  it("is the same event when it is sent again, and another one when the state changed", () => {
    const eventOf = (key: string) => (otmOutcome(INVOICED, key) as { id: string }).id;
    expect(eventOf("key-1"))
      .to.equal(eventOf("key-1"))
      .and.match(/^[\da-f]{8}-[\da-f]{4}-8/);
    expect(eventOf("key-2")).not.to.equal(eventOf("key-1"));
  });

  it("is rejected in the partner's words", async () => {
    const faults = [{ type: "invalidField", field: "entity.id", message: "no such order" }];
    expect(await tell(answering(400, JSON.stringify(faults)), INVOICED, "key-1")).to.deep.equal({
      result: "rejected",
      reason: "entity.id: no such order",
    });
    expect(await tell(answering(422, ""), INVOICED, "key-1")).to.deep.equal({
      result: "rejected",
      reason: `the partner refused the outcome of ${shipment} (422)`,
    });
  });

  it("is tried again on a 404 that may be a proxy's", async () => {
    const fault = await tell(answering(404, ""), INVOICED, "key-1")?.catch((it: unknown) => it);
    expect(fault).to.include({ code: "bad_answer", retry: "later" });
  });

  it("is written down by the simulated TMS once, however often it comes", async () => {
    const tms = await startSimulator({ speed: 0 });
    try {
      const peer = httpPeer(tms.url);
      expect(await tell(peer, INVOICED, "key-1")).to.include({ result: "rejected" });
      await otm5Source.sendOrder?.(peer, outgoing(7), settings, NEVER);
      const paid: Outcome = { ...INVOICED, state: "paid", at: "2026-03-20T08:00:00Z" };
      await tell(peer, INVOICED, "key-1");
      await tell(peer, INVOICED, "key-1");
      await tell(peer, paid, "key-2");
      expect(tms.truth()[0]?.outcomes).to.deep.equal([
        { state: "invoiced", at: INVOICED.at, documents: ["INV/1", "RINV/1"] },
        { state: "paid", at: paid.at, documents: ["INV/1", "RINV/1"] },
      ]);
    } finally {
      await tms.stop();
    }
  });
});
