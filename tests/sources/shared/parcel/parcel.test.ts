/* Over 300 lines: one table of codes, read through each source that shares it. */
import { expect } from "chai";
import type { UnkeyedMilestone } from "../../../../bridge/sources/shared/reading/reading.ts";
import { factKey } from "../../../../bridge/canonical/fact_key.ts";
import { aftershipSource } from "../../../../bridge/sources/aftership/source.ts";
import { easypostSource } from "../../../../bridge/sources/easypost/source.ts";
import { karrioSource } from "../../../../bridge/sources/karrio/source.ts";
import { isSigner } from "../../../../bridge/sources/shared/parcel/codes.ts";
import { shipengineSource } from "../../../../bridge/sources/shipengine/source.ts";
import { shippoSource } from "../../../../bridge/sources/shippo/source.ts";
import type { Reading } from "../../../../bridge/canonical/reading.ts";
import type { Source } from "../../../../bridge/sources/source.ts";
import { messageOf } from "../../golden.ts";

function read<S>(source: Source<S>, body: unknown, settings: unknown = {}): Reading {
  return source.read(messageOf(JSON.stringify(body)), source.settings.parse(settings));
}

const codes = (reading: Reading) =>
  reading.facts.map(({ fact }) =>
    fact.kind === "milestone" ? (fact.code ?? fact.conditions?.[0]) : fact.kind,
  );

const tracker = (more: object) => ({
  object: "Tracker",
  id: "trk_1",
  tracking_code: "1Z1",
  status: "in_transit",
  updated_at: "2026-11-03T21:05:00Z",
  tracking_details: [],
  ...more,
});

