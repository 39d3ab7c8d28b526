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
      (attempt) => watch.failed(0, attempt, down()).delayMs ?? 0,
    );
    expect(delays[0]).to.be.within(5000, 6000);
    expect(Math.max(...delays)).to.equal(HOUR / 2);
    const { delayMs } = watch.failed(0, 1, down({ retryAfterMs: HOUR }));
    expect(delayMs).to.be.within(HOUR, 1.2 * HOUR);
  });

  it("stands still when he took nothing for long, and is probed with one event at a time", () => {
    const watch = new ConsumerWatch(HOUR);
    expect(watch.failed(0, 1, down()).standsStill).to.equal(false);
    expect(watch.limit(1, 20)).to.equal(20);
    const late = watch.failed(HOUR, 40, down());
    expect(late).to.deep.equal({ delayMs: PROBE_MS, standsStill: true });
    expect(watch.limit(HOUR + PROBE_MS - 1, 20)).to.equal(0);
    expect(watch.limit(HOUR + PROBE_MS, 20)).to.equal(1);
    watch.took();
    expect(watch.limit(HOUR + PROBE_MS + 1, 20)).to.equal(20);
  });

  it("stands still at once when he refuses our signature", () => {
    const watch = new ConsumerWatch(HOUR);
    expect(watch.failed(0, 1, down({ retry: "pause" })).standsStill).to.equal(true);
  });

  it("costs no event its life while he takes none, one that he alone refuses does so", () => {
    const watch = new ConsumerWatch(HOUR);
    watch.failed(0, 1, down());
    expect(watch.failed(1, 9, down()).delayMs).to.equal(PROBE_MS);
    watch.took();
    expect(watch.failed(2, 9, down()).delayMs).to.equal(null);
  });
});
