import { expect } from "chai";
import { fixture, findingCodes, interchange, milestonesOf, readX12 } from "./samples.ts";

const B4 = (code: string, load = "L") =>
  `B4***${code}*20260711*0800**MSKU*123456*${load}*45G1*DEHAM*UN*5`;
const told = (...segments: string[]) => interchange("315", [segments], { functionalId: "QO" });

describe("x12: 315", () => {
  /** Element 157 by what it means. */
  const TABLE: ReadonlyArray<readonly [milestone: string, codes: string, classifier?: string]> = [
    ["booked", "BF"],
    ["tender_accepted", "XB"],
    ["cancelled", "CA"],
    ["arrived_pickup", "X3 X8"],
    ["loaded", "AE AO AP AL AM L"],
    ["picked_up", "AF"],
    ["in_transit", "X6"],
    ["arrived_terminal", "VA UV AR UR A R CD CO X4 I"],
    ["departed_terminal", "VD RL P J OA"],
    ["delayed", "SD"],
    ["customs_hold", "PA PB PC PD PE PF PG PH PI PJ PK PL PM PN PO PP PQ PR PS PT PU PV PW PX"],
    ["customs_hold", "K A1 C1 C2"],
    ["customs_released", "CT CU A2 HR"],
    ["available", "AV AU"],
    ["last_free_day", "NF", "planned"],
    ["last_free_day", "FT"],
    ["out_for_delivery", "AJ"],
    ["delivery_attempted", "AH 2"],
    ["arrived_delivery", "X1 X5 S"],
    ["delivered", "D"],
    ["returned", "3"],
    ["eta_updated", "AG BD X2 E BE", "estimated"],
    ["departed_terminal", "C", "estimated"],
    ["appointment_set", "AA XA AD X9", "planned"],
  ];
  for (const [milestone, codes, classifier = "actual"] of TABLE) {
    it(`${codes} of a laden container are ${milestone}, ${classifier}`, () => {
      for (const code of codes.split(" ")) {
        expect(milestonesOf(told(B4(code)))[0], code).to.include({
          code: milestone,
          classifier,
          raw_code: `315/${code}`,
        });
      }
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

  describe("the place of the event", () => {
    const event = (b411: string, kind: string) =>
      `B4***VA*20240710*0915**MSKU*123456*L*22G1*${b411}*${kind}*7`;
    const LOS_ANGELES = ["R4*D*UN*USLAX*LOS ANGELES*US***CA", "DTM*140*20240710*0915*LT"];
    const only = (...segments: string[]) => {
      const facts = milestonesOf(told(...segments));
      expect(facts.map(({ raw_code }) => raw_code)).to.deep.equal(["315/VA"]);
      return facts[0];
    };

    it("is the port whose name stands in B411", () => {
      expect(only(event("LOS ANGELES", "CI"), "N9*BM*BL77", ...LOS_ANGELES)).to.deep.include({
        occurred: { at: "2024-07-10T16:15:00Z", zone: "America/Los_Angeles", precision: "minute" },
        place: {
          name: "LOS ANGELES",
          country: "US",
          unlocode: "USLAX",
          zone: "America/Los_Angeles",
        },
      });
    });

    it("is the port named in B406 where B411 says nothing", () => {
      const b4 = "B4***VA*20240710*0915*USLAX*MSKU*123456*L*22G1***7";
      expect(only(b4, ...LOS_ANGELES)?.place?.unlocode).to.equal("USLAX");
      expect(only(b4)?.place?.unlocode).to.equal("USLAX");
    });

    it("is the port with the same date where no name fits", () => {
      const elsewhere = ["R4*L*UN*SGSIN*SINGAPORE*SG", "DTM*139*20240610*0900*LT"];
      const facts = milestonesOf(told(event("LAX01", "ZZ"), ...elsewhere, ...LOS_ANGELES));
      expect(facts.map(({ raw_code }) => raw_code)).to.deep.equal(["315/VA", "315/R4-L/139"]);
      expect(facts[0]?.place?.unlocode).to.equal("USLAX");
    });

    it("takes the state of the port in R408", () => {
      const fact = only(
        event("USRIC", "UN"),
        "R4*D*UN*USRIC*RICHMOND*US***VA",
        "DTM*140*20240710*0915*LT",
      );
      expect(fact?.occurred).to.include({ at: "2024-07-10T13:15:00Z", zone: "America/New_York" });
    });

    it("takes the clock that the port's date names, not another of its own", () => {
      const utc = ["R4*D*UN*USLAX*LOS ANGELES*US***CA", "DTM*140*20240710*0915*UT"];
      expect(only(event("USLAX", "UN"), ...utc)?.occurred.at).to.equal("2024-07-10T09:15:00Z");
    });

    it("is no country of the first letters of a name that is called a UN/LOCODE", () => {
      const [fact] = milestonesOf(told(event("NEW YORK", "UN")));
      expect(fact?.place).to.deep.equal({ city: "NEW YORK" });
      expect(fact?.occurred).to.include({ zone: "UTC", zone_inferred: true });
    });
  });

  it("reads further statuses in SG, but not B4's own again", () => {
    const facts = milestonesOf(
      told(B4("VA"), "SG*VA***20260711*0800*LT", "SG*PA***20260712*0900*UT"),
    );
    expect(facts.map(({ raw_code, occurred }) => [raw_code, occurred.at])).to.deep.equal([
      ["315/VA", "2026-07-11T06:00:00Z"],
      ["315/PA", "2026-07-12T09:00:00Z"],
    ]);
  });

  it("a container number with its check digit keeps it once", () => {
    const fact = milestonesOf(told("B4***OA*20260711*0800**MSKU*1234565*L*22G1*DEHAM*UN*5"))[0];
    expect(fact?.identifiers[0]).to.deep.equal({ type: "container", value: "MSKU1234565" });
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
