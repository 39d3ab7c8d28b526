import { expect } from "chai";
import { Random } from "../../tools/simulator/random.ts";
import { Timeline } from "../../tools/simulator/timeline.ts";
import { START, stillClock } from "./kit.ts";

describe("the simulator's time", () => {
  const timeline = () => new Timeline(stillClock(), START, 0);

  it("does what is due in the order of time, each at exactly its time", async () => {
    const line = timeline();
    const done: Array<[string, number]> = [];
    for (const [name, ms] of [
      ["late", 3000],
      ["early", 1000],
      ["middle", 2000],
    ] as const) {
      line.after(ms, () => void done.push([name, line.now - START.getTime()]));
    }
    await line.advance(2500);
    expect(done).to.deep.equal([
      ["early", 1000],
      ["middle", 2000],
    ]);
    expect(line.now - START.getTime()).to.equal(2500);
  });

  it("keeps the order in which things were planned for one time", async () => {
    const line = timeline();
    const done: number[] = [];
    for (let n = 0; n < 5; n += 1) line.after(1000, () => void done.push(n));
    await line.finish();
    expect(done).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("does what tasks plan meanwhile", async () => {
    const line = timeline();
    let ended = 0;
    line.after(1000, () => line.after(1000, () => void (ended = line.now - START.getTime())));
    await line.finish();
    expect(ended).to.equal(2000);
  });

  it("runs faster than the clock by its speed", async () => {
    let steady = 0;
    const stop = new AbortController();
    const clock = {
      now: () => START,
      steady: () => steady,
      sleep: () => {
        steady += 10;
        if (steady > 100) stop.abort();
        return Promise.resolve();
      },
    };
    const line = new Timeline(clock, START, 600);
    await line.run(stop.signal);
    expect(line.now - START.getTime()).to.equal(100 * 600);
  });
});

describe("the simulator's chance", () => {
  it("is the same for the same seed, and another for another", () => {
    const draw = (seed: string) => Array.from({ length: 5 }, () => new Random(seed).next());
    expect(draw("a")).to.deep.equal(draw("a")).and.not.deep.equal(draw("b"));
  });

  it("makes UUIDs of version 4", () => {
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const random = new Random("uuid");
    for (let n = 0; n < 50; n += 1) expect(random.uuid()).to.match(shape);
  });
});
