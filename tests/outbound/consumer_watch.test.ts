import { expect } from "chai";
import { MilepostError } from "../../bridge/errors.ts";
import { ConsumerWatch, PROBE_MS } from "../../bridge/outbound/consumer_watch.ts";

const HOUR = 3_600_000;
const down = (more: { retry?: "later" | "pause"; retryAfterMs?: number } = {}) =>
  new MilepostError("down", { code: "peer_failed", retry: "later", ...more });

describe("a consumer of events who fails", () => {
  it("is asked again soon, then slower, never more than half an hour later", () => {
    const watch = new ConsumerWatch(24 * HOUR);
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map(
      (attempt) => watch.failed(0, { id: 1, attempt }, down()).delayMs ?? 0,
    );
    expect(delays[0]).to.be.within(5000, 6000);
    expect(Math.max(...delays)).to.equal(HOUR / 2);
    const { delayMs } = watch.failed(0, { id: 2, attempt: 1 }, down({ retryAfterMs: HOUR }));
    expect(delayMs).to.be.within(HOUR, 1.2 * HOUR);
  });

  it("stands still when he took nothing for long, and is probed with one event at a time", () => {
    const watch = new ConsumerWatch(HOUR);
    expect(watch.failed(0, { id: 1, attempt: 1 }, down()).standsStill).to.equal(false);
    expect(watch.limit(1, 20)).to.equal(20);
    const late = watch.failed(HOUR, { id: 1, attempt: 40 }, down());
    // The next probe is another event's.
    expect(late).to.deep.equal({ delayMs: 2 * PROBE_MS, standsStill: true });
    expect(watch.limit(HOUR + PROBE_MS - 1, 20)).to.equal(0);
    expect(watch.limit(HOUR + PROBE_MS, 20)).to.equal(1);
    watch.took(2);
    expect(watch.limit(HOUR + PROBE_MS + 1, 20)).to.equal(20);
  });

  it("stands still at once when he refuses our signature", () => {
    const watch = new ConsumerWatch(HOUR);
    expect(watch.failed(0, { id: 1, attempt: 1 }, down({ retry: "pause" })).standsStill).to.equal(
      true,
    );
  });

  it("costs no event its life while he takes none, however often it was tried by then", () => {
    const watch = new ConsumerWatch(HOUR);
    const event = { id: 1, attempt: 600 };
    for (let time = 0; time < 20; time += 1) {
      expect(watch.failed(time, event, down()).delayMs).to.equal(PROBE_MS);
    }
    // He is well again, and hiccups once.
    watch.took(2);
    expect(watch.failed(21, event, down()).delayMs).to.equal(PROBE_MS);
  });

  it("costs an event its life that he refuses again and again while he takes others", () => {
    const watch = new ConsumerWatch(HOUR);
    const delays = Array.from({ length: 20 }, (_, index) => {
      watch.took(2);
      return watch.failed(index, { id: 1, attempt: index + 1 }, down()).delayMs;
    });
    expect(delays.indexOf(null)).to.be.within(4, 12);
  });
});
