import { expect } from "chai";
import { systemClock } from "../../bridge/clock.ts";
import type { Connection } from "../../bridge/connection.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { Normalizer } from "../../bridge/normalize/normalizer.ts";
import type { DeadLetters } from "../../bridge/store/dead_letters.ts";
import type { Inbox, StoredMessage } from "../../bridge/store/inbox.ts";
import { Wake } from "../../bridge/wake.ts";

const PART_MS = 5;

describe("reading many long messages at once", () => {
  it("lets other work have its turn after a few parts, whosever they are", async function () {
    this.timeout(60_000);
    let sinceTurn = 0;
    let most = 0;
    const source = {
      mapping: "slow@1",
      *readParts() {
        for (let part = 0; part < 3; part++) {
          const end = performance.now() + PART_MS;
          while (performance.now() < end);
          most = Math.max(most, ++sinceTurn);
          yield { facts: [], findings: [] };
        }
      },
    };
    const messages = Array.from({ length: 30 }, (_, index) => ({
      id: `m${index}`,
      connection: "acme",
      receivedAt: 0,
    }));
    let read = 0;
    const inbox: Partial<Inbox> = {
      unread: () => Promise.resolve(messages as unknown as StoredMessage[]),
      recordReading: () => Promise.resolve({ inserted: (read += 1) * 0, duplicates: 0 }),
    };
    const normalizer = new Normalizer({
      inbox: inbox as Inbox,
      deadLetters: {} as DeadLetters,
      proofLinks: { add: () => Promise.resolve() },
      connections: new Map([["acme", { source, settings: {} } as unknown as Connection]]),
      wake: new Wake(),
      onFacts: () => undefined,
      clock: systemClock(),
      log: createLogger("silent"),
      metrics: createMetrics(),
    });
    let done = false;
    const turn = () => {
      sinceTurn = 0;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    await normalizer.readSome();
    done = true;
    expect(read).to.equal(30);
    expect(most).to.be.lessThan(10);
  });
});
