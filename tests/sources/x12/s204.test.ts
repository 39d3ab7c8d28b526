/* Over 300 lines: one transaction set, a title per segment that it writes. */
import { expect } from "chai";
import type { OrderPurpose, TransportOrder } from "../../../bridge/canonical/transport_order.ts";
import { transportOrder } from "../../../bridge/canonical/transport_order.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { composeOrder } from "../../../bridge/sources/x12/compose/order.ts";
import { interchange as interchangeType } from "../../../bridge/sources/x12/settings.ts";
import { x12Source } from "../../../bridge/sources/x12/source.ts";
import { writeInterchange } from "../../../bridge/sources/x12/writer.ts";
import type { PeerRequest } from "../../../bridge/sources/source.ts";
import { findingCodes, interchange, milestonesOf, readX12 } from "./samples.ts";

function plan(body: string) {
  const fact = readX12(body).facts.find(({ fact: it }) => it.kind === "itinerary")?.fact;
  return fact?.kind === "itinerary" ? fact : undefined;
}

const tender = (purpose: string, ...segments: string[]) =>
  interchange("204", [["B2**SCAC**LOAD7**PP", `B2A*${purpose}`, ...segments]], {
    functionalId: "SM",
  });

const STOPS = [
  "S5*1*CL",
  "G62*37*20260710*I*0800*LT",
  "G62*38*20260710*K*1200*LT",
  "N1*SF*MILL",
  "N4*CHICAGO*IL*60601*US",
  "S5*2*CU",
  "G62*70*20260711*X*0900*LT",
  "N1*ST*STORE",
  "N4*NEWARK*NJ*07102*US",
];

describe("x12: 204 in", () => {
  it("an original is a tender and the plan of its stops", () => {
    const body = tender("00", "L11*B1*BM", ...STOPS);
    expect(milestonesOf(body).map(({ code, raw_code }) => [code, raw_code])).to.deep.equal([
      ["tendered", "204/00"],
    ]);
    expect(plan(body)?.stops).to.deep.equal([
      {
        id: "LOAD7/S5-1",
        sequence: 1,
        kind: "pickup",
        place: {
          name: "MILL",
          postal_code: "60601",
          city: "CHICAGO",
          country: "US",
          zone: "America/Chicago",
        },
        window_start: { at: "2026-07-10T13:00:00Z", zone: "America/Chicago", precision: "minute" },
        window_end: { at: "2026-07-10T17:00:00Z", zone: "America/Chicago", precision: "minute" },
      },
      {
        id: "LOAD7/S5-2",
        sequence: 2,
        kind: "delivery",
        place: {
          name: "STORE",
          postal_code: "07102",
          city: "NEWARK",
          country: "US",
          zone: "America/New_York",
        },
        planned_arrival: {
          at: "2026-07-11T13:00:00Z",
          zone: "America/New_York",
          precision: "minute",
        },
      },
    ]);
    expect(plan(body)?.declares).to.deep.include({ type: "bol", value: "B1" });
  });

  it("a cancellation cancels and plans nothing", () => {
    expect(milestonesOf(tender("01", ...STOPS)).map(({ code }) => code)).to.deep.equal([
      "cancelled",
    ]);
    expect(plan(tender("01", ...STOPS))).to.equal(undefined);
  });

  for (const purpose of ["04", "05"]) {
    it(`${purpose} is a newer version of the same plan, not another tender`, () => {
      const body = tender(purpose, ...STOPS);
      expect(milestonesOf(body)).to.deep.equal([]);
      expect(plan(body)?.source_event).to.equal(plan(tender("00", ...STOPS))?.source_event);
    });
  }

  for (const [code, kind] of [
    ["CL", "pickup"],
    ["LD", "pickup"],
    ["PL", "pickup"],
    ["PA", "pickup"],
    ["CU", "delivery"],
    ["UL", "delivery"],
    ["PU", "delivery"],
    ["DT", "delivery"],
  ] as const) {
    it(`a stop ${code} is a ${kind}`, () => {
      expect(plan(tender("00", `S5*1*${code}`))?.stops[0]?.kind).to.equal(kind);
    });
  }

  for (const [qualifier, member] of [
    ["10", "planned_arrival"],
    ["02", "planned_arrival"],
    ["68", "planned_arrival"],
    ["69", "planned_arrival"],
    ["70", "planned_arrival"],
    ["77", "planned_arrival"],
    ["78", "planned_arrival"],
    ["37", "window_start"],
    ["53", "window_start"],
    ["38", "window_end"],
    ["54", "window_end"],
  ] as const) {
    it(`a date ${qualifier} is ${member}`, () => {
      const stop = plan(tender("00", "S5*1*CL", `G62*${qualifier}*20260710**0800*UT`))?.stops[0];
      expect(stop?.[member]?.at).to.equal("2026-07-10T08:00:00Z");
    });
  }

  it("a scheduled time counts more than a requested one, whatever their order", () => {
    const both = ["G62*69*20260710*U*0900*UT", "G62*10*20260710*Y*0800*UT"];
    for (const order of [both, both.toReversed()]) {
      expect(plan(tender("00", "S5*1*CL", ...order))?.stops[0]?.planned_arrival?.at).to.equal(
        "2026-07-10T09:00:00Z",
      );
    }
  });

  it("takes no date of an order in the stop for the stop's", () => {
    const order = ["G62*69*20260710*U*0900*UT", "OID*1*PO9", "G62*69*20260701*U*0900*UT"];
    const [stop] = plan(tender("00", "S5*1*CL", ...order))?.stops ?? [];
    expect(stop?.planned_arrival?.at).to.equal("2026-07-10T09:00:00Z");
  });

  it("reads a container with its check digit; a trailer is no name of the load", () => {
    const n7 = (initial: string) => `N7*${initial}*913109*8880*G*3880******CN*****A*K*6`;
    expect(plan(tender("00", n7("MSKU"), ...STOPS))?.identifiers).to.deep.include({
      type: "container",
      value: "MSKU9131096",
    });
    const trailer = plan(tender("00", "N7**53001", ...STOPS));
    expect(trailer?.identifiers.map(({ type }) => type)).to.not.include("container");
  });

  it("faults are findings: no purpose, no stops, a stop without number or twice", () => {
    expect(findingCodes(readX12(tender("77", ...STOPS)))).to.deep.equal(["unmapped_code"]);
    expect(findingCodes(readX12(tender("00")))).to.include("missing_segment");
    expect(findingCodes(readX12(tender("00", "S5**CL", ...STOPS)))).to.deep.equal([
      "bad_stop_number",
    ]);
    expect(findingCodes(readX12(tender("00", "S5*2*CL", ...STOPS)))).to.deep.equal([
      "repeated_stop",
    ]);
    expect(findingCodes(readX12(tender("00", "S5*1*ZZ")))).to.deep.equal(["unmapped_code"]);
  });
});

