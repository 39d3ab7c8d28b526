import { expect } from "chai";
import {
  type OrderPurpose,
  type TransportOrder,
  transportOrder,
} from "../../../bridge/canonical/transport_order.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { x12Source } from "../../../bridge/sources/x12/source.ts";
import type { Peer, PeerRequest } from "../../../bridge/sources/source.ts";
import { interchange, readX12 } from "./samples.ts";

const uuid = (n: number) => `6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d${n}`;

const ORDER: TransportOrder = transportOrder.parse({
  id: uuid(10),
  consignment_id: uuid(11),
  shipment: "MP/00042",
  sales_orders: ["S00017"],
  transfers: ["WH/OUT/00009"],
  customer_references: ["a reference that is longer than thirty characters", "PO-4711"],
  shipper: { name: "Müller * Söhne" },
  consignee: { name: "Acme" },
  stops: [
    {
      id: uuid(12),
      sequence: 1,
      kind: "pickup",
      place: { name: "Reno DC", city: "Reno", postal_code: "89501", country: "US" },
      window_end: "2026-07-10T17:00:00Z",
      party: { name: "Reno DC", reference: "RNO1" },
    },
    {
      id: uuid(13),
      sequence: 2,
      kind: "delivery",
      place: { name: "Store", street: "5 Main St", city: "Newark", country: "US" },
      window_end: "2026-07-14T17:00:00Z",
    },
  ],
  goods: [
    {
      id: uuid(14),
      description: "Oak chair",
      product_code: "CHAIR",
      quantity: "4",
      unit: "Units",
      weight_kg: "30.5",
      lots: ["L-7"],
    },
    {
      id: uuid(15),
      description: "Varnish",
      product_code: "VARN",
      quantity: "2.5",
      unit: "cans",
      weight_kg: "2",
    },
  ],
  service: "Ground",
  note: "Wrap well",
});

const { signal } = new AbortController();
const parties = { interchange: { sender: "SHIPPER", receiver: "WAREHOUSE" } };

/** What reaches the warehouse of an order. */
async function sent(
  order: TransportOrder,
  purpose: OrderPurpose = "original",
): Promise<PeerRequest> {
  const requests: PeerRequest[] = [];
  const peer: Peer = {
    request: (request) => {
      requests.push(request);
      return Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(0) });
    },
  };
  const given = { ...parties, order_set: "940", units: { cans: "CA" }, carrier_scac: "SCAC" };
  const settings = x12Source.settings.parse(given);
  const outgoing = { purpose, order, key: "k", number: 7, attempt: 1 };
  await x12Source.sendOrder!(peer, outgoing, settings, signal);
  return requests[0]!;
}

const segmentsOf = ({ body }: PeerRequest) =>
  String(body)
    .split("\n")
    .map((it) => it.replace(/~$/, ""));

async function refusal(order: TransportOrder): Promise<MilepostError> {
  const outcome: unknown = await sent(order).catch((it: unknown) => it);
  if (outcome instanceof MilepostError) return outcome;
  throw new Error("nothing was refused");
}

describe("x12: 940, our order to a warehouse", () => {
  it("tells what to pick, in which lots, for whom and when", async () => {
    const request = await sent(ORDER);
    expect(request.path).to.equal("940_MP_00042_000000007.edi");
    const segments = segmentsOf(request);
    expect(segments[1]).to.match(/^GS\*OW\*SHIPPER\*WAREHOUSE\*/);
    const from = segments.indexOf("ST*940*0001") + 1;
    expect(
      segments.slice(
        from,
        segments.findIndex((it) => it.startsWith("SE*")),
      ),
    ).to.deep.equal([
      "W05*N*MP/00042*PO-4711",
      "N1*DE*Muller Sohne",
      "N1*WH*Reno DC*93*RNO1",
      "N4*Reno**89501*US",
      "N1*ST*Store",
      "N3*5 Main St",
      "N4*Newark***US",
      "N9*DO*WH/OUT/00009",
      "N9*CR*PO-4711",
      "G62*10*20260710",
      "G62*02*20260714",
      "NTE*WHI*Wrap well",
      "W66*PP*M***Ground*****SCAC",
      "LX*1",
      "W01*4*EA**VN*CHAIR",
      "G69*Oak chair",
      "N9*LT*L-7",
      "LX*2",
      "W01*2.5*CA**VN*VARN",
      "G69*Varnish",
      "W76*6.5*32.5*KG",
    ]);
  });

  it("tells a change whole and a cancellation as such", async () => {
    for (const [purpose, status] of [
      ["change", "R"],
      ["cancellation", "F"],
    ] as const) {
      const w05 = segmentsOf(await sent(ORDER, purpose)).find((it) => it.startsWith("W05"));
      expect(w05).to.equal(`W05*${status}*MP/00042*PO-4711`);
    }
  });

  it("is refused where a warehouse could only guess", async () => {
    const [first, second] = ORDER.goods;
    const [pickup, delivery] = ORDER.stops;
    const cases: Array<[Partial<TransportOrder>, string]> = [
      [{ goods: [{ ...first!, unit: "Pallets" }] }, "/goods/0/unit"],
      [{ goods: [first!, { ...second!, product_code: undefined }] }, "/goods/1/product_code"],
      [{ stops: [pickup!, delivery!, { ...delivery!, sequence: 3 }] }, "/stops"],
      [{ shipment: "MP/000000000000000000042" }, "/shipment"],
    ];
    for (const [other, path] of cases) {
      const error = await refusal({ ...ORDER, ...other });
      expect(error).to.include({ code: "x12_order", retry: "never", path });
    }
  });

  it("is received when a 997 of its group says so", () => {
    const told = interchange("997", [["AK1*OW*7", "AK9*A*1*1*1"]], { functionalId: "FA" });
    const [receipt] = readX12(told).facts.map(({ fact }) => fact);
    expect(receipt).to.deep.include({
      kind: "milestone",
      code: "tendered",
      identifiers: [{ type: "entity", value: "SM/7" }],
    });
  });
});
