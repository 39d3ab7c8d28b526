import { expect } from "chai";
import { codes, factsOf, iftsta, interchange, read } from "./made.ts";

const TIME = "DTM+334:202407101000:203";

/** The first event's place and its instant in UTC. */
function at(loc: string, status = "STS+1+21") {
  const [milestone] = factsOf(read(iftsta(status, TIME, loc)), "milestone");
  return { ...milestone?.place, utc: milestone?.occurred.at.slice(11, 16) };
}

/** The names of an event's shipment. */
const names = (...segments: string[]) => {
  const text = interchange(
    "IFTSTA:D:96A:UN",
    "BGM+23+D1+9",
    ...segments,
    "CNI+1",
    "STS+1+21",
    TIME,
  );
  const [milestone] = factsOf(read(text), "milestone");
  return milestone?.identifiers.map(({ type, value }) => `${type}=${value}`) ?? [];
};

describe("edifact: places", () => {
  it("are read from the code and the name of each component", () => {
    for (const loc of [
      "LOC+14+:::STUTTGART+:::DE",
      "LOC+14+:::STUTTGART+DE:162",
      "LOC+14+:::STUTTGART+DEU:162:5",
      "LOC+14+:::STUTTGART+:::GERMANY",
      "LOC+14+STUTTGART+DE",
    ]) {
      expect(at(loc), loc).to.deep.include({ name: "STUTTGART", country: "DE", utc: "08:00" });
    }
    expect(at("LOC+14+DEHAM:139:6:Hamburg")).to.deep.include({ unlocode: "DEHAM", utc: "08:00" });
    expect(at("LOC+14+DE:162")).to.deep.include({ country: "DE", utc: "08:00" });
    expect(at("LOC+14+:::DE")).to.deep.include({ country: "DE", utc: "08:00" });
  });

  it("tell their state in either related place or behind the name", () => {
    for (const loc of [
      "LOC+14+:::GARY+US:162+IN:163",
      "LOC+14+:::GARY+IN:163+US:162",
      "LOC+14+:::GARY+:::US+:::IN",
      "LOC+14+USZZ:139::GARY, IN, US",
    ]) {
      expect(at(loc), loc).to.deep.include({ country: "US", utc: "14:00" });
    }
  });

  it("do not take a depot's or a terminal's code for a UN/LOCODE, a state or a country", () => {
    expect(at("LOC+14+DEHAM:72:306")).to.deep.equal({ name: "DEHAM", utc: "10:00" });
    expect(at("LOC+14+DEHAM:139:6+CAN:72:306")).to.deep.include({ country: "DE", utc: "08:00" });
  });

  it("of an event without its own are the end of the route where the status happens", () => {
    const route = ["CNI+1+SHP1", "LOC+9+USNYC:139:6", "LOC+7+DEHAM:139:6"];
    const of = (status: string) => {
      const text = interchange("IFTSTA:D:96A:UN", "BGM+23+D1+9", ...route, `STS+1+${status}`, TIME);
      const [milestone] = factsOf(read(text), "milestone");
      return `${milestone?.code} ${milestone?.place?.unlocode}`;
    };
    expect(of("24")).to.equal("departed_terminal USNYC");
    expect(of("21")).to.equal("delivered DEHAM");
    // On the way it was at neither.
    expect(of("20")).to.equal("delayed undefined");
  });
});

describe("edifact: names", () => {
  it("are what the list of 1153 calls them", () => {
    for (const [reference, name] of [
      ["AWB:020-12345675", "mawb=020-12345675"],
      ["AWB:02012345675", "mawb=020-12345675"],
      ["AWB:HAWB77", "hawb=HAWB77"],
      ["MWB:020 12345675", "mawb=020-12345675"],
      ["HWB:H1", "hawb=H1"],
      ["BH:HBL777", "bol=HBL777"],
      ["AAM:W1", "bol=W1"],
      ["AAS:T1", "bol=T1"],
      ["CMR:C1", "bol=C1"],
      ["MB:M1", "mbol=M1"],
      ["AAJ:D1", "delivery_order=D1"],
      ["FN:F1", "pro=F1"],
      ["AAQ:MSKU 123456-7", "container=MSKU1234567"],
      ["VN:S1", "customer_ref=S1"],
    ]) {
      expect(names(`RFF+${reference}`), reference).to.deep.equal([name]);
    }
  });

  it("are none where the reference names the forwarder or something that nobody knows", () => {
    const text = interchange(
      "IFTSTA:D:96A:UN",
      "BGM+23+D1+9",
      "RFF+AHY:FWD900",
      "CNI+1+S1",
      "STS+1+21",
      TIME,
    );
    expect(factsOf(read(text), "milestone")[0]?.identifiers.map((it) => it.value)).not.to.include(
      "FWD900",
    );
    expect(codes(read(text.replace("AHY", "QQQ")))).to.include("reference_not_read");
  });

  it("of packages in a range are all of it, or its ends with a word on the rest", () => {
    const event = (range: string) =>
      iftsta("STS+1+21", TIME, "GID+1+1:CT", "PCI+33E", `GIN+BJ+${range}`);
    const sscc = (range: string) =>
      factsOf(read(event(range)), "milestone")[0]?.identifiers.flatMap(({ type, value }) =>
        type === "sscc" ? [value] : [],
      );
    const four = [
      "340123450000000017",
      "340123450000000024",
      "340123450000000031",
      "340123450000000048",
    ];
    expect(sscc(`${four[0]}:${four[3]}`)).to.deep.equal(four);
    expect(sscc(`${four[0]}+${four[2]}:${four[3]}`)).to.deep.equal([four[0], four[2], four[3]]);
    const wide = `${four[0]}:340123450000099994`;
    expect(sscc(wide)).to.deep.equal(wide.split(":"));
    expect(codes(read(event(wide)))).to.include("range_not_read");
    expect(codes(read(event("1:4")))).to.include("range_not_read");
    expect(codes(read(event(`${four[0]}:${four[3]}`)))).not.to.include("range_not_read");
  });
});

describe("edifact: segments that nobody reads", () => {
  it("are told, each once a message", () => {
    const text = iftsta("STS+1+21", TIME, "XYZ+1", "XYZ+2", "MEA+WT");
    expect(codes(read(text)).filter((it) => it === "segment_not_read")).to.have.length(1);
  });
});