const ORDER: TransportOrder = transportOrder.parse({
  id: "6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d10",
  consignment_id: "6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d11",
  shipment: "MP/00042",
  sales_orders: ["S00017"],
  transfers: ["WH/OUT/00009"],
  customer_references: ["PO-4711", "a reference that is longer than thirty characters"],
  shipper: { name: "Müller * Söhne" },
  consignee: { name: "Acme" },
  stops: [
    {
      id: "6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d12",
      sequence: 1,
      kind: "pickup",
      place: {
        name: "Mill",
        street: "1 River Rd",
        city: "Chicago",
        postal_code: "60601",
        country: "US",
        zone: "America/Chicago",
      },
      window_start: "2026-07-10T13:00:00Z",
      window_end: "2026-07-10T17:00:00Z",
      party: { name: "Dock 4", phone: "+1 312 555 0100" },
    },
    {
      id: "6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d13",
      sequence: 2,
      kind: "delivery",
      place: { name: "Store", city: "Newark", country: "US", zone: "America/New_York" },
      window_start: "2026-11-01T06:30:00Z",
    },
  ],
  goods: [
    {
      id: "6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d14",
      description: "Flour",
      quantity: "100",
      unit: "bags",
      weight_kg: "2500.5",
    },
  ],
  note: "Call before * arrival",
});

const SETTINGS = x12Source.settings.parse({
  interchange: { sender: "SHIPPER", receiver: "CARRIER" },
  carrier_scac: "SCAC",
  outbound_folder: "in",
});

async function sent(
  settings = SETTINGS,
  order = ORDER,
  purpose: OrderPurpose = "original",
): Promise<PeerRequest[]> {
  const requests: PeerRequest[] = [];
  const peer = {
    request: (request: PeerRequest) => {
      requests.push(request);
      return Promise.resolve({ status: 201, headers: {}, body: Buffer.alloc(0) });
    },
  };
  const outgoing = { purpose, order, key: "key", number: 17, attempt: 1 };
  const receipt = await x12Source.sendOrder?.(peer, outgoing, settings, AbortSignal.timeout(1000));
  expect(receipt).to.deep.equal({
    result: "accepted",
    identifiers: [
      { type: "shipment_id", value: order.shipment },
      { type: "entity", value: "SM/17" },
    ],
  });
  return requests;
}

