import { expect } from "chai";
import { systemClock } from "../../bridge/clock.ts";
import { createLogger } from "../../bridge/logger.ts";
import { Housekeeper } from "../../bridge/store/housekeeper.ts";
import type { Retention } from "../../bridge/store/store.ts";

const DAY = 86_400_000;

describe("the housekeeper", () => {
  it("forgets by the configured days, each kind by its own", async () => {
    const now = new Date("2026-11-23T08:00:00Z");
    let asked: Retention | undefined;
    const keeper = new Housekeeper({
      store: {
        prune: (before) => {
          asked = before;
          return Promise.resolve({ messages: 1, unresolved: 0, deadLetters: 0, outboxItems: 0 });
        },
        shrink: () => Promise.resolve(0),
        reseal: () => Promise.resolve(0),
      },
      disk: { full: false, freeBytes: () => 1, look: () => Promise.resolve() },
      config: { min_free_mb: 0, retention_days: 30, unresolved_days: 90, keys: [] },
      clock: { ...systemClock(), now: () => now },
      log: createLogger("silent"),
    });
    expect((await keeper.prune()).messages).to.equal(1);
    expect(asked).to.deep.equal({
      settled: now.getTime() - 30 * DAY,
      unresolved: now.getTime() - 90 * DAY,
    });
  });
});
