import { expect } from "chai";
import fc from "fast-check";
import { parseDocument } from "../../../../bridge/sources/shared/json/document.ts";
import {
  FieldTracker,
  trackingReads,
} from "../../../../bridge/sources/shared/reading/field_tracking.ts";
import { dcsaSource } from "../../../../bridge/sources/dcsa/source.ts";
import { otm5Source } from "../../../../bridge/sources/otm5/source.ts";
import { shippoSource } from "../../../../bridge/sources/shippo/source.ts";
import { edifactSource } from "../../../../bridge/sources/edifact/source.ts";
import { messageOf, sample } from "../../golden.ts";
import { readX12, status214 } from "../../x12/samples.ts";

describe("the fields that nothing reads", () => {
  it("are those that a source does not look at, with count and sample", () => {
    const tracker = new FieldTracker();
    const body = sample("shippo", "made_webhook_delivered.json");
    const settings = shippoSource.settings.parse({});
    const untracked = shippoSource.read(messageOf(body), settings);
    for (let n = 0; n < 2; n++) {
      const reading = trackingReads(tracker, () => shippoSource.read(messageOf(body), settings));
      expect(reading).to.deep.equal(untracked);
    }
    const paths = tracker.unread().map((it) => it.path);
    expect(paths).not.to.include("/data/tracking_number");
    expect(paths).not.to.include("/data/tracking_history/[]/status");
    expect(tracker.unread().length).to.be.greaterThan(0);
    expect(tracker.unread()[0]!.count).to.be.greaterThan(1);
  });

  it("are those of a checked message, too: a schema that copies a member does not read it", () => {
    const sources = [
      [otm5Source, { entityType: "trip", id: "t1", lastModified: "2026-01-10T12:00:00Z" }],
      [
        dcsaSource,
        {
          eventType: "SHIPMENT",
          eventID: "3cecb101-7a1a-43a4-9d62-e88a13165001",
          eventCreatedDateTime: "2026-01-10T12:00:00Z",
          eventDateTime: "2026-01-10T12:00:00Z",
          eventClassifierCode: "ACT",
          shipmentEventTypeCode: "CONF",
          documentID: "ABC123",
          documentTypeCode: "BKG",
        },
      ],
    ] as const;
    for (const [source, known] of sources) {
      const tracker = new FieldTracker();
      const own = Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`own${n}`, { a: n }]));
      const message = messageOf(JSON.stringify([{ ...known, ...own }]));
      const settings = source.settings.parse({});
      trackingReads(tracker, () => (source as typeof otm5Source).read(message, settings as never));
      const unread = tracker.unread().filter((it) => it.path.startsWith("/[]/own"));
      expect(unread, source.id).to.have.length(41);
    }
  });

  it("are the elements of a segment, in X12 and EDIFACT alike", () => {
    const x12 = new FieldTracker();
    const body = status214(
      "AT7*D1*NS***20260710*1015*CT",
      "MS1*DALLAS*TX*USA*****extra",
      "ZZ1*own",
    );
    const plain = readX12(body);
    expect(trackingReads(x12, () => readX12(body))).to.deep.equal(plain);
    expect(x12.unread().map((it) => `${it.path} ${it.count} ${it.sample}`)).to.deep.equal([
      "214/LX-01 1 1",
      "214/MS1-08 1 extra",
      "214/ZZ1-01 1 own",
    ]);

    const edifact = new FieldTracker();
    const iftsta = sample("edifact", "made_iftsta_placements.edi");
    const settings = edifactSource.settings.parse({});
    const untracked = edifactSource.read(messageOf(iftsta), settings);
    const reading = trackingReads(edifact, () => edifactSource.read(messageOf(iftsta), settings));
    expect(reading).to.deep.equal(untracked);
    const paths = edifact.unread().map(({ path }) => path);
    for (const read of ["IFTSTA/STS-02.1", "IFTSTA/DTM-01.2", "IFTSTA/RFF-01.2"]) {
      expect(paths).not.to.include(read);
    }
    expect(paths).to.include("IFTSTA/STS-01.3");
    expect(
      paths.every((path) => /^IFTSTA\/[A-Z]{3}-\d\d\.\d+$/.test(path)),
      paths.join(),
    ).to.equal(true);
  });

  it("are at most five thousand, however many a partner invents", () => {
    const tracker = new FieldTracker();
    const document = Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`f${n}`, n]));
    tracker.track(document);
    expect(tracker.size).to.equal(5000);
    expect(tracker.overflow).to.equal(true);
  });

  it("change nothing of what is read", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = Buffer.from(JSON.stringify(value));
        let plain: unknown;
        try {
          plain = parseDocument("test", text);
        } catch {
          return;
        }
        const tracked = trackingReads(new FieldTracker(), () => parseDocument("test", text));
        expect(JSON.stringify(tracked)).to.equal(JSON.stringify(plain));
      }),
    );
  });
});