async function refusal(step: () => Promise<unknown>): Promise<MilepostError> {
  try {
    await step();
  } catch (error) {
    if (error instanceof MilepostError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("x12: 204 out", () => {
  it("puts the order as a file that is the same on each try, but for the time of writing", async () => {
    const [first] = await sent();
    expect(first).to.include({ method: "PUT", path: "in/204_MP_00042_000000017.edi" });
    const timeless = (request: PeerRequest | undefined) =>
      String(request?.body)
        .replace(/\*\d{6}\*\d{4}\*U/, "")
        .replace(/\*\d{8}\*\d{4}\*17/, "");
    expect(timeless((await sent())[0])).to.equal(timeless(first));
    expect(String(first?.body)).to.include("*000000017*0*P*>~").and.include("IEA*1*000000017~");
  });

  it("tells a change as a replacement or a change, as the partner wants it, and a cancellation", async () => {
    const b2a = async (purpose: OrderPurpose, order_change: "replace" | "change" = "replace") => {
      const [request] = await sent({ ...SETTINGS, order_change }, ORDER, purpose);
      const lines = String(request?.body).split("\n");
      expect(lines.some((it) => it.startsWith(`B2**SCAC**${ORDER.shipment}*`))).to.equal(true);
      return lines.find((it) => it.startsWith("B2A"))?.split("*")[1];
    };
    expect(await b2a("original", "change")).to.equal("00");
    expect(await b2a("cancellation")).to.equal("01");
    expect(await b2a("change", "change")).to.equal("04");
    expect(await b2a("change")).to.equal("05");
  });

  it("writes the standard's segments", async () => {
    const [request] = await sent();
    const lines = String(request?.body).replaceAll("~", "").split("\n").slice(3, -4);
    expect(lines).to.deep.equal([
      "B2**SCAC**MP/00042**PP",
      "B2A*00*LT",
      "L11*MP/00042*SI",
      "L11*S00017*SO",
      "L11*WH/OUT/00009*DO",
      "L11*PO-4711*CR",
      "NTE*GEN*Call before arrival",
      "NTE*GEN*REF CR a reference that is longer than thirty characters",
      "N1*SH*Muller Sohne",
      "N1*CN*Acme",
      "S5*1*CL",
      "G62*37*20260710*I*0800*LT",
      "G62*38*20260710*K*1200*LT",
      "N1*SF*Dock 4",
      "N3*1 River Rd",
      "N4*Chicago**60601*US",
      "G61*IC*Dock 4*TE*+1 312 555 0100",
      "L5*1*100 bags Flour",
      "AT8*G*K*2500.5*100",
      "S5*2*CU",
      "G62*53*20261101*G*0630*UT",
      "N1*ST*Store",
      "N4*Newark***US",
      "L3*2500.5*G",
    ]);
  });

  it("reads back as the order that was sent: stops, windows and number", async () => {
    const [request] = await sent();
    const read = plan(String(request?.body));
    expect(read?.identifiers).to.deep.include({ type: "shipment", value: "MP/00042" });
    expect(read?.stops.map(({ sequence, kind }) => [sequence, kind])).to.deep.equal([
      [1, "pickup"],
      [2, "delivery"],
    ]);
    expect(read?.stops[1]?.window_start?.at).to.equal(ORDER.stops[1]?.window_start);
  });

  for (const [purpose, code] of [
    ["original", "00"],
    ["cancellation", "01"],
    ["change", "04"],
    ["replace", "05"],
  ] as const) {
    it(`writes a ${purpose} as B2A ${code}`, () => {
      expect(composeOrder(ORDER, purpose, undefined).segments[1]).to.deep.equal([
        "B2A",
        code,
        "LT",
      ]);
    });
  }

  it("what a carrier accepts, it accepts under our number", async () => {
    const interchangeOut = interchangeType.parse({ sender: "CARRIER", receiver: "SHIPPER" });
    const [b2] = composeOrder(ORDER, "original", "SCAC").segments;
    const answer = {
      type: "990",
      segments: [["B1", "SCAC", b2?.[4] as string, "20260711", "A"] as const],
    };
    const head = {
      interchange: interchangeOut,
      control: 1,
      made: new Date("2026-07-11T12:00:00Z"),
    };
    const [fact] = milestonesOf(writeInterchange(head, [{ functionalId: "GF", sets: [answer] }]));
    expect(fact?.identifiers).to.deep.include({ type: "shipment", value: ORDER.shipment });
  });

  it("pauses while nobody said who sends to whom", async () => {
    const error = await refusal(() => sent(x12Source.settings.parse({})));
    expect(error).to.include({ code: "x12_not_configured", retry: "pause" });
  });

  it("refuses an order that a 204 cannot carry, for ever", async () => {
    const [first, second] = ORDER.stops;
    for (const order of [
      { ...ORDER, shipment: "x".repeat(31) },
      { ...ORDER, shipment: "A*B" },
      { ...ORDER, stops: [first, { ...second, sequence: 1 }] as TransportOrder["stops"] },
      { ...ORDER, stops: [first, { ...second, sequence: 1000 }] as TransportOrder["stops"] },
    ]) {
      const error = await refusal(() => sent(SETTINGS, order));
      expect(error.retry).to.equal("never");
    }
  });
});
