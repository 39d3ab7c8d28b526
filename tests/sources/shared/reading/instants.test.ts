import { expect } from "chai";
import fc from "fast-check";
import { Settings } from "luxon";
import { instant as instantType } from "../../../../bridge/canonical/values.ts";
import {
  type InstantRules,
  readInstant,
} from "../../../../bridge/sources/shared/reading/instants.ts";

const CHICAGO: InstantRules = { zone: "America/Chicago" };

describe("a partner's date text", () => {
  it("keeps the offset that it came with", () => {
    expect(readInstant("2026-11-23T09:00:00+01:00", CHICAGO)).to.deep.equal({
      instant: { at: "2026-11-23T08:00:00Z", zone: "+01:00", precision: "second" },
    });
    expect(readInstant("2026-11-23T08:00Z", CHICAGO)).to.deep.equal({
      instant: { at: "2026-11-23T08:00:00Z", zone: "UTC", precision: "minute" },
    });
    expect(readInstant("2026-11-23 13:30:00.123 +0530", CHICAGO).instant).to.include({
      at: "2026-11-23T08:00:00Z",
      zone: "+05:30",
    });
  });

  it("is wall-clock time in the zone of the place when it has no offset, and says so", () => {
    expect(readInstant("2026-07-01T08:00:00", CHICAGO)).to.deep.equal({
      instant: {
        at: "2026-07-01T13:00:00Z",
        zone: "America/Chicago",
        precision: "second",
        zone_inferred: true,
      },
    });
    expect(
      readInstant("2026-07-01T08:00:00", { ...CHICAGO, zoneStated: true }).instant,
    ).not.to.have.property("zone_inferred");
  });

  it("is a day when it names no time, or midnight in a forecast", () => {
    expect(readInstant("2026-07-01", CHICAGO).instant).to.include({
      at: "2026-07-01T05:00:00Z",
      precision: "date",
    });
    const midnight = readInstant("2026-07-01T00:00:00Z", { ...CHICAGO, midnightIsDate: true });
    expect(midnight.instant).to.include({ at: "2026-07-01T00:00:00Z", precision: "date" });
    expect(readInstant("2026-07-01T00:00:00Z", CHICAGO).instant).to.include({
      precision: "second",
    });
  });

  it("tells of a time that the clocks skipped", () => {
    const read = readInstant("2026-03-08T02:30:00", CHICAGO);
    expect(read.trouble).to.equal("skipped_time");
    expect(read.instant?.at).to.equal("2026-03-08T08:30:00Z");
  });

  it("tells of a time that the clocks showed twice, and takes the first", () => {
    const read = readInstant("2026-11-01T01:30:00", CHICAGO);
    expect(read.trouble).to.equal("repeated_time");
    expect(read.instant?.at).to.equal("2026-11-01T06:30:00Z");
  });

  it("is the same instant whatever day it is read on", () => {
    const now = Settings.now;
    try {
      const reads = ["2026-01-15T00:00:00Z", "2026-07-15T00:00:00Z"].map((today) => {
        Settings.now = () => Date.parse(today);
        return ["2026-11-01T01:30:00", "2026-03-08T02:30:00"].map((text) =>
          readInstant(text, CHICAGO),
        );
      });
      expect(reads[0]).to.deep.equal(reads[1]);
    } finally {
      Settings.now = now;
    }
  });

  it("drops an offset that is known to be wrong", () => {
    const read = readInstant("2026-07-01T08:00:00.000Z", { ...CHICAGO, ignoreOffset: true });
    expect(read.instant?.at).to.equal("2026-07-01T13:00:00Z");
  });

  it("is nothing when it is no day of the calendar", () => {
    for (const text of [
      "2026-02-30T08:00:00Z",
      "20020148",
      "yesterday",
      "2026-01-01T25:00:00Z",
      "",
      "0000-00-00",
    ]) {
      expect(readInstant(text, CHICAGO), text).to.deep.equal({ trouble: "unreadable_time" });
    }
  });

  it("is a canonical instant whatever it was, and never throws (property)", () => {
    const zones = fc.constantFrom(
      "UTC",
      "America/Chicago",
      "Europe/Berlin",
      "Asia/Kolkata",
      "+08:30",
    );
    const dates = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    const texts = fc.oneof(
      fc.string(),
      dates,
      dates.map((text) => text.slice(0, 19)),
      fc.tuple(dates, fc.string({ maxLength: 6 })).map(([a, b]) => a.slice(0, 16) + b),
    );
    fc.assert(
      fc.property(texts, zones, fc.boolean(), (text, zone, midnightIsDate) => {
        const { instant } = readInstant(text, { zone, midnightIsDate });
        if (instant !== undefined)
          expect(instantType.safeParse(instant).error?.issues).to.equal(undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
