import { expect } from "chai";
import fc from "fast-check";
import { parseDocument } from "../../../bridge/sources/json/document.ts";
import { FieldTracker, trackingReads } from "../../../bridge/sources/json/field_tracking.ts";
import { shippoSource } from "../../../bridge/sources/shippo/source.ts";
import { messageOf, sample } from "../golden.ts";

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
