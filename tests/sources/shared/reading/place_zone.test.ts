import { IANAZone } from "luxon";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { zoneOfPlace } from "../../../../bridge/sources/shared/reading/place_zone.ts";
import { zonedPlace } from "../../../../bridge/sources/shared/reading/places.ts";

describe("the zone of a place", () => {
  it("names only zones that the platform knows", () => {
    const file = new URL(
      "../../../../bridge/sources/shared/reading/place_zone.ts",
      import.meta.url,
    );
    const names = [...readFileSync(file, "utf8").matchAll(/=([A-Z][A-Za-z_/-]+)/g)].map(
      ([, name]) => name ?? "",
    );
    expect(names.length).to.be.greaterThan(300);
    expect(names.filter((name) => !IANAZone.isValidZone(name))).to.deep.equal([]);
  });

  it("knows provinces whose clocks differ from their neighbours'", () => {
    expect(zoneOfPlace({ country: "CA", state: "SK" })?.zone).to.equal("America/Regina");
    expect(zoneOfPlace({ country: "US", state: "AZ" })?.zone).to.equal("America/Phoenix");
    expect(zoneOfPlace({ country: "CA", state: "NL" })?.zone).to.equal("America/St_Johns");
  });

  it("takes a state or province without a country when only one country has it", () => {
    expect(zoneOfPlace({ state: "on" })?.zone).to.equal("America/Toronto");
    expect(zoneOfPlace({ state: "XX" })).to.equal(undefined);
  });

  it("does not call the zone certain where Mexico has a state of the same code", () => {
    // Nuevo León and Newfoundland, Baja California and British Columbia, Coahuila and Colorado …
    expect(zoneOfPlace({ state: "NL" })).to.deep.equal({
      zone: "America/Monterrey",
      certain: false,
    });
    expect(zoneOfPlace({ state: "BC" })).to.deep.equal({
      zone: "America/Vancouver",
      certain: false,
    });
    for (const state of ["CO", "MI", "MO"]) {
      expect(zoneOfPlace({ state })?.certain, state).to.equal(false);
      expect(zoneOfPlace({ state, country: "US" })?.certain, state).to.equal(true);
    }
    expect(zoneOfPlace({ country: "MX", state: "NL" })?.zone).to.equal("America/Monterrey");
    expect(zoneOfPlace({ country: "MX", state: "BC" })?.zone).to.equal("America/Tijuana");
    expect(zoneOfPlace({ state: "NJ" })?.certain).to.equal(true);
  });

  it("takes no state of a country that is not known, and no country of a name", () => {
    expect(zonedPlace({ state: "NJ", country: "Atlantis" }).zone).to.equal(undefined);
    // "NE" is no Niger here, "LA" no Laos.
    expect(zonedPlace({ unlocode: "NEW YORK" }).zone).to.equal(undefined);
    expect(zonedPlace({ unlocode: "LAREDO", state: "TX", country: "US" }).zone?.zone).to.equal(
      "America/Chicago",
    );
  });

  it("takes the zone that the sender names, when it is one", () => {
    expect(
      zonedPlace({ city: "Elko", state: "NV", country: "US", zone: "America/Boise" }).zone,
    ).to.deep.equal({ zone: "America/Boise", certain: true });
    expect(
      zonedPlace({ city: "Elko", state: "NV", country: "US", zone: "Mars" }).zone?.zone,
    ).to.equal("America/Los_Angeles");
  });

  it("does not call the zone certain where a border crosses the state or the country", () => {
    expect(zoneOfPlace({ country: "US", state: "TX" })?.certain).to.equal(false);
    expect(zoneOfPlace({ country: "US", state: "NJ" })?.certain).to.equal(true);
    expect(zoneOfPlace({ country: "BR" })?.certain).to.equal(false);
  });

  it("reads a UN/LOCODE: by itself, else by its country, else not at all", () => {
    expect(zoneOfPlace({ unlocode: "USLGB" })?.zone).to.equal("America/Los_Angeles");
    expect(zoneOfPlace({ unlocode: "DEHAM" })?.zone).to.equal("Europe/Berlin");
    expect(zoneOfPlace({ unlocode: "USZZZ" })).to.equal(undefined);
    expect(zoneOfPlace({ country: "US" })).to.equal(undefined);
  });
});
