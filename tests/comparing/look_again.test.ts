import { expect } from "chai";
import { ask } from "../../bridge/comparing/comparison_state.ts";
import { ComparisonWorld, order, there } from "./comparison_world.ts";

const signal = new AbortController().signal;

describe("an order that somebody in Odoo wants looked at again", () => {
  let world: ComparisonWorld;
  beforeEach(async () => {
    world = await ComparisonWorld.open();
  });
  afterEach(() => world.open.dispose());

  const looks = () => world.told.filter(({ look }) => look).map(({ id }) => id);

  it("is still wanted after a comparison that did not read what the partner shows", async () => {
    world.told = [order(1, "accepted", true), order(2)];
    world.shown = { "SHP/1": new Error("no JSON"), "SHP/2": there() };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect(looks()).to.deep.equal([1]);
    world.shown = { "SHP/1": there("SHP/1"), "SHP/2": there() };
    world.now += 2 * 3_600_000;
    const same = world.watch();
    await same.tick(signal);
    expect(looks()).to.deep.equal([]);
    expect(await world.open.store.inbox.latest("acme", 5)).to.have.length(1);
  });

  it("is not told of by the comparison: of what it shows the look reports", async () => {
    world.told = [order(1, "accepted", true)];
    world.shown = { "SHP/1": { standing: "unsure" } };
    const same = world.watch();
    await same.tick(signal);
    world.shown = { "SHP/1": there() };
    await ask(world.open.store.properties, "acme", { compare: true });
    await same.tick(signal);
    expect(world.reported).to.deep.equal([]);
    expect(looks()).to.deep.equal([1]);
  });

  it("is asked for again later while the partner does not say how it stands", async () => {
    world.told = [order(1, "accepted", true)];
    const same = world.watch();
    for (let minutes = 0; minutes < 9; minutes += 1) {
      await same.tick(signal);
      world.now += 60_000;
    }
    expect(world.asked).to.have.length(1);
    expect(looks()).to.deep.equal([1]);
    world.shown = { "SHP/1": there("SHP/1") };
    world.now += 60_000;
    await same.tick(signal);
    expect(looks()).to.deep.equal([]);
  });

  it("is looked at on whichever page it stands, behind one at fault, too", async () => {
    world.told = [1, 2, 3, 4, 5].map((id) => order(id, "accepted", true));
    const all = world.told.map(({ shipment }) => [shipment, there(shipment)] as const);
    world.shown = { ...Object.fromEntries(all), "SHP/1": new Error("no JSON") };
    await world.watch().tick(signal);
    expect(looks()).to.deep.equal([1]);
    expect(await world.open.store.inbox.latest("acme", 9)).to.have.length(4);
  });

  it("is read again though the partner shows the very same as at an earlier look", async () => {
    const { inbox } = world.open.store;
    world.told = [order(1, "accepted", true)];
    world.shown = { "SHP/1": there("SHP/1") };
    const same = world.watch();
    await same.tick(signal);
    const [message] = await inbox.latest("acme", 5);
    await inbox.recordReading(message!.id, "tiny@1", [], [], world.now);
    world.told = [order(1, "accepted", true)];
    world.now += 60_000;
    await same.tick(signal);
    expect(looks()).to.deep.equal([]);
    const messages = await inbox.latest("acme", 5);
    expect(messages.map(({ id, state }) => `${id} ${state}`)).to.deep.equal([
      `${message!.id} received`,
    ]);
  });
});
