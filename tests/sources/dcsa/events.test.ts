import { expect } from "chai";
import type { UnkeyedMilestone } from "../../../bridge/sources/shared/reading/reading.ts";
import { factKey } from "../../../bridge/canonical/fact_key.ts";
import { dcsaSource } from "../../../bridge/sources/dcsa/source.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { attempt, messageOf, sample, sampleNames } from "../golden.ts";

const settings = dcsaSource.settings.parse({});

function read(events: unknown): Reading {
  return dcsaSource.read(messageOf(JSON.stringify(events)), settings);
}

function milestones(events: unknown): UnkeyedMilestone[] {
  return read(events).facts.map(({ fact }) => fact as UnkeyedMilestone);
}

const v2 = (more: object) => ({
  eventCreatedDateTime: "2026-01-10T12:00:00Z",
  eventDateTime: "2026-01-10T12:00:00+01:00",
  eventClassifierCode: "ACT",
  ...more,
});

const equipment = (
  code: string,
  load: string | undefined,
  facility: string | undefined,
  direction?: string,
) => ({
  eventRouting: {
    originatingParty: { partyCode: "EXCO", codeListProvider: "SMDG", codeListName: "LCL" },
  },
  eventID: "e-1",
  eventDateTime: "2026-01-10T12:00:00+01:00",
  eventUpdatedDateTime: "2026-01-10T12:00:00Z",
  eventClassification: {
    eventTypeCode: "EQUIPMENT",
    eventClassifierCode: "ACT",
    equipmentEventTypeCode: code,
  },
  ...(facility && { eventLocation: { facilityTypeCode: facility } }),
  equipmentDetails: {
    equipmentReference: "APZU4812090",
    emptyIndicatorCode: load,
    movementType: direction,
  },
});

describe("DCSA conformance messages", () => {
  for (const name of sampleNames("dcsa").filter((it) => it.startsWith("tnt-"))) {
    const wrong = name.includes("wrong-");
    it(`${name} is ${wrong ? "refused with the path" : "accepted"}`, () => {
      const outcome = attempt(
        () => (dcsaSource.check(messageOf(sample("dcsa", name)), settings), "accepted"),
      );
      if (!wrong) expect(outcome).to.equal("accepted");
      else
        expect(outcome)
          .to.have.nested.property("refused.path")
          .that.matches(/^\/\d+\/\w+/);
    });
  }

  it("name each wrong event of the wrong messages, and only those", () => {
    const wrongEvents = (name: string) => {
      const outcome = attempt(() => dcsaSource.read(messageOf(sample("dcsa", name)), settings));
      if ("refused" in outcome) return outcome.refused.path;
      const errors = outcome.findings.filter((it) => it.severity === "error");
      return [...new Set(errors.map((it) => it.path.split("/")[1]))].join("");
    };
    expect(wrongEvents("tnt-220-response-wrong-date-times.json")).to.equal("123456");
    expect(wrongEvents("tnt-220-response-wrong-event-ids.json")).to.equal("0136");
    expect(wrongEvents("tnt-220-response-wrong-attribute-values.json")).to.equal("02");
    expect(wrongEvents("tnt-220-response-wrong-structure.json")).to.equal("/0/eventType");
  });
});

describe("a container's move means", () => {
  const cases: Array<
    [string, string | undefined, string | undefined, string | undefined, string | undefined]
  > = [
    ["PICK", "LADEN", "CLOC", "EXPORT", "picked_up"],
    ["PICK", "LADEN", undefined, undefined, "picked_up"],
    ["PICK", "EMPTY", "CLOC", "IMPORT", "departed_delivery"],
    ["DROP", "EMPTY", "CLOC", "EXPORT", "arrived_pickup"],
    ["DROP", "LADEN", "CLOC", undefined, "delivered"],
    ["DROP", "LADEN", "CLOC", "EXPORT", undefined],
    ["DROP", "LADEN", "POTE", "EXPORT", "arrived_terminal"],
    ["STRP", "EMPTY", "CLOC", undefined, "delivered"],
    ["STRP", "EMPTY", "COFS", undefined, undefined],
    ["STUF", "LADEN", "COFS", undefined, "loaded"],
    ["GTIN", "LADEN", "POTE", "EXPORT", "arrived_terminal"],
    ["GTIN", "EMPTY", "DEPO", "IMPORT", undefined],
    ["GTIN", "LADEN", "CLOC", undefined, undefined],
    ["GTOT", "LADEN", "CLOC", undefined, "picked_up"],
    ["GTOT", "LADEN", "POTE", undefined, "departed_terminal"],
    ["GTOT", "LADEN", "POTE", "IMPORT", "out_for_delivery"],
    ["GTOT", "EMPTY", "DEPO", "EXPORT", undefined],
    ["LOAD", "LADEN", "POTE", "EXPORT", "loaded"],
    ["LOAD", "LADEN", "POTE", "TRANSSHIPMENT", "in_transit"],
    ["DISC", "LADEN", "POTE", "IMPORT", "arrived_terminal"],
    ["AVPU", "LADEN", "POTE", "IMPORT", "available"],
    ["CUSS", undefined, "POTE", undefined, "customs_hold"],
    ["CUSR", undefined, "POTE", undefined, "customs_released"],
    ["XXXX", undefined, undefined, undefined, undefined],
  ];
  for (const [code, load, facility, direction, expected] of cases) {
    it(`${expected ?? "nothing yet"} for ${[code, load, facility, direction].filter(Boolean).join(" ")}`, () => {
      const reading = read({ events: [equipment(code, load, facility, direction)] });
      const [milestone] = reading.facts.map(({ fact }) => fact as UnkeyedMilestone);
      expect(milestone?.code ?? milestone?.conditions?.[0]).to.equal(expected);
      if (expected === undefined) expect(reading.findings).to.have.length(1);
    });
  }
});