describe("a parcel's history", () => {
  const scan = (status: string, datetime: string, detail = "status_update") => ({
    status,
    status_detail: detail,
    datetime,
    tracking_location: { city: "Omaha", state: "NE", country: "US" },
  });

  it("gives the same facts under a later update, so that a replay changes nothing", () => {
    const history = [
      scan("in_transit", "2026-11-01T08:00:00-05:00"),
      scan("delivered", "2026-11-02T08:00:00-06:00"),
    ];
    const keys = ["2026-11-02T15:00:00Z", "2026-11-09T15:00:00Z"].map((updated_at) =>
      read(
        easypostSource,
        tracker({ status: "delivered", updated_at, tracking_details: history }),
      ).facts.map(({ fact }) => factKey(fact)),
    );
    expect(keys[0]).to.have.length(2);
    expect(keys[0]).to.deep.equal(keys[1]);
  });

  it("lets a forecast return to a day that it named before", () => {
    const etas = ["2026-11-05", "2026-11-06", "2026-11-05"].map((est_delivery_date, day) =>
      read(
        easypostSource,
        tracker({ est_delivery_date, updated_at: `2026-11-0${day + 1}T00:00:00Z` }),
      ),
    );
    const facts = etas.map(({ facts: [first] }) => first?.fact as UnkeyedMilestone);
    expect(new Set(facts.map((fact) => factKey(fact))).size).to.equal(3);
    expect(new Set(facts.map((fact) => fact.source_event)).size).to.equal(1);
    expect(facts.map((fact) => fact.version)).to.deep.equal([
      "2026-11-01T00:00:00Z",
      "2026-11-02T00:00:00Z",
      "2026-11-03T00:00:00Z",
    ]);
  });

  it("takes the carrier's local forecast when EasyPost computed none", () => {
    const carrier_detail = {
      est_delivery_date_local: "2026-11-05",
      est_delivery_time_local: "15:00:00",
    };
    const { facts } = read(easypostSource, tracker({ carrier_detail }), {
      zone: "America/Chicago",
    });
    expect((facts[0]?.fact as UnkeyedMilestone | undefined)?.occurred).to.include({
      at: "2026-11-05T21:00:00Z",
      zone_inferred: true,
    });
  });

  it("tells of evidence that stays behind a link", () => {
    const reading = read(easypostSource, tracker({ delivery_evidence: [{ url: "https://…" }] }));
    expect(reading.findings.map((it) => it.code)).to.include("evidence_not_read");
  });

  it("shows the current status once when no scan carries it", () => {
    const details = [scan("in_transit", "2026-11-01T08:00:00-05:00")];
    const reading = read(
      easypostSource,
      tracker({ status: "delivered", tracking_details: details }),
    );
    expect(codes(reading)).to.deep.equal(["in_transit", "delivered"]);
    expect(reading.findings.map((it) => it.code)).to.deep.equal(["time_of_update"]);
    const later = read(
      easypostSource,
      tracker({ status: "delivered", updated_at: "2026-11-09T00:00:00Z" }),
    );
    const [first, second] = [reading, later].map((it) => it.facts.at(-1)?.fact);
    expect(first).to.have.property("source_event").that.equals(second?.source_event);
  });

  it("asks a person when something was delivered after a return", () => {
    const details = [
      scan("return_to_sender", "2026-11-01T08:00:00Z"),
      scan("delivered", "2026-11-05T08:00:00Z"),
    ];
    const reading = read(
      easypostSource,
      tracker({ status: "delivered", tracking_details: details }),
    );
    expect(reading.findings.map((it) => it.code)).to.include("delivered_after_return");
  });

  describe("of a parcel that came back", () => {
    const DELIVERED_THEN: ReadonlyArray<readonly [string, Reading]> = [
      [
        "EasyPost",
        read(
          easypostSource,
          tracker({
            status: "return_to_sender",
            signed_by: "DOCK CLERK",
            tracking_details: [
              scan("return_to_sender", "2026-11-01T08:00:00Z", "return"),
              scan("delivered", "2026-11-05T08:00:00Z"),
            ],
          }),
        ),
      ],
      [
        "Shippo",
        read(shippoSource, {
          event: "track_updated",
          data: {
            tracking_number: "1Z1",
            tracking_status: { status: "RETURNED", status_date: "2026-11-01T08:00:00Z" },
            tracking_history: [
              { status: "RETURNED", status_date: "2026-11-01T08:00:00Z" },
              { status: "DELIVERED", status_date: "2026-11-05T08:00:00Z" },
            ],
          },
        }),
      ],
      [
        "Karrio",
        read(karrioSource, {
          tracking_number: "1Z1",
          status: "return_to_sender",
          info: { signed_by: "DOCK CLERK" },
          events: [
            { status: "return_to_sender", date: "2026-11-01", time: "08:00" },
            { status: "delivered", date: "2026-11-05", time: "08:00" },
          ],
        }),
      ],
      [
        "AfterShip",
        read(aftershipSource, {
          msg: {
            tracking_number: "1Z1",
            tag: "Exception",
            subtag: "Exception_011",
            signed_by: "DOCK CLERK",
            checkpoints: [
              { subtag: "Exception_010", checkpoint_time: "2026-11-01T08:00:00Z" },
              { subtag: "Delivered_001", checkpoint_time: "2026-11-05T08:00:00Z" },
            ],
          },
        }),
      ],
    ];
    for (const [name, reading] of DELIVERED_THEN) {
      it(`is no delivery and no proof of ${name}`, () => {
        expect(codes(reading)).to.deep.equal(["returned", "returned"]);
        expect(reading.findings.map((it) => it.code)).to.not.include("delivered_after_return");
      });
    }

    it("keeps a delivery from before the return, without a proof", () => {
      const details = [
        scan("delivered", "2026-11-01T08:00:00Z"),
        scan("return_to_sender", "2026-11-03T08:00:00Z"),
        scan("delivered", "2026-11-05T08:00:00Z"),
      ];
      const reading = read(
        easypostSource,
        tracker({ status: "return_to_sender", signed_by: "CLERK", tracking_details: details }),
      );
      expect(codes(reading)).to.deep.equal(["delivered", "returned", "returned"]);
    });
  });

  describe("in times without offset", () => {
    const at = (reading: Reading) =>
      reading.facts.flatMap(({ fact }) =>
        fact.kind === "milestone"
          ? [`${fact.occurred.at} ${fact.occurred.zone} ${String(fact.occurred.zone_inferred)}`]
          : [],
      );
    const STUTTGART = "2026-07-10T15:03:00Z Europe/Berlin true";
    const place = { city: "Stuttgart", country: "DE" };
    const time = "2026-07-10T17:03:00";
    const easypost = (tracking_location: object) =>
      read(
        easypostSource,
        tracker({
          tracking_details: [{ status: "in_transit", datetime: time, tracking_location }],
        }),
      );
    const shippo = (location: object) =>
      read(shippoSource, {
        data: {
          tracking_number: "1Z1",
          tracking_history: [{ status: "TRANSIT", status_date: time, location }],
        },
      });
    const aftership = (where: object) =>
      read(aftershipSource, {
        msg: {
          tracking_number: "1Z1",
          tag: "InTransit",
          checkpoints: [{ tag: "InTransit", checkpoint_time: time, ...where }],
        },
      });
    const shipengine = (where: object) =>
      read(shipengineSource, {
        tracking_number: "1Z1",
        events: [{ status_code: "IT", carrier_occurred_at: time, ...where }],
      });

    it("tells the clock at the place of the scan, inferred, whoever sends it", () => {
      for (const reading of [
        easypost(place),
        shippo(place),
        aftership({ city: "Stuttgart", country_iso3: "DEU" }),
        shipengine({ city_locality: "Stuttgart", country_code: "DE" }),
      ]) {
        expect(at(reading)[0]).to.equal(STUTTGART);
        expect(reading.findings.map((it) => it.code)).to.not.include("zone_unknown");
      }
    });

    it("says so once where the place does not tell its zone", () => {
      const karrio = read(karrioSource, {
        tracking_number: "1Z1",
        events: [
          { status: "in_transit", date: "2026-07-10", time: "17:03", location: "STUTTGART" },
          { status: "in_transit", date: "2026-07-11", time: "17:03", location: "STUTTGART" },
        ],
      });
      for (const reading of [
        karrio,
        easypost({}),
        shippo({}),
        aftership({ country_iso3: "USA" }),
        shipengine({}),
      ]) {
        expect(at(reading)[0]).to.equal("2026-07-10T17:03:00Z UTC true");
        const said = reading.findings.filter(({ code }) => code === "zone_unknown");
        expect(said).to.have.length(1);
      }
    });

    it("takes a forecast's hour by the clock at the destination, and a day as a day", () => {
      const eta = (est_delivery_date: string, carrier_detail: object) =>
        read(easypostSource, tracker({ est_delivery_date, carrier_detail }));
      const there = { destination_tracking_location: { city: "Reno", state: "NV", country: "US" } };
      expect(at(eta("2026-07-12T12:00:00", there))).to.deep.equal([
        "2026-07-12T19:00:00Z America/Los_Angeles true",
      ]);
      expect(eta("2026-07-12", {}).findings.map(({ code }) => code)).to.deep.equal(["no_scans"]);
    });
  });

  it("knows a return by AfterShip's own flag", () => {
    const checkpoints = [
      { tag: "Delivered", subtag: "Delivered_001", checkpoint_time: "2026-11-05T08:00:00Z" },
    ];
    const msg = { tracking_number: "1", tag: "Delivered", subtag: "Delivered_001", checkpoints };
    expect(codes(read(aftershipSource, { msg }))).to.deep.equal(["delivered"]);
    for (const tag of ["Delivered", "InTransit", "Expired"]) {
      const back = { ...msg, tag, subtag: null, return_to_sender: true, signed_by: "CLERK" };
      expect(codes(read(aftershipSource, { msg: back })), tag).to.deep.equal(["returned"]);
    }
  });
});

