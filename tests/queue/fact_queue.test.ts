import { expect } from "chai";
import { systemClock } from "../../bridge/clock.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { createLogger } from "../../bridge/logger.ts";
import { FactQueue } from "../../bridge/queue/fact_queue.ts";
import type { Facts } from "../../bridge/store/facts.ts";

const config = { lanes: 1, batch_facts: 10, batch_bytes: 1e6, call_seconds: 1 };

describe("the queue of facts", () => {
  const never = new AbortController().signal;

  /** A queue over facts whose store fails so often before it can be written again. */
  function failing(times: number, code: string, retry: "later" | "never") {
    const seen = { tries: 0, settled: 0 };
    const facts: Partial<Facts> = {
      settle: (settlements) => {
        if (seen.tries++ < times) {
          return Promise.reject(new MilepostError("The store is full", { code, retry }));
        }
        seen.settled += settlements.length;
        return Promise.resolve();
      },
    };
    const log = createLogger("silent");
    const queue = new FactQueue({ facts: facts as Facts, config, clock: systemClock(), log });
    return { queue, seen };
  }

  it("says again what became of facts when the store could not be written", async () => {
    const { queue, seen } = failing(3, "store_full", "later");
    await queue.settle([{ seq: 1, to: "delivered", shipments: [], at: 1 }], never);
    expect(seen).to.deep.equal({ tries: 4, settled: 1 });
  });

  it("does not repeat what fails for ever, nor when the bridge must end", async () => {
    for (const [retry, signal] of [
      ["never", never],
      ["later", AbortSignal.abort()],
    ] as const) {
      const { queue, seen } = failing(9, "store_failed", retry);
      const code = await queue.settle([{ seq: 1, to: "released" }], signal).then(
        () => "",
        (error: MilepostError) => error.code,
      );
      expect([code, seen.tries]).to.deep.equal(["store_failed", 1]);
    }
  });
});
