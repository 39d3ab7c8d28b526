import { expect } from "chai";
import fc from "fast-check";
import { laneHash } from "../../bridge/queue/lane.ts";
import {
  contentionDelayMs,
  LONGEST_DELAY_MS,
  RETRY_DELAYS_MS,
  retryDelayMs,
} from "../../bridge/queue/retry_policy.ts";

describe("the retry policy", () => {
  it("waits 5 s, 30 s, 2 m, 10 m, 30 m, 2 h, 5 h, 10 h, and then gives up", () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => retryDelayMs(n, 0, () => 0)! / 1000);
    expect(seconds).to.deep.equal([5, 30, 120, 600, 1800, 7200, 18_000, 36_000]);
    expect(retryDelayMs(9)).to.equal(null);
    const hours = RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0) / 3_600_000;
    expect(hours).to.be.within(17, 19);
  });

  it("never waits shorter than the schedule or Retry-After, nor longer than its longest (property)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(1e9),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, after, random) => {
          const delay = retryDelayMs(n, after, () => random)!;
          expect(delay).to.be.at.most(LONGEST_DELAY_MS);
          expect(delay).to.be.at.least(
            Math.min(Math.max(RETRY_DELAYS_MS[n - 1]!, after), LONGEST_DELAY_MS),
          );
        },
      ),
    );
  });

  it("comes back soon after a concurrent change, then slower", () => {
    expect(contentionDelayMs(1, () => 0.5)).to.equal(200);
    expect(contentionDelayMs(50, () => 0.5)).to.equal(5000);
  });
});

describe("a lane's hash", () => {
  it("is the same today and tomorrow, because it is stored", () => {
    expect(laneHash("acme", "trip-1")).to.equal(laneHash("acme", "trip-1"));
    expect(laneHash("acme", "trip-1")).not.to.equal(laneHash("globex", "trip-1"));
    expect(laneHash("acme", "trip-1")).to.equal(LANE_OF_TRIP_1);
  });
});

const LANE_OF_TRIP_1 = 838571389;