describe("a proof of delivery", () => {
  it("needs somebody who signed", () => {
    const names = ["J. Miller", "MARIA", "Nonesuch Ltd", "Signe Berg", "front desk"];
    const nobodies = [
      "Signature not required",
      "signature waived",
      "N/A",
      "Left at front door",
      "No signature required",
      "-",
      "DRIVER RELEASE",
    ];
    expect(names.filter((it) => !isSigner(it))).to.deep.equal([]);
    expect(nobodies.filter(isSigner)).to.deep.equal([]);
  });

  it("names signer and time of the delivery", () => {
    const delivered = {
      status_code: "DE",
      occurred_at: "2026-03-10T15:30:00Z",
      carrier_occurred_at: "2026-03-10T11:30:00",
      signer: "SMITH",
    };
    const { facts } = read(shipengineSource, {
      data: { tracking_number: "1", status_code: "DE", events: [delivered] },
    });
    expect(facts.at(-1)?.fact).to.deep.include({
      kind: "proof_of_delivery",
      signer: "SMITH",
      signed: true,
      delivered: { at: "2026-03-10T15:30:00Z", zone: "-04:00", precision: "second" },
    });
  });
});

describe("pictures of a delivery behind a link", () => {
  const parcel = (status: string, more: object = {}) => {
    const events = [{ date: "2026-11-05", time: "08:00", status }];
    const delivery_image_url = "https://files.acme.example/door.jpg";
    return read(karrioSource, {
      tracking_number: "1Z1",
      id: "trk_1",
      status,
      events,
      delivery_image_url,
      ...more,
    });
  };

  it("are handed on to be fetched once the parcel is delivered", () => {
    const { links = [], findings } = parcel("delivered");
    expect(links).to.have.length(1);
    expect(links[0]).to.include({
      id: "trk_1 delivery",
      url: "https://files.acme.example/door.jpg",
    });
    expect(findings.map(({ code }) => code)).not.to.include("evidence_not_read");
  });

  it("say who signed, so that one proof has the name and the picture", () => {
    const signedBy = (name: string) =>
      parcel("delivered", { info: { signed_by: name } }).links?.[0]?.proof;
    expect(signedBy("J. Doe")).to.include({ signer: "J. Doe", signed: true });
    expect(signedBy("FRONT DOOR")).not.to.have.property("signed");
  });

  it("are only told of while it is not", () => {
    const { links, findings } = parcel("in_transit");
    expect(links).to.equal(undefined);
    expect(findings.map(({ code }) => code)).to.include("evidence_not_read");
  });
});

describe("a scan's time", () => {
  it("takes Karrio's wall clock in the connection's zone, not its UTC", () => {
    const events = [
      { date: "2026-07-01", time: "2:30 PM", status: "in_transit" },
      { date: "2026-07-01", time: "12:05 AM", status: "in_transit" },
      { timestamp: "2026-07-01T08:00:00.000Z", status: "in_transit" },
    ];
    const { facts } = read(
      karrioSource,
      { tracking_number: "1", events },
      { zone: "America/Toronto" },
    );
    expect(facts.map(({ fact }) => (fact as UnkeyedMilestone).occurred.at)).to.deep.equal([
      "2026-07-01T18:30:00Z",
      "2026-07-01T04:05:00Z",
      "2026-07-01T12:00:00Z",
    ]);
  });

  it("refuses a zone in the settings that is none", () => {
    expect(() => karrioSource.settings.parse({ zone: "Mars/Olympus" })).to.throw(/IANA/);
    expect(() => karrioSource.settings.parse({ zoen: "UTC" })).to.throw(/zoen/);
  });
});
