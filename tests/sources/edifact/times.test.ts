import { expect } from "chai";
import { codes, factsOf, iftsta, read, said } from "./made.ts";

/** The instant of an event in Hamburg, or elsewhere, told by one DTM or more. */
function occurred(
  dtms: string | readonly string[],
  place = "LOC+7+DEHAM:139:6",
  more: object = {},
) {
  const list = typeof dtms === "string" ? [dtms] : dtms;
  const event = ["STS+1+21", ...list.map((it) => `DTM+334:${it}`), place].filter((it) => it !== "");
  const reading = read(iftsta(...event), more);
  const [milestone] = factsOf(reading, "milestone");
  const { at, precision, zone } = milestone?.occurred ?? {};
  return { at, precision, zone, codes: codes(reading) };
}

describe("edifact: times", () => {
  const BERLIN = "Europe/Berlin";
  const NINE = { at: "2024-01-10T09:00:00Z", precision: "minute", zone: BERLIN, codes: [] };

  it("are read in every format of 2379 that names a day", () => {
    for (const value of [
      "202401101000:203",
      "2401101000:201",
      "100120241000:5",
      "20240110T1000:10",
      "202401101000:",
      "20240110\r\n1000:203",
    ]) {
      expect(occurred(value), value).to.deep.equal(NINE);
    }
    expect(occurred("20240110100005:204").at).to.equal("2024-01-10T09:00:05Z");
    expect(occurred("240110100005:202").at).to.equal("2024-01-10T09:00:05Z");
    const day = { at: "2024-01-09T23:00:00Z", precision: "date", zone: BERLIN, codes: [] };
    for (const value of [
      "20240110:102",
      "240110:101",
      "100124:2",
      "011024:3",
      "10012024:4",
      "24010:105",
    ]) {
      expect(occurred(value), value).to.deep.equal(day);
    }
  });

  it("with a zone of their own are in that zone: by offset, Z or name", () => {
    for (const [value, at] of [
      ["202401100930+01:303", "2024-01-10T08:30:00Z"],
      ["202401100930?+01:303", "2024-01-10T08:30:00Z"],
      ["202401100930?+0100:303", "2024-01-10T08:30:00Z"],
      ["202401100930-0530:205", "2024-01-10T15:00:00Z"],
      ["202401100930Z:303", "2024-01-10T09:30:00Z"],
      ["202401100930UTC:303", "2024-01-10T09:30:00Z"],
      ["20240110093015GMT:304", "2024-01-10T09:30:15Z"],
      ["2401100930CET:301", "2024-01-10T08:30:00Z"],
      ["202407100930MES:303", "2024-07-10T07:30:00Z"],
      ["202401100930EST:303", "2024-01-10T14:30:00Z"],
    ] as const) {
      expect(occurred(value, ""), value).to.deep.include({ at, codes: [] });
    }
  });

  it("of a standard zone are the clock on the wall of a place of that zone, in summer too", () => {
    expect(occurred("202407100930CET:303").at).to.equal("2024-07-10T07:30:00Z");
    expect(occurred("202407100930CET:303", "").at).to.equal("2024-07-10T08:30:00Z");
    // Shown twice on the wall: the name says that it is the second.
    const twice = occurred("202410270230CET:303");
    expect(twice).to.deep.include({ at: "2024-10-27T01:30:00Z", codes: [] });
  });

  it("of a name that two regions share follow the place, and are told where it says nothing", () => {
    expect(occurred("202401100930CST:303", "LOC+7+CNSHA:139:6").at).to.equal(
      "2024-01-10T01:30:00Z",
    );
    expect(occurred("202401100930CST:303", "LOC+7+USCHI:139:6").at).to.equal(
      "2024-01-10T15:30:00Z",
    );
    expect(occurred("202401100930CST:303").codes).to.deep.equal(["unknown_time_zone"]);
    expect(occurred("202401100930QQQ:303").codes).to.deep.equal(["unknown_time_zone"]);
  });

  it("0000 are not known and 2400 end their day, as in X12", () => {
    const unknown = { at: "2024-01-09T23:00:00Z", precision: "date" };
    expect(occurred("202401100000:203")).to.deep.include(unknown);
    expect(occurred("20240110000000:204")).to.deep.include(unknown);
    expect(occurred("202401100000:203", undefined, { midnight: "midnight" })).to.deep.include({
      at: "2024-01-09T23:00:00Z",
      precision: "minute",
    });
    const next = { at: "2024-01-10T23:00:00Z", precision: "minute", codes: [] };
    expect(occurred("202401102400:203")).to.deep.include(next);
  });

  it("without a time that can be are a day, and say so; without a day the event is refused", () => {
    const odd = occurred("202401102575:203");
    expect(odd).to.deep.include({ precision: "date", codes: ["unreadable_time"] });
    for (const value of ["20240230:102", "2024:602", "202402:616", "5:804", "1415:401", "x:203"]) {
      const reading = read(iftsta("STS+1+21", `DTM+334:${value}`, "LOC+7+DEHAM"));
      expect(reading.facts, value).to.deep.equal([]);
      expect(said(reading), value).to.deep.equal(["error unreadable_time DTM6/1"]);
    }
  });

  it("that stand beside their day in a DTM of their own are read with it, and told", () => {
    for (const time of ["1415:401", "141500:402", "141500CET:404"]) {
      const whole = occurred(["20240110:102", time]);
      expect(whole, time).to.deep.include({ at: "2024-01-10T13:15:00Z", codes: ["time_apart"] });
    }
    expect(occurred(["1415:401", "20240110:102"]).at).to.equal("2024-01-10T13:15:00Z");
  });

  it("of a period are its end, and told", () => {
    for (const [value, at, precision] of [
      ["2024010920240110:718", "2024-01-09T23:00:00Z", "date"],
      ["20240109-20240110:711", "2024-01-09T23:00:00Z", "date"],
      ["240109240110:717", "2024-01-09T23:00:00Z", "date"],
      ["202401090800202401101000:719", "2024-01-10T09:00:00Z", "minute"],
      ["24010908002401101000:713", "2024-01-10T09:00:00Z", "minute"],
    ] as const) {
      expect(occurred(value), value).to.deep.include({ at, precision, codes: ["period_end"] });
    }
  });

  it("that are missing are those of the message, and the event is the same in a later message", () => {
    const text = iftsta("STS+1+21", "LOC+7+DEHAM:139:6");
    const reading = read(text);
    const [first] = factsOf(reading, "milestone");
    expect(first?.occurred).to.deep.equal({
      at: "2024-07-10T15:00:00Z",
      precision: "date",
      zone_inferred: true,
    });
    expect(said(reading)).to.deep.equal(["warning time_of_message STS5"]);
    const [later] = factsOf(read(text.replace("240710:1500", "240711:0900")), "milestone");
    expect(later?.source_event).to.equal(first?.source_event);
  });

  it("of an event that nothing reads are told", () => {
    const text = iftsta(
      "STS+1+21",
      "DTM+334:202401101000:203",
      "DTM+300:20240111:102",
      "LOC+7+DEHAM",
    );
    expect(said(read(text))).to.deep.equal(["warning time_not_read DTM7/1"]);
  });

  it("ahead of the message's arrival are flagged, and no message is made after it came", () => {
    expect(occurred("209901101000:203").codes).to.deep.equal(["ahead_of_receipt"]);
    const future = iftsta("STS+1+21", "DTM+334:202401101000:203", "LOC+7+DEHAM").replace(
      "BGM+23+D1+9'",
      "BGM+23+D1+9'DTM+137:209907101200:203'",
    );
    const reading = read(future);
    expect(codes(reading)).to.include("message_time");
    expect(factsOf(reading, "milestone")[0]?.recorded_at).to.equal("2024-07-10T15:00:00Z");
  });

  it("of forecasts are estimated, of timetables planned", () => {
    const of = (qualifier: string) =>
      factsOf(read(iftsta("STS+1+31", `DTM+${qualifier}:202401101000:203`)), "milestone")[0]
        ?.classifier;
    for (const qualifier of ["132", "133", "17", "191"])
      expect(of(qualifier)).to.equal("estimated");
    for (const qualifier of ["232", "189"]) expect(of(qualifier)).to.equal("planned");
    for (const qualifier of ["334", "78", "35", "178", "186", "200", "143", "310", "50"]) {
      expect(of(qualifier), qualifier).to.equal("actual");
    }
  });
});
