import { expect } from "chai";
import { readTime, type TimeRules } from "../../../bridge/sources/x12/times.ts";
import { readDay } from "../../../bridge/sources/shared/reading/wall_clock.ts";
import { zoneOfPlace } from "../../../bridge/sources/shared/reading/place_zone.ts";
import { readDegrees } from "../../../bridge/sources/x12/geography.ts";

const RULES: TimeRules = { zone: "UTC", standardTime: "wall_clock", midnight: "unknown" };
const at = (state: string, country = "US"): TimeRules => ({
  ...RULES,
  place: zoneOfPlace({ country, state }),
});

function instant(date: string, time: string | undefined, code?: string, rules = RULES) {
  return readTime(date, time, code, rules).instant;
}

function troubles(date: string, time: string | undefined, code?: string, rules = RULES) {
  return readTime(date, time, code, rules).troubles.map((it) => it.code);
}

describe("x12: times", () => {
  it("LT is the clock at the event's place", () => {
    expect(instant("20260710", "0800", "LT", at("IL"))).to.deep.equal({
      at: "2026-07-10T13:00:00Z",
      zone: "America/Chicago",
      precision: "minute",
    });
  });

  it("LT in a state with two zones takes the likelier and calls it inferred", () => {
    expect(instant("20260710", "0800", "LT", at("TX"))?.zone_inferred).to.equal(true);
  });

  it("LT at an unknown place takes the connection's zone, inferred, and says so", () => {
    const rules = { ...RULES, zone: "America/Denver" };
    expect(instant("20260710", "0800", "LT", rules)).to.include({
      at: "2026-07-10T14:00:00Z",
      zone_inferred: true,
    });
    expect(troubles("20260710", "0800", "LT", rules)).to.deep.equal(["zone_unknown"]);
  });

  it("a standard-time code names one of the times that the clocks skip or show twice", () => {
    // Newark, the nights of 10 March and 3 November 2024.
    expect(instant("20241103", "0130", "ES", at("NJ"))).to.include({
      at: "2024-11-03T06:30:00Z",
      zone: "-05:00",
    });
    expect(troubles("20241103", "0130", "ES", at("NJ"))).to.deep.equal([]);
    expect(instant("20240310", "0230", "ES", at("NJ"))?.at).to.equal("2024-03-10T07:30:00Z");
    expect(troubles("20240310", "0230", "ES", at("NJ"))).to.deep.equal([]);
    // The daylight code names the first, local time and the clocks' own code neither.
    expect(instant("20241103", "0130", "ED", at("NJ"))?.at).to.equal("2024-11-03T05:30:00Z");
    for (const code of ["LT", "ET", undefined]) {
      expect(troubles("20241103", "0130", code, at("NJ"))).to.deep.equal(["repeated_time"]);
    }
    for (const [code, state, utc] of [
      ["CS", "IL", "2024-11-03T07:30:00Z"],
      ["MS", "CO", "2024-11-03T08:30:00Z"],
      ["PS", "CA", "2024-11-03T09:30:00Z"],
      ["AS", "AK", "2024-11-03T10:30:00Z"],
    ] as const) {
      expect(instant("20241103", "0130", code, at(state))?.at, code).to.equal(utc);
    }
    expect(instant("20241103", "0130", "TS", at("NS", "CA"))?.at).to.equal("2024-11-03T05:30:00Z");
    expect(instant("20241103", "0130", "NS", at("NL", "CA"))?.at).to.equal("2024-11-03T05:00:00Z");
  });

  it("a missing code is local time at the stop, inferred", () => {
    expect(instant("20260710", "0800", undefined, at("IL"))).to.include({
      at: "2026-07-10T13:00:00Z",
      zone_inferred: true,
    });
  });

  it("an unknown code is read as missing, and said", () => {
    expect(instant("20260710", "0800", "QQ", at("IL"))?.at).to.equal("2026-07-10T13:00:00Z");
    expect(troubles("20260710", "0800", "QQ", at("IL"))).to.deep.equal(["unknown_time_code"]);
    expect(troubles("20260710", "0800", "25", at("IL"))).to.deep.equal(["unknown_time_code"]);
    expect(troubles("20260710", "0800", "00", at("IL"))).to.deep.equal(["unknown_time_code"]);
  });

  for (const code of ["UT", "GM"]) {
    it(`${code} is UTC wherever the stop is`, () => {
      expect(instant("20260710", "0800", code, at("IL"))).to.deep.equal({
        at: "2026-07-10T08:00:00Z",
        zone: "UTC",
        precision: "minute",
      });
    });
  }

  const FIXED: ReadonlyArray<readonly [string, string]> = [
    ["ES", "-05:00"],
    ["ED", "-04:00"],
    ["CS", "-06:00"],
    ["CD", "-05:00"],
    ["MS", "-07:00"],
    ["MD", "-06:00"],
    ["PS", "-08:00"],
    ["PD", "-07:00"],
    ["AS", "-09:00"],
    ["AD", "-08:00"],
    ["HS", "-10:00"],
    ["HD", "-09:00"],
    ["NS", "-03:30"],
    ["ND", "-02:30"],
    ["TS", "-04:00"],
    ["TD", "-03:00"],
    ["01", "+01:00"],
    ["05", "+05:00"],
    ["12", "+12:00"],
    ["13", "-12:00"],
    ["20", "-05:00"],
    ["24", "-01:00"],
  ];
  for (const [code, zone] of FIXED) {
    it(`${code} without a place is the fixed offset ${zone}`, () => {
      expect(instant("20260710", "0800", code)).to.deep.equal({
        at: new Date(`2026-07-10T08:00:00${zone}`).toISOString().replace(".000", ""),
        zone,
        precision: "minute",
      });
    });
  }

  for (const [code, zone] of [
    ["ET", "America/New_York"],
    ["CT", "America/Chicago"],
    ["MT", "America/Denver"],
    ["PT", "America/Los_Angeles"],
    ["AT", "America/Anchorage"],
    ["HT", "Pacific/Honolulu"],
    ["NT", "America/St_Johns"],
    ["TT", "America/Halifax"],
  ] as const) {
    it(`${code} follows the clocks of ${zone}`, () => {
      expect(instant("20260710", "0800", code)?.zone).to.equal(zone);
    });
  }

  it("MT in Arizona and CT in Saskatchewan follow clocks that are never put forward", () => {
    expect(instant("20260710", "0800", "MT", at("AZ"))?.at).to.equal("2026-07-10T15:00:00Z");
    expect(instant("20260710", "0800", "CT", at("SK", "CA"))?.at).to.equal("2026-07-10T14:00:00Z");
  });

  it("standard time in summer is the wall clock where the stop is of the family", () => {
    expect(instant("20260710", "0800", "CS", at("IL"))).to.include({
      at: "2026-07-10T13:00:00Z",
      zone: "America/Chicago",
    });
    expect(instant("20260710", "0800", "ES", at("IL"))?.at).to.equal("2026-07-10T13:00:00Z");
    expect(instant("20260710", "0800", "PS", at("IL"))?.at).to.equal("2026-07-10T16:00:00Z");
  });

  it("standard time is taken by the book for a partner who is configured so", () => {
    const strict = { ...at("IL"), standardTime: "as_coded" } as const;
    expect(instant("20260710", "0800", "CS", strict)).to.include({
      at: "2026-07-10T14:00:00Z",
      zone: "-06:00",
    });
  });

  it("0000 is an unknown time: the date alone, in the stop's zone", () => {
    expect(instant("20260710", "0000", "LT", at("IL"))).to.deep.equal({
      at: "2026-07-10T05:00:00Z",
      zone: "America/Chicago",
      precision: "date",
    });
    expect(instant("20260710", "000000", "LT", at("IL"))?.precision).to.equal("date");
    expect(instant("20260710", undefined, "LT", at("IL"))?.precision).to.equal("date");
    const midnight = { ...at("IL"), midnight: "midnight" } as const;
    expect(instant("20260710", "0000", "LT", midnight)?.precision).to.equal("minute");
  });

  it("reads seconds, tenths and hundredths", () => {
    expect(instant("20260710", "16000000", "UT")).to.include({
      at: "2026-07-10T16:00:00Z",
      precision: "second",
    });
    expect(instant("20260710", "1600305", "UT")?.at).to.equal("2026-07-10T16:00:30Z");
    expect(instant("20260710", "235959", "UT")?.at).to.equal("2026-07-10T23:59:59Z");
  });

  it("2400 is the end of the day", () => {
    expect(instant("20260731", "2400", "UT")).to.include({
      at: "2026-08-01T00:00:00Z",
      precision: "minute",
    });
  });

  it("keeps the date of a time that cannot be, and says so", () => {
    for (const time of ["2401", "0960", "123", "12:30", "09306", "abcd"]) {
      expect(instant("20260710", time, "UT")?.precision, time).to.equal("date");
      expect(troubles("20260710", time, "UT")).to.deep.equal(["unreadable_time"]);
    }
  });

  it("a time that the clocks skip in spring is read an hour later, and said", () => {
    expect(instant("20260308", "0230", "LT", at("NY"))?.at).to.equal("2026-03-08T07:30:00Z");
    expect(troubles("20260308", "0230", "LT", at("NY"))).to.deep.equal(["skipped_time"]);
    expect(troubles("20260308", "0230", "ES")).to.deep.equal([]);
  });

  it("a time that the clocks show twice in autumn is read as the first, and said", () => {
    expect(instant("20261101", "0130", "ET")?.at).to.equal("2026-11-01T05:30:00Z");
    expect(troubles("20261101", "0130", "ET")).to.deep.equal(["repeated_time"]);
    expect(instant("20261101", "0130", "ES")?.at).to.equal("2026-11-01T06:30:00Z");
    expect(instant("20261101", "0130", "ED")?.at).to.equal("2026-11-01T05:30:00Z");
  });

  it("reads six-digit dates of old versions", () => {
    expect(readDay("260710")).to.equal("2026-07-10");
    expect(readDay("990131")).to.equal("1999-01-31");
  });

  it("refuses what is no day of the calendar", () => {
    for (const date of [
      "20020148",
      "20260230",
      "20261301",
      "2026-07-10",
      "00000000",
      "19000101",
      "2026071",
    ]) {
      expect(readDay(date), date).to.equal(undefined);
      expect(troubles(date, "0800")).to.deep.equal(["unreadable_date"]);
    }
  });
});

describe("x12: positions", () => {
  it("reads degrees, minutes and seconds", () => {
    expect(readDegrees("0874236", "W", "W")).to.equal(-87.71);
    expect(readDegrees("415230", "N", "S")).to.equal(41.875);
  });

  it("applies a sign and a direction once", () => {
    expect(readDegrees("-100.51", "W", "W")).to.equal(-100.51);
    expect(readDegrees("100.51", "W", "W")).to.equal(-100.51);
    expect(readDegrees("-33.9", undefined, "S")).to.equal(-33.9);
  });

  it("refuses angles that cannot be", () => {
    for (const text of ["1806000", "0876099", "abc", "12345.5", "91"]) {
      expect(readDegrees(text, "S", "S"), text).to.equal(undefined);
    }
  });
});
