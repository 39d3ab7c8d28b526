import { expect } from "chai";
import { MilepostError } from "../../bridge/errors.ts";
import { aftershipSource } from "../../bridge/sources/aftership/source.ts";
import { dcsaSource } from "../../bridge/sources/dcsa/source.ts";
import { edifactSource } from "../../bridge/sources/edifact/source.ts";
import { otm5Source } from "../../bridge/sources/otm5/source.ts";
import { project44Source } from "../../bridge/sources/project44/source.ts";
import { shipengineSource } from "../../bridge/sources/shipengine/source.ts";
import { x12Source } from "../../bridge/sources/x12/source.ts";
import type { RawMessage, Source } from "../../bridge/sources/source.ts";
import { messageOf, sample } from "./golden.ts";
import { interchange } from "./x12/samples.ts";

/** What becomes of a message in a version: read, or the refusal that sets it aside. */
function outcome<S>(source: Source<S>, message: RawMessage, settings: object = {}) {
  const parsed = source.settings.parse(settings);
  try {
    return { facts: source.read(message, parsed).facts.length, quarantine: false };
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    const { code, retry, path, message: text } = error;
    return { code, path, text, quarantine: retry === "quarantine" };
  }
}

const header = (name: string, version: string, body: Buffer): RawMessage => ({
  ...messageOf(body),
  attributes: { [name]: version },
});

const x12 = (version: string, isa12 = "00401") =>
  messageOf(
    interchange("214", [["B10*PRO1*SHIP1*SCAC", "LX*1", "AT7*D1*NS***20260710*1015*CT"]])
      .replace("*X*004010", `*X*${version}`)
      .replace("*00401*", `*${isa12}*`),
  );

const edifact = (type: string) =>
  messageOf(
    `UNB+UNOC:3+C+S+261120:0930+1'UNH+1+${type}'BGM+23+D1+9'CNI+1+SHP1'STS+1+21'` +
      "DTM+334:202611191200:203'UNT+6+1'UNZ+1+1'",
  );

const shipengine = (type: string) => {
  const body = JSON.parse(sample("shipengine", "made_webhook_delivered.json").toString()) as object;
  return messageOf(JSON.stringify({ ...body, resource_type: type }));
};

interface Case<S> {
  source: Source<S>;
  known: RawMessage[];
  unknown: RawMessage;
  /** What the reason names, and where. */
  said: string;
  path: string;
  /** The setting that has the unknown one read; nothing where its language is another one. */
  accept?: string;
}

const cases: Array<Case<never>> = [
  {
    source: x12Source,
    known: ["004010", "004010VICS", "004030", "005010", "008060", "4010", ""].map((it) => x12(it)),
    unknown: x12("003060RAIL"),
    said: "003060RAIL",
    path: "ISA1/GS1/GS-08",
    accept: "003060",
  },
  {
    source: edifactSource,
    known: ["IFTSTA:D:93A:UN", "IFTSTA:D:96A:UN:EAN004", "IFTSTA:D:07B:UN", "IFTSTA"].map(edifact),
    unknown: edifact("IFTSTA:D:08A:UN"),
    said: "D:08A:UN",
    path: "UNH2/2",
    accept: "D:08A",
  },
  {
    source: dcsaSource,
    known: ["2", "2.2.0", "3.0.1"].map((it) =>
      header("api-version", it, sample("dcsa", "tnt-220-response.json")),
    ),
    unknown: header("api-version", "4.0.0", sample("dcsa", "tnt-220-response.json")),
    said: "4.0.0",
    path: "API-Version",
    accept: "4",
  },
  {
    source: otm5Source,
    known: ["5", "5.7", "v5"].map((it) =>
      header("api-version", it, sample("otm5", "made_trip_planned.json")),
    ),
    unknown: header("api-version", "6.0", sample("otm5", "made_trip_planned.json")),
    said: "6.0",
    path: "API-Version",
    accept: "6",
  },
  {
    source: aftershipSource,
    known: ["2023-10", "2025-07"].map((it) =>
      header("as-webhook-version", it, sample("aftership", "tracking_0.json")),
    ),
    unknown: header("as-webhook-version", "2026-07", sample("aftership", "tracking_0.json")),
    said: "2026-07",
    path: "as-webhook-version",
    accept: "2026-07",
  },
  {
    source: shipengineSource,
    known: ["API_TRACK", "TRACK_EVENT_V2"].map(shipengine),
    unknown: shipengine("TRACK_EVENT_V3"),
    said: "TRACK_EVENT_V3",
    path: "/resource_type",
    accept: "TRACK_EVENT_V3",
  },
  {
    source: project44Source,
    known: [messageOf(sample("project44", "made_ltl.json"))],
    unknown: messageOf(
      JSON.stringify({
        shipment: { id: 7, shipmentIdentifiers: [{ type: "BILL_OF_LADING", value: "B1" }] },
        latestStatusUpdate: { statusCode: "IN_TRANSIT", timestamp: "2026-11-20T10:00:00Z" },
      }),
    ),
    said: "3",
    path: "/latestStatusUpdate",
  },
] as unknown as Array<Case<never>>;

describe("the version of a message", () => {
  for (const { source, known, unknown, said, path, accept } of cases) {
    it(`is read where ${source.id} knows it`, () => {
      for (const message of known) {
        expect(outcome(source, message), message.body.toString().slice(0, 200))
          .to.have.property("facts")
          .above(0);
      }
    });

    it(`sets a message of ${source.id} aside where nobody taught it, with reason and place`, () => {
      const result = outcome(source, unknown);
      expect(result).to.include({ code: "unknown_version", quarantine: true, path });
      expect(result.text).to.include(`is in version "${said}"`);
    });

    if (accept === undefined) continue;
    it(`of ${source.id} is read as soon as the connection allows it`, () => {
      expect(outcome(source, unknown, { accept_versions: [accept] }))
        .to.have.property("facts")
        .above(0);
    });
  }

  it("of X12 is ISA12's where GS08 says none, and told where neither does", () => {
    expect(outcome(x12Source, x12("", "00305"))).to.include({ quarantine: true, path: "ISA1-12" });
    const silent = x12Source.read(x12("", ""), x12Source.settings.parse({}));
    expect(silent.facts).to.have.length(1);
    expect(silent.findings.map((it) => it.code)).to.include("no_version");
  });

  it("of EDIFACT that UNH leaves out is told", () => {
    const { findings } = edifactSource.read(edifact("IFTSTA"), edifactSource.settings.parse({}));
    expect(findings.map((it) => it.code)).to.include("no_version");
  });

  it("does not matter for acknowledgements, nor for messages that nothing reads", () => {
    const ack = interchange("997", [["AK1*SM*42", "AK9*A*1*1*1"]], { functionalId: "FA" });
    const older = messageOf(ack.replace("*X*004010", "*X*003040"));
    expect(outcome(x12Source, older)).to.include({ quarantine: false });
    expect(outcome(edifactSource, edifact("CONTRL:4:1:UN"))).to.include({ quarantine: false });
    expect(outcome(edifactSource, edifact("ORDERS:D:15A:UN"))).to.include({ quarantine: false });
  });
});
