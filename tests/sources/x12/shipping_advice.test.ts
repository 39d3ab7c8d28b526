import { expect } from "chai";
import { findingCodes, interchange, readX12 } from "./samples.ts";

const advice = (...segments: string[]) =>
  interchange("945", [["W06*F*SO0042*20260710*SHIP1**PO9", ...segments]], { functionalId: "SW" });

const factsOf = (body: string) => readX12(body).facts.map(({ fact }) => fact);

describe("x12: 945, the warehouse's shipping advice", () => {
  it("is the loading of our order, with what was shipped", () => {
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
      loaded: {
        goods: [
          { goods: "CHAIR", quantity: "10", ordered: "10", unit: "EA" },
          { goods: "TABLE", quantity: "3", ordered: "5", unit: "EA" },
        ],
      },
      identifiers: [
        { type: "shipment", value: "SHIP1" },
        { type: "shipment_id", value: "SHIP1" },
        { type: "shipment", value: "SO0042" },
        { type: "customer_ref", value: "SO0042" },
        { type: "po", value: "PO9" },
      ],
    });
  });

  it("tells lines, lots and descriptions by the package that they are in", () => {
    const [fact] = factsOf(
      advice(
        ...["LX*1", "MAN*GM*00340123450000001000"],
        ...["W12*CC*4*4*0*EA*012345678905*VN*CHAIR", "G69*OAK CHAIR", "N9*LT*L-7", "N9*LT*L-8"],
        ...["LX*2", "MAN*CP*1Z9999W99999999999", "W12*CC**6**EA**UP*012345678905"],
        // Two packages in one unit: nobody says which of them the line is in.
        ...["LX*3", "MAN*GM*00340123450000001001", "MAN*GM*00340123450000001002"],
        "W12*CC*1*1**EA*012345678905",
      ),
    );
    expect(fact)
      .to.have.property("loaded")
      .that.deep.equals({
        goods: [
          {
            goods: "CHAIR",
            description: "OAK CHAIR",
            quantity: "4",
            ordered: "4",
            unit: "EA",
            lots: ["L-7", "L-8"],
            package: "340123450000001000",
          },
          { goods: "012345678905", quantity: "6", unit: "EA", package: "1Z9999W99999999999" },
          { goods: "012345678905", quantity: "1", ordered: "1", unit: "EA" },
        ],
        packages: [
          { reference: "340123450000001000", sscc: "340123450000001000" },
          { reference: "1Z9999W99999999999" },
          { reference: "340123450000001001", sscc: "340123450000001001" },
          { reference: "340123450000001002", sscc: "340123450000001002" },
        ],
      });
  });

  it("says a quantity that is none, and counts nothing of its line", () => {
    const reading = readX12(advice("N1*SF*W", "N4*RENO*NV**US", "W12*CC*5*FIVE**EA**VN*TABLE"));
    expect(findingCodes(reading)).to.deep.equal(["bad_quantity"]);
    expect(reading.facts[0]?.fact).not.to.have.property("loaded");
  });

  it("says which line is more than was ordered", () => {
    const reading = readX12(advice("N1*SF*W", "N4*RENO*NV**US", "W12*CC*5*6**EA**VN*TABLE"));
    expect(findingCodes(reading)).to.deep.equal(["over_shipped"]);
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

  it("is one advice for each part of a shipment, and the same when it is corrected", () => {
    const events = (w06: string, ...more: string[]) => {
      const set = [
        [`W06*F*SO0042*${w06}`, ...more, "W12*CC*5*5**EA**VN*TABLE", "MAN*GM*00340123450000001000"],
      ];
      return factsOf(interchange("945", set)).map((it) => it.source_event);
    };
    const [loading, names] = events("20260710*SHIP1*PICK-1");
    expect(names).not.to.equal(loading);
    // Each part of one day.
    const others = [
      events("20260710*SHIP1*PICK-2"),
      events("20260710*SHIP1***MASTER*1"),
      events("20260710*SHIP1***MASTER*2"),
      events("20260710*SHIP1", "N9*BM*BL7"),
      events("20260710*SHIP1", "N9*BM*BL8"),
      events("20260710*SHIP1"),
      events("20260711*SHIP1"),
    ].flat();
    expect(new Set([loading, names, ...others]).size).to.equal(2 + others.length);
    // Corrected, the time of leaving, too.
    expect(events("20260711*SHIP1*PICK-1")).to.deep.equal([loading, names]);
    expect(events("20260711*SHIP1", "N9*BM*BL7")).to.deep.equal(others.slice(6, 8));
    expect(events("20260710*SHIP1")).to.deep.equal(others.slice(10, 12));
  });

  it("without a number of ours or its first segment is an error", () => {
    const nameless = interchange("945", [["W06*F**20260710"]]);
    expect(findingCodes(readX12(nameless))).to.deep.equal(["no_identifier"]);
    expect(findingCodes(readX12(interchange("945", [["W12*CC*1*1"]])))).to.deep.equal([
      "missing_segment",
    ]);
  });
});
