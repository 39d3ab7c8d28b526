import { expect } from "chai";
import type { ProofOfDelivery } from "../../../bridge/canonical/fact.ts";
import { findingCodes, interchange, readX12 } from "./samples.ts";

type Proof = Omit<ProofOfDelivery, "key" | "message">;

const advice = (...segments: string[]) =>
  interchange("861", [["BRA*GR1001*20260711*00*1", ...segments]], { functionalId: "RC" });
const stock = (...segments: string[]) =>
  interchange("944", [["W17*F*20260711*WR77*SO0042*SHIP1", ...segments]], { functionalId: "RE" });

function proofOf(body: string): Proof {
  const [fact] = readX12(body).facts.map((it) => it.fact);
  expect(fact?.kind).to.equal("proof_of_delivery");
  return fact as Proof;
}

const counted = ({ quantities = [] }: Proof) =>
  quantities.map(({ outcome, quantity, unit, goods }) => [outcome, quantity, unit, goods]);

describe("x12: 861, the customer's receiving advice", () => {
  it("is a proof of delivery with what came, of the shipment that it names", () => {
    const body = advice(
      "REF*SI*SHIP1",
      "REF*BM*BL7",
      "PRF*PO9",
      "DTM*050*20260710*1430*LT",
      "N1*ST*STORE 1",
      "N4*DENVER*CO*80201*US",
      "RCD*1*10*EA",
      "LIN*1*BP*B-1*VN*CHAIR",
      "PID*F****OFFICE CHAIR",
    );
    expect(findingCodes(readX12(body))).to.deep.equal([]);
    expect(proofOf(body)).to.deep.include({
      identifiers: [
        { type: "shipment", value: "SHIP1" },
        { type: "shipment_id", value: "SHIP1" },
        { type: "bol", value: "BL7" },
        { type: "po", value: "PO9" },
      ],
      source_event: "861|GR1001",
      version: "2026-07-11T12:00:00Z",
      stop: { kind: "delivery" },
      delivered: { at: "2026-07-10T20:30:00Z", zone: "America/Denver", precision: "minute" },
      remark: "861 GR1001",
      quantities: [
        {
          goods: "CHAIR",
          description: "OFFICE CHAIR",
          quantity: "10",
          unit: "EA",
          outcome: "accepted",
        },
      ],
    });
  });

  it("counts what is damaged, short, too many or sent back by its condition", () => {
    const line = "RCD*1*10*EA*1*EA*2*EA*01*3*EA*02*1*EA*03";
    expect(counted(proofOf(advice("REF*SI*SHIP1", line)))).to.deep.equal([
      ["accepted", "7", "EA", undefined],
      ["refused", "1", "EA", undefined],
      ["accepted_damaged", "2", "EA", undefined],
      ["short", "3", "EA", undefined],
      ["over", "1", "EA", undefined],
    ]);
  });

  it("adds up to what was shipped, whichever way the customer counts", () => {
    // Ten shipped: of eight that came two are damaged, or eight came well beside two damaged ones.
    const all = proofOf(advice("REF*SI*SHIP1", "RCD*1*10*EA***2*EA*01", "SN1*1*10*EA"));
    expect(counted(all).map(([outcome, n]) => [outcome, n])).to.deep.equal([
      ["accepted", "8"],
      ["accepted_damaged", "2"],
    ]);
    const good = proofOf(advice("REF*SI*SHIP1", "RCD*1*8*EA***2*EA*01", "SN1*1*10*EA"));
    expect(counted(good)).to.deep.equal(counted(all));
    const missing = proofOf(advice("REF*SI*SHIP1", "RCD*1*7*EA", "SN1*1*10*EA"));
    expect(counted(missing).map(([outcome, n]) => [outcome, n])).to.deep.equal([
      ["accepted", "7"],
      ["short", "3"],
    ]);
  });

  it("compares nothing in other units", () => {
    const proof = proofOf(advice("REF*SI*SHIP1", "RCD*1*2*CA", "SN1*1*24*EA"));
    expect(counted(proof)).to.deep.equal([["accepted", "2", "CA", undefined]]);
  });

  it("is withdrawn by a cancellation of the same number", () => {
    const body = interchange("861", [["BRA*GR1001*20260711*01*1", "REF*SI*SHIP1", "RCD*1*10*EA"]]);
    expect(readX12(body).facts[0]?.fact).to.deep.include({
      kind: "retraction",
      target: { source_event: "861|GR1001" },
    });
  });

  for (const [what, segments, code] of [
    ["names no shipment", ["RCD*1*10*EA"], "no_identifier"],
    ["counts nothing", ["REF*SI*SHIP1"], "no_quantity"],
    ["has a quantity that is no number", ["REF*SI*SHIP1", "RCD*1*1O*EA"], "bad_quantity"],
    ["questions more than came", ["REF*SI*SHIP1", "RCD*1*1*EA***2*EA*01"], "bad_quantity"],
    ["has a condition that nobody knows", ["REF*SI*S", "RCD*1*9*EA***2*EA*77"], "unmapped_code"],
  ] as const) {
    it(`says when it ${what}`, () => {
      expect(findingCodes(readX12(advice(...segments)))).to.include(code);
    });
  }
});

describe("x12: 944, the warehouse's receipt advice", () => {
  it("is a proof of delivery by our own numbers, with the exceptions of each line", () => {
    const proof = proofOf(
      stock(
        "N1*WH*WAREHOUSE",
        "N4*RENO*NV*89501*US",
        "N9*BM*BL7",
        "W07*10*EA**VN*CHAIR",
        "G69*OFFICE CHAIR",
        "W13*2*EA*01",
        "W07*5*EA**VN*TABLE",
        "W14*15*15*2",
      ),
    );
    expect(proof.identifiers).to.deep.equal([
      { type: "shipment", value: "SHIP1" },
      { type: "shipment_id", value: "SHIP1" },
      { type: "shipment", value: "SO0042" },
      { type: "customer_ref", value: "SO0042" },
      { type: "bol", value: "BL7" },
    ]);
    expect(proof.delivered).to.include({ zone: "America/Los_Angeles", precision: "date" });
    expect(counted(proof)).to.deep.equal([
      ["accepted", "8", "EA", "CHAIR"],
      ["accepted_damaged", "2", "EA", "CHAIR"],
      ["accepted", "5", "EA", "TABLE"],
    ]);
    expect(proof.source_event).to.equal("944|WR77");
  });

  it("without its first segment is rejected", () => {
    expect(findingCodes(readX12(interchange("944", [["W07*1*EA"]])))).to.deep.equal([
      "missing_segment",
    ]);
  });
});
