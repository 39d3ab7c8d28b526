import { expect } from "chai";
import { codes, factsOf, interchange, read } from "./made.ts";

const HEAD = ["DTM+11:202407091430:203", "RFF+CU:SHP1", "NAD+SF+++Store++Hamburg+++DE"];

/** A despatch advice of some packing units. */
const advice = (lines: readonly string[], more: { bgm?: string; head?: readonly string[] } = {}) =>
  read(
    interchange("DESADV:D:96A:UN", more.bgm ?? "BGM+351+D7+9", ...(more.head ?? HEAD), ...lines),
  );

describe("edifact: a despatch advice (DESADV)", () => {
  it("is the loading by the shipper's clock, with lines, lots and packages", () => {
    const reading = advice([
      ...["CPS+1", "PAC+2++201", "CPS+2+1", "PAC+1++CT", "PCI+33E", "GIN+BJ+00340123450000001000"],
      ...["LIN+1++4006381333931:EN", "PIA+1+CHAIR:SA+L-7:NB", "IMD+F++:::Oak chair"],
      ...["QTY+12:4:PCE", "QTY+21:5:PCE", "CPS+3+1", "PAC+1++CT", "GIN+BJ+340123450000001017"],
      ...["LIN+2++4006381333931:EN", "QTY+12:2:PCE", "CNT+2:2"],
    ]);
    const [loading] = factsOf(reading, "milestone");
    expect(loading).to.deep.include({
      code: "loaded",
      classifier: "actual",
      occurred: {
        at: "2024-07-09T12:30:00Z",
        zone: "Europe/Berlin",
        precision: "minute",
        zone_inferred: true,
      },
      stop: { kind: "pickup" },
      source_event: "DESADV|CARRIERX|D7",
      raw_code: "DESADV",
      raw_text: "shipped 4 of 5 PCE CHAIR, 2 PCE 4006381333931",
      loaded: {
        goods: [
          {
            goods: "CHAIR",
            description: "Oak chair",
            quantity: "4",
            ordered: "5",
            unit: "PCE",
            lots: ["L-7"],
            package: "340123450000001000",
          },
          { goods: "4006381333931", quantity: "2", unit: "PCE", package: "340123450000001017" },
        ],
        packages: [
          { reference: "340123450000001000", sscc: "340123450000001000" },
          { reference: "340123450000001017", sscc: "340123450000001017" },
        ],
      },
    });
    expect(codes(reading)).to.deep.equal(["short_shipped"]);
    const [plan] = factsOf(reading, "itinerary");
    expect(plan?.declares?.map(({ type, value }) => `${type}=${value}`)).to.include(
      "sscc=340123450000001017",
    );
  });

  it("takes the message's day where no despatch is dated", () => {
    const reading = advice(["LIN+1++A:IN", "QTY+12:1"], { head: ["RFF+CU:SHP1"] });
    expect(codes(reading)).to.deep.equal(["time_of_message"]);
    expect(factsOf(reading, "milestone")[0]?.occurred.precision).to.equal("date");
  });

  it("is withdrawn by a cancellation of the same number", () => {
    const [told] = factsOf(advice(["LIN+1++A:IN", "QTY+12:1"]), "milestone");
    const [withdrawn] = factsOf(advice([], { bgm: "BGM+351+D7+1" }), "retraction");
    expect(withdrawn?.target).to.deep.equal({ source_event: told?.source_event });
  });

  it("without a name, cut, or with a quantity that is none, says so", () => {
    const nameless = advice(["LIN+1++A:IN", "QTY+12:1"], { head: ["DTM+11:20240709:102"] });
    expect(codes(nameless)).to.include("no_reference");
    expect(codes(advice(["LIN+1++A:IN", "QTY+12:ONE:PCE"]))).to.include("bad_quantity");
  });
});