describe("a corrected event of Track & Trace 2.x", () => {
  const load = (more: object) =>
    v2({
      eventType: "EQUIPMENT",
      equipmentEventTypeCode: "LOAD",
      equipmentReference: "APZU4812090",
      emptyIndicatorCode: "LADEN",
      transportCall: { transportCallID: "call-1" },
      ...more,
    });

  it("replaces the one about the same thing, whatever its eventID", () => {
    const [first, second] = milestones([
      load({ eventID: "3cecb101-7a1a-43a4-9d62-e88a13165001" }),
      load({
        eventID: "3cecb101-7a1a-43a4-9d62-e88a13165002",
        eventCreatedDateTime: "2026-01-11T12:00:00Z",
        eventDateTime: "2026-01-10T14:00:00+01:00",
      }),
    ]);
    expect(second?.source_event).to.equal(first?.source_event);
    expect(second?.version).to.equal("2026-01-11T12:00:00Z");
  });

  it("leaves alone what differs in container, code, call or classifier", () => {
    const events = milestones([
      load({}),
      load({ equipmentReference: "APZU4812091" }),
      load({ equipmentEventTypeCode: "DISC" }),
      load({ transportCall: { transportCallID: "call-2" } }),
      load({ eventClassifierCode: "EST" }),
    ]);
    expect(new Set(events.map((it) => it.source_event)).size).to.equal(5);
  });

  it("is told apart by its place when the carrier gives no call", () => {
    const at = (code: string) =>
      load({ transportCall: null, eventLocation: { UNLocationCode: code } });
    const [hamburg, rotterdam] = milestones([at("DEHAM"), at("NLRTM")]);
    expect(hamburg?.source_event).not.to.equal(rotterdam?.source_event);
  });

  it("has the same key when the carrier sends it again", () => {
    const keys = [0, 1].map(() => milestones([load({})]).map((fact) => factKey(fact)));
    expect(keys[0]).to.deep.equal(keys[1]);
  });
});

describe("an event of Track & Trace 3.0", () => {
  it("is identified by party, code list and eventID, however long", () => {
    const long = { ...equipment("GTIN", "LADEN", "POTE"), eventID: "x".repeat(500) };
    const other = { ...long, eventRouting: { originatingParty: { partyCode: "OTHER" } } };
    const ids = milestones({ events: [equipment("GTIN", "LADEN", "POTE"), long, other] }).map(
      (it) => it.source_event,
    );
    expect(ids[0]).to.equal("3|EXCO|SMDG|LCL|e-1");
    expect(new Set(ids).size).to.equal(3);
  });

  it("is withdrawn by a retraction that may name nothing else", () => {
    const { eventRouting, eventID } = equipment("GTIN", "LADEN", "POTE");
    const { facts } = read({ events: [{ eventRouting, eventID, isRetracted: true }] });
    expect(facts.map(({ fact }) => fact.kind === "retraction" && fact.target)).to.deep.equal([
      { source_event: "3|EXCO|SMDG|LCL|e-1" },
      { source_event: "3|EXCO|SMDG|LCL|e-1/delay" },
    ]);
  });

  it("goes to every shipment of a document, but a container's to one", () => {
    const shipment = { documentReference: { typeCode: "TRD", reference: "BL1" } };
    const event = equipment("GTIN", "LADEN", "POTE");
    const arrival = {
      ...event,
      eventID: "e-2",
      shipmentDetails: shipment,
      eventClassification: {
        eventTypeCode: "TRANSPORT",
        eventClassifierCode: "ACT",
        transportEventTypeCode: "ARRI",
      },
    };
    expect(milestones({ events: [event, arrival] }).map((it) => it.applies_to)).to.deep.equal([
      "one",
      "every",
    ]);
  });

  it("says pickup or delivery at a customer only when it knows", () => {
    const arrival = (more: object) => ({
      ...equipment("GTIN", undefined, "CLOC"),
      eventClassification: {
        eventTypeCode: "TRANSPORT",
        eventClassifierCode: "ACT",
        transportEventTypeCode: "ARRI",
      },
      ...more,
    });
    const at = (location: string) => ({ shipmentDetails: { shipmentLocationType: location } });
    expect(milestones({ events: [arrival({})] })[0]?.code).to.equal(undefined);
    expect(milestones({ events: [arrival(at("PRE"))] })[0]?.code).to.equal("arrived_pickup");
    expect(milestones({ events: [arrival(at("PDE"))] })[0]?.code).to.equal("arrived_delivery");
  });
});

describe("a DCSA message that names its API's version", () => {
  const at = (version: string) => ({
    ...messageOf(sample("dcsa", "tnt-220-response.json")),
    attributes: { "api-version": version },
  });

  it("is read in the versions that are known, whatever the minor number", () => {
    for (const version of ["2", "2.2.0", "3.0.1"]) {
      expect(dcsaSource.read(at(version), settings).facts.length).to.be.greaterThan(0);
    }
  });

  it("goes to quarantine in any other, not to the dead letters", () => {
    expect(() => dcsaSource.read(at("4.0.0"), settings))
      .to.throw(MilepostError, 'is in version "4.0.0"; known are 2, 3')
      .with.property("retry", "quarantine");
  });
});
