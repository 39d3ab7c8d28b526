import { expect } from "chai";
import { findingCodes, interchange, readX12 } from "./samples.ts";

const advice = (...segments: string[]) =>
  interchange("945", [["W06*F*SO0042*20260710*SHIP1**PO9", ...segments]], { functionalId: "SW" });

const factsOf = (body: string) => readX12(body).facts.map(({ fact }) => fact);

describe("x12: 945, the warehouse's shipping advice", () => {
  it("is the loading of our order, with what was shipped in words", () => {
    const [fact] = factsOf(
      advice(
        "N1*WH*WAREHOUSE",
        "N4*RENO*NV*89501*US",
        "G62*11*20260710*8*1430*LT",
        "LX*1",
        "W12*CC*10*10*0*EA**VN*CHAIR",
        "W12*CP*5*3*2*EA**VN*TABLE",
        "W03*13*200*LB",
      ),
    );
    expect(fact).to.deep.include({
      kind: "milestone",
      code: "loaded",
      classifier: "actual",
      occurred: { at: "2026-07-10T21:30:00Z", zone: "America/Los_Angeles", precision: "minute" },
      stop: { kind: "pickup" },
      raw_code: "945",
      raw_text: "shipped 10 EA CHAIR, 3 of 5 EA TABLE",
      identifiers: [
        { type: "shipment", value: "SHIP1" },
        { type: "shipment_id", value: "SHIP1" },
        { type: "shipment", value: "SO0042" },
        { type: "customer_ref", value: "SO0042" },
        { type: "po", value: "PO9" },
      ],
    });
  });

  it("says which line is short", () => {
    const reading = readX12(advice("N1*SF*W", "N4*RENO*NV**US", "W12*CP*5*3*2*EA**VN*TABLE"));
    expect(reading.findings).to.deep.equal([
      {
        severity: "warning",
        code: "short_shipped",
        path: "ISA1/GS1/ST1/W12-03",
        text: "3 of 5 EA TABLE were shipped",
      },
    ]);
  });

  it("makes the packages names of the shipment, however many they are", () => {
    const marks = Array.from({ length: 60 }, (_, n) => `MAN*GM*0034012345000000${1000 + n}`);
    const plan = factsOf(advice(...marks, "N9*BM*BL7")).find(({ kind }) => kind === "itinerary");
    expect(plan).to.have.property("stops").that.deep.equals([]);
    const declares = plan?.kind === "itinerary" ? (plan.declares ?? []) : [];
    expect(declares.filter(({ type }) => type === "sscc")).to.have.length(60);
    expect(declares).to.deep.include({ type: "sscc", value: "340123450000001059" });
    expect(declares).to.deep.include({ type: "bol", value: "BL7" });
    const many = Array.from({ length: 300 }, (_, n) => `MAN*GM*0034012345000000${1000 + n}`);
    expect(findingCodes(readX12(advice(...many)))).to.include("identifiers_cut");
  });

  it("without a number of ours or its first segment is an error", () => {
    const nameless = interchange("945", [["W06*F**20260710"]]);
    expect(findingCodes(readX12(nameless))).to.deep.equal(["no_identifier"]);
    expect(findingCodes(readX12(interchange("945", [["W12*CC*1*1"]])))).to.deep.equal([
      "missing_segment",
    ]);
  });
});
