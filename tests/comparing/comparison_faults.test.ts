import { expect } from "chai";
import type { TransportOrder } from "../../bridge/canonical/transport_order.ts";
import { ask, readAsked } from "../../bridge/comparing/comparison_state.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { ComparisonWorld, order, there } from "./comparison_world.ts";

const signal = new AbortController().signal;

describe("a comparison of orders in which something fails", () => {
  let world: ComparisonWorld;
  beforeEach(async () => {
    world = await ComparisonWorld.open();
  });
  afterEach(() => world.open.dispose());

  it("forgets a repair once it is carried out, or refused by Odoo, and none before", async () => {
    world.told = [1, 2, 3].map((id) => order(id));
    const { properties } = world.open.store;
    const fault = (code: string, retry: "never" | "pause") =>
      new MilepostError(`${code}: no`, { code, retry });
    let isDown = true;
    world.repairs = async (id) => {
      if (id === 1) throw fault("odoo_refused", "never");
      if (id === 3 && isDown) throw fault("odoo_unreachable", "pause");
      // Asked for meanwhile.
      if (id === 2) await ask(properties, "acme", { repair: [4] });
      world.repaired.push(id);
    };
    await ask(properties, "acme", { repair: [1, 2, 3] });
    await world.watch().tick(signal);
    expect(world.repaired).to.deep.equal([2]);
    expect((await readAsked(properties, "acme")).repair).to.deep.equal([3, 4]);
    isDown = false;
    await world.watch().tick(signal);
    expect(world.repaired).to.deep.equal([2, 3, 4]);
    expect(await readAsked(properties, "acme")).to.deep.equal({ compare: false, repair: [] });
    expect(await world.result()).to.include({ asked: 3 });
  });

  it("is made again after a restart in its middle, when somebody asked for it", async () => {
    world.told = [order(1), order(2), order(3)];
    world.shown = { "SHP/1": there(), "SHP/2": there() };
    const stop = new AbortController();
    const stopping = world.connection({
      readOrder: (_peer: unknown, { shipment }: TransportOrder) => {
        world.asked.push(shipment);
        if (shipment === "SHP/2") stop.abort();
        return Promise.resolve({ standing: "unsure" });
      },
    });
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch(stopping).tick(stop.signal);
    expect(await world.result()).to.equal(undefined);
    await world.watch().tick(signal);
    expect(world.asked).to.deep.equal(["SHP/1", "SHP/2", "SHP/3"]);
    expect(await world.result()).to.include({ asked: 3 });
  });

  it("names an order at fault, and goes on with the others", async () => {
    world.told = [1, 2, 3, 4, 5, 6].map((id) => order(id));
    world.unreadable = [{ id: 7, shipment: "SHP/7", why: "it cannot be read: payload/note" }];
    const broken = new MilepostError("the answer is no JSON", {
      code: "bad_answer",
      retry: "later",
    });
    world.shown = {
      "SHP/1": there(),
      "SHP/2": broken,
      "SHP/3": new Error("strange"),
      "SHP/4": broken,
    };
    world.shown = {
      ...world.shown,
      "SHP/5": { standing: "missing" },
      "SHP/6": { standing: "missing" },
    };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect(world.asked).to.have.length(6);
    const { found, faulty, faults, why } = (await world.result())!;
    expect(why).to.equal(null);
    expect(found.map(({ id }) => id)).to.deep.equal([5, 6]);
    expect(faulty).to.equal(4);
    expect(faults.map(({ id }) => id)).to.have.members([2, 3, 4, 7]);
    expect(faults[0]).to.deep.equal({ id: 2, shipment: "SHP/2", why: "the answer is no JSON" });
  });

  it("keeps what was known of an order whose answer cannot be read this time", async () => {
    world.told = [order(1), order(2)];
    world.shown = { "SHP/1": there(), "SHP/2": { standing: "missing" } };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    world.shown = { "SHP/1": there(), "SHP/2": new Error("no JSON") };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect((await world.result())?.found.map(({ id }) => id)).to.deep.equal([2]);
    expect(world.reported.at(-1)?.compared).to.deep.equal([1]);
  });

  it("keeps what it found when the partner is gone, rests, and goes on from there, restarted too", async () => {
    world.told = [1, 2, 3, 4, 5].map((id) => order(id));
    world.shown = { "SHP/1": there(), "SHP/2": { standing: "missing" }, "SHP/3": there() };
    const gone = { code: "peer_unreachable", retry: "later" } as const;
    world.shown = { ...world.shown, "SHP/4": new MilepostError("the partner is down", gone) };
    world.now += 2 * 3_600_000;
    const same = world.watch();
    await same.tick(signal);
    await same.tick(signal);
    expect(world.asked).to.deep.equal(["SHP/1", "SHP/2", "SHP/3", "SHP/4"]);
    expect(await world.result()).to.deep.include({ why: "the partner is down", at: "", faulty: 0 });
    expect((await world.result())?.found.map(({ id }) => id)).to.deep.equal([2]);
    expect(world.reported.map(({ compared }) => compared)).to.deep.equal([[1, 2], [3]]);
    world.shown = { ...world.shown, "SHP/4": { standing: "missing" } };
    await world.watch().tick(signal);
    expect(world.asked.slice(4)).to.deep.equal(["SHP/4", "SHP/5"]);
    expect(await world.result()).to.deep.include({
      asked: 5,
      why: null,
      at: "2026-11-23T03:00:00Z",
    });
    expect((await world.result())?.found.map(({ id }) => id)).to.deep.equal([2, 4]);
  });

  it("takes three answers in a row that failed for the partner's fault, and goes on behind them", async () => {
    world.told = [1, 2, 3, 4, 5].map((id) => order(id));
    const failed = new MilepostError("answered 500", { code: "peer_failed", retry: "later" });
    world.shown = { "SHP/1": failed, "SHP/2": failed, "SHP/3": failed, "SHP/4": there() };
    await ask(world.open.store.properties, "acme", { compare: true });
    const same = world.watch();
    await same.tick(signal);
    await same.tick(signal);
    expect(world.asked).to.have.length(3);
    world.now += 3_600_000;
    await same.tick(signal);
    expect(world.asked.slice(3)).to.deep.equal(["SHP/4", "SHP/5"]);
    expect(await world.result()).to.deep.include({ asked: 5, unsure: 1, faulty: 3, why: null });
  });
});
