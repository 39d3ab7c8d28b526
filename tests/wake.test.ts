import { expect } from "chai";
import { Wake } from "../bridge/wake.ts";

describe("a wake", () => {
  const never = new AbortController().signal;

  /** Which of the waits are over once everything that could run did. */
  async function over(waits: ReadonlyArray<Promise<void>>): Promise<boolean[]> {
    const done = waits.map(() => false);
    waits.forEach((wait, index) => void wait.then(() => (done[index] = true)));
    await new Promise((resolve) => setImmediate(resolve));
    return done;
  }

  it("wakes all who wait", async () => {
    const wake = new Wake();
    const waits = [wake.wait(60_000, never), wake.wait(60_000, never)];
    expect(await over(waits)).to.deep.equal([false, false]);
    wake.ring();
    expect(await over(waits)).to.deep.equal([true, true]);
  });

  it("remembers a ring for the next who comes, and for that one only", async () => {
    const wake = new Wake();
    wake.ring();
    const stop = new AbortController();
    const waits = [wake.wait(60_000, never), wake.wait(60_000, stop.signal)];
    expect(await over(waits)).to.deep.equal([true, false]);
    stop.abort();
  });

  it("ends with the time or the signal", async () => {
    const wake = new Wake();
    const stop = new AbortController();
    const wait = wake.wait(60_000, stop.signal);
    expect(await over([wait])).to.deep.equal([false]);
    stop.abort();
    expect(await over([wait])).to.deep.equal([true]);
    expect(await wake.wait(1, never)).to.equal(undefined);
  });
});
