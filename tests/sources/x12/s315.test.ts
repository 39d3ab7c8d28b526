import { expect } from "chai";
import { fixture, findingCodes, interchange, milestonesOf, readX12 } from "./samples.ts";

const B4 = (code: string, load = "L") =>
  `B4***${code}*20260711*0800**MSKU*123456*${load}*45G1*DEHAM*UN*5`;
const told = (...segments: string[]) => interchange("315", [segments], { functionalId: "QO" });

describe("x12: 315", () => {
  for (const [code, milestone] of [
    ["VA", "arrived_terminal"],
    ["VD", "departed_terminal"],
    ["AE", "loaded"],
    ["UV", "arrived_terminal"],
    ["AL", "loaded"],
    ["RL", "departed_terminal"],
    ["AR", "arrived_terminal"],
    ["UR", "arrived_terminal"],
    ["I", "arrived_terminal"],
    ["OA", "departed_terminal"],
    ["AF", "picked_up"],
    ["AM", "loaded"],
    ["AV", "available"],
    ["X1", "arrived_delivery"],
    ["D", "delivered"],
    ["CT", "customs_released"],
    ["CU", "customs_released"],
    ["PA", "customs_hold"],
  ] as const) {
    it(`${code} of a laden container is ${milestone}`, () => {
      expect(milestonesOf(told(B4(code)))[0]).to.include({
        code: milestone,
        raw_code: `315/${code}`,
      });
    });
  }

  it("an empty container's gate move is no step of the goods, a vessel's arrival is", () => {
    expect(milestonesOf(told(B4("OA", "E")))[0]).to.not.have.property("code");
    expect(findingCodes(readX12(told(B4("OA", "E"))))).to.deep.equal(["container_only"]);
    expect(findingCodes(readX12(told(B4("RD"))))).to.deep.equal(["container_only"]);
    expect(milestonesOf(told(B4("VA", "E")))[0]?.code).to.equal("arrived_terminal");
  });

  it("keeps an unknown code as unmapped", () => {
    expect(milestonesOf(told(B4("ZZ")))[0]).to.not.have.property("code");
    expect(findingCodes(readX12(told(B4("ZZ"))))).to.deep.equal(["unmapped_code"]);
  });

  it("reads the container with its check digit, and local time at the port", () => {
    const [fact] = milestonesOf(told(B4("VA"), "N9*BM*B1", "N9*BN*K1", "N9*SN*S1"));
    expect(fact?.identifiers).to.deep.equal([
      { type: "container", value: "MSKU1234565" },
      { type: "bol", value: "B1" },
      { type: "booking", value: "K1" },
      { type: "seal", value: "S1" },
    ]);
    expect(fact?.occurred).to.include({ at: "2026-07-11T06:00:00Z", zone: "Europe/Berlin" });
  });

  it("reads the route's dates: 140 actual, 139 estimated, and not the event twice", () => {
    const facts = milestonesOf(
      told(
        B4("VA"),
        "R4*L*UN*SGSIN*SINGAPORE*SG",
        "DTM*140*20260610*0900*LT",
        "R4*D*UN*DEHAM*HAMBURG*DE",
        "DTM*140*20260711*0800*LT",
        "R4*E*UN*DEMUC*MUENCHEN*DE",
        "DTM*139*20260713*1000*LT",
      ),
    );
    expect(
      facts.map(({ code, classifier, raw_code, stop }) => [code, classifier, raw_code, stop?.kind]),
    ).to.deep.equal([
      ["arrived_terminal", "actual", "315/VA", "terminal"],
      ["departed_terminal", "actual", "315/R4-L/140", "terminal"],
      ["eta_updated", "estimated", "315/R4-E/139", "delivery"],
    ]);
    expect(facts[2]?.occurred.at).to.equal("2026-07-13T08:00:00Z");
  });

  it("a date of another kind is kept as unmapped", () => {
    const body = told(B4("VA"), "R4*M*UN*SGSIN*SINGAPORE*SG", "DTM*AAA*20260610*0900*LT");
    expect(findingCodes(readX12(body))).to.deep.equal(["unmapped_code"]);
    expect(milestonesOf(body)).to.have.length(2);
  });

  it("without B4, status or container is an error finding", () => {
    for (const segments of [
      ["N9*BM*1"],
      ["B4****20260711*0800**MSKU*123456*L"],
      ["B4***VA*20260711*0800"],
    ]) {
      const reading = readX12(told(...segments));
      expect(reading.facts).to.deep.equal([]);
      expect(reading.findings.map(({ severity }) => severity)).to.include("error");
    }
  });

  it("reads the unloading in Manzanillo with the ship's whole route", () => {
    const facts = milestonesOf(fixture("apimeister_315_3.edi"));
    expect(facts.map(({ raw_code, place }) => `${raw_code} ${place?.unlocode}`)).to.deep.equal([
      "315/UV MXZLO",
      "315/R4-L/140 KRPUS",
      "315/R4-D/140 MXZLO",
      "315/R4-E/139 MXQRO",
    ]);
  });
});
