import { expect } from "chai";
import {
  type OrderPurpose,
  type TransportOrder,
  transportOrder,
} from "../../../bridge/canonical/transport_order.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { decode, segments } from "../../../bridge/sources/edifact/segments.ts";
import { writeInsdes } from "../../../bridge/sources/edifact/insdes.ts";
import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import type { PeerRequest } from "../../../bridge/sources/source.ts";
import { factsOf, interchange, read } from "./made.ts";

const uuid = (n: number) => `6f1b7c1e-5a40-4c3f-9f0f-2b7a3f6c1d${n}`;
const SSCC = ["340123450000001000", "340123450000001017"];

const ORDER: TransportOrder = transportOrder.parse({
  id: uuid(10),
  consignment_id: uuid(11),
  shipment: "MP/00042",
  sales_orders: ["S00017"],
  transfers: ["WH/OUT/00009"],
  customer_references: ["a reference that is longer than thirty-five characters", "PO-4711"],
  shipper: { name: "Müller + Söhne", reference: "4012345000009" },
  consignee: { name: "Acme" },
  stops: [
    {
      id: uuid(12),
      sequence: 1,
      kind: "pickup",
      place: { name: "Lager Nord", city: "Hamburg", postal_code: "20457", country: "DE" },
      window_end: "2026-07-09T22:30:00Z",
      party: { name: "Lager Nord", reference: "HH1" },
    },
    {
      id: uuid(13),
      sequence: 2,
      kind: "delivery",
      place: { name: "Store", street: "5 High Street", city: "London", country: "GB" },
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
      lots: ["L1", "L2", "L3", "L4", "L5", "L6"],
    },
    { id: uuid(15), description: "Varnish", product_code: "VARN", quantity: "2.5", unit: "cans" },
  ],
  packages: SSCC.map((sscc) => ({
    reference: sscc,
    sscc,
    contents: [{ goods: uuid(14), quantity: "2", unit: "Units" }],
  })),
  weight_kg: "32.5",
  service: "Express",
  note: "Wrap well",
});

const NOW = new Date("2026-07-08T08:00:00Z");
const settingsOf = (release: string, more: object = {}) =>
  edifactSource.settings.parse({
    interchange: { sender: "US", receiver: "WAREHOUSE", release },
    ...{ order_message: "INSDES", units: { cans: "CA" }, ...more },
  });

function written(order: TransportOrder, purpose: OrderPurpose = "original", release = "96A") {
  const outgoing = { order, purpose, number: 7, attempt: 1 };
  const body = writeInsdes(outgoing, settingsOf(release), NOW);
  expect([...segments(decode(body))].every(({ fault }) => fault === undefined)).to.equal(true);
  return body
    .toString("latin1")
    .split("\r\n")
    .filter((it) => it !== "");
}

describe("edifact: INSDES, our order to a warehouse", () => {
  it("tells what to pick, in which lots and packages, for whom and when", () => {
    expect(written(ORDER)).to.deep.equal([
      "UNB+UNOC:3+US+WAREHOUSE+260708:0800+000000007'",
      "UNH+1+INSDES:D:96A:EN:EAN001'",
      "BGM+80E::9+MP/00042+9'",
      "DTM+137:202607080800:203'",
      "DTM+2:202607141800:203'", // by the clock of London
      "DTM+10:202607100030:203'", // by the clock of Hamburg, where it is the next day
      "FTX+TRA+++Express'",
      "FTX+DEL+++Wrap well'",
      "RFF+CU:MP/00042'",
      "RFF+ON:PO-4711'",
      "RFF+AAU:WH/OUT/00009'",
      "NAD+OB+4012345000009::9++Müller ?+ Söhne'",
      "NAD+DP+++Store+5 High Street+London+++GB'",
      "NAD+LSP+HH1::91++Lager Nord++Hamburg++20457+DE'",
      "LIN+1'",
      "PIA+5+CHAIR:SA::91'",
      "PIA+1+L1:NB::91+L2:NB::91+L3:NB::91+L4:NB::91+L5:NB::91'",
      "PIA+1+L6:NB::91'",
      "IMD+F++:::Oak chair'",
      "QTY+113:4:PCE'",
      `GIN+BJ+${SSCC[0]}+${SSCC[1]}'`,
      "LIN+2'",
      "PIA+5+VARN:SA::91'",
      "IMD+F++:::Varnish'",
      "QTY+113:2.5:CA'",
      "UNS+S'",
      "CNT+2:2'",
      "CNT+11:2'",
      "CNT+7:32.5:KGM'",
      "UNT+29+1'",
      "UNZ+1+000000007'",
    ]);
  });

  it("is EANCOM 2002 in D.01B, and no other directory is taken", () => {
    const [, unh, bgm] = written(ORDER, "original", "01B");
    expect([unh, bgm]).to.deep.equal(["UNH+1+INSDES:D:01B:UN:EAN003'", "BGM+350+MP/00042+9'"]);
    expect(() => settingsOf("98A")).to.throw("96A or 01B");
    expect(() => settingsOf("98A", { order_message: "IFTMIN" })).not.to.throw();
  });

  it("replaces by a change and cancels, each with the number that is meant", () => {
    const [changed, cancelled] = [written(ORDER, "change"), written(ORDER, "cancellation")];
    expect(changed).to.include("BGM+80E::9+MP/00042+5'").and.include("RFF+IDR:MP/00042'");
    expect(cancelled).to.include("BGM+80E::9+MP/00042+1'").and.include("RFF+IDR:MP/00042'");
  });

  it("tells a long instruction whole", () => {
    const note = Array.from({ length: 400 }, (_, at) => String.fromCharCode(97 + (at % 26)));
    const texts = written({ ...ORDER, note: note.join("") }).filter((it) => it.includes("+DEL+"));
    const told = texts.map((it) => it.replace(/^FTX\+DEL\+\+\+|[':]/g, "")).join("");
    expect(texts).to.have.length(2);
    expect(told).to.equal(note.join(""));
  });

  it("is refused where a warehouse could only guess", () => {
    const [first, second] = ORDER.goods;
    const [pickup, delivery] = ORDER.stops;
    const cases: Array<[Partial<TransportOrder>, string]> = [
      [{ goods: [{ ...first!, unit: "Pallets" }] }, "/goods/0/unit"],
      [{ goods: [first!, { ...second!, product_code: undefined }] }, "/goods/1/product_code"],
      [{ stops: [pickup!, delivery!, { ...delivery!, sequence: 3 }] }, "/stops"],
      [{ shipment: "M".repeat(36) }, "/shipment"],
    ];
    for (const [other, path] of cases) {
      const write = () => written({ ...ORDER, ...other });
      expect(write)
        .to.throw(MilepostError)
        .that.includes({ code: "edifact_order", retry: "never", path });
    }
  });

  it("leaves as a file of its own, and its CONTRL and DESADV find the shipment", async () => {
    const sent: PeerRequest[] = [];
    const request = (it: PeerRequest) => {
      sent.push(it);
      return Promise.resolve({ status: 201, headers: {}, body: Buffer.alloc(0) });
    };
    const outgoing = {
      purpose: "original",
      order: ORDER,
      key: "k",
      number: 7,
      attempt: 1,
    } as const;
    const { signal } = new AbortController();
    const receipt = await edifactSource.sendOrder!(
      { request },
      outgoing,
      settingsOf("96A"),
      signal,
    );
    expect(sent.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      "PUT /insdes-000000007.edi",
    ]);
    const contrl = interchange("CONTRL:D:3:UN", "UCI+7+US+THEM+7", "UCM+1+INSDES:D:96A:EN+7");
    const [told] = factsOf(read(contrl), "milestone");
    expect(told).to.have.property("code", "tendered");
    expect(receipt).to.deep.include({ result: "accepted", identifiers: told?.identifiers });
    const advice = interchange("DESADV:D:96A:UN", "BGM+351+D7+9", "RFF+CU:MP/00042", "CPS+1");
    const [loading] = factsOf(read(advice), "milestone");
    expect(loading?.identifiers).to.deep.include({ type: "shipment", value: "MP/00042" });
  });
});
