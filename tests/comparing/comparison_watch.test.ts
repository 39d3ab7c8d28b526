import { expect } from "chai";
import type { OrderStanding } from "../../bridge/canonical/told_order.ts";
import { ask, readResults } from "../../bridge/comparing/comparison_state.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { ComparisonWorld, order, there } from "./comparison_world.ts";

const signal = new AbortController().signal;

describe("the nightly comparison of orders", () => {
  let world: ComparisonWorld;
  beforeEach(async () => {
    world = await ComparisonWorld.open();
  });
  afterEach(() => world.open.dispose());

  it("is made once a night, over all pages, and tells Odoo what differs and what agrees", async () => {
    world.told = [order(1), order(2), order(3), order(4, "cancelled"), order(5)];
    world.shown = { "SHP/1": there(), "SHP/2": { standing: "missing" }, "SHP/4": there() };
    await world.watch().tick(signal);
    expect(world.asked).to.deep.equal([], "it is not night");
    world.now += 2 * 3_600_000;
    await world.watch().tick(signal);
    await world.watch().tick(signal);
    expect(world.asked).to.have.length(5, "once a night, after a restart, too");
    expect(world.reported.map(({ compared }) => compared)).to.deep.equal([[1, 2], [4]]);
    const differences = world.reported.flatMap((it) => it.differences);
    expect(differences.map(({ id, kind }) => `${id} ${kind}`)).to.deep.equal([
      "2 missing", "4 still_there",
    ]); // prettier-ignore
    expect(await world.result()).to.deep.include({ asked: 5, unsure: 2, why: null });
    const gauge = await world.metrics.registry.getSingleMetricAsString(
      "milepost_order_differences",
    );
    expect(gauge).to.include('{connection="acme"} 2');
    world.now += 86_400_000;
    world.shown = { ...world.shown, "SHP/4": { standing: "missing" } };
    await world.watch().tick(signal);
    const found = (await world.result())?.found ?? [];
    expect(found.map(({ id, since }) => `${id} ${since}`)).to.deep.equal([
      "2 2026-11-23T03:00:00Z",
    ]);
  });

  it("lets a partner who answers slowly hold up no other", async () => {
    world.told = [order(1)];
    world.now += 2 * 3_600_000;
    let answer: (standing: OrderStanding) => void = () => undefined;
    const waiting = new Promise<OrderStanding>((resolve) => (answer = resolve));
    const slow = { ...world.connection({ readOrder: () => waiting }), code: "slow" };
    const { properties } = world.open.store;
    const watch = world.watch(slow, world.connection());
    const night = watch.tick(signal);
    await waitUntil("the other connection is compared", async () =>
      Boolean((await readResults(properties))["acme"]),
    );
    expect((await readResults(properties))["slow"]).to.equal(undefined);
    answer({ standing: "missing" });
    await night;
    expect(Object.keys(await readResults(properties)).toSorted()).to.deep.equal(["acme", "slow"]);
  });

  it("does not take a partner that shows no order for one that lost all", async () => {
    world.told = [order(1), order(2)];
    world.shown = { "SHP/1": { standing: "missing" }, "SHP/2": { standing: "missing" } };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect(world.reported).to.deep.equal([]);
    expect((await world.result())?.why).to.equal(
      "the partner shows none of 2 orders, nor ever showed one",
    );
    world.shown = { "SHP/1": there(), "SHP/2": { standing: "missing" } };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect(world.reported[0]?.differences.map(({ id }) => id)).to.deep.equal([2]);
  });

  it("begins anew when a partner shows one after all, for what he did not show before it", async () => {
    world.told = [order(1), order(2), order(3)];
    world.shown = {
      "SHP/1": { standing: "missing" },
      "SHP/2": { standing: "missing" },
      "SHP/3": there(),
    };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect((await world.result())?.found.map(({ id }) => id)).to.deep.equal([1, 2]);
    expect(await world.result()).to.include({ asked: 3, unsure: 0, why: null });
  });

  it("tells another state by what the partner's answer would change, and reads it when that is wanted", async () => {
    world.told = [order(1), order(2)];
    world.shown = { "SHP/1": there("SHP/1"), "SHP/2": there("SHP/2") };
    world.states = { "SHP/2": "delivered" };
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect(world.reported[0]?.differences).to.deep.equal([
      { id: 2, kind: "state", said: "state: in_transit here, delivered there" },
    ]);
    world.told = [order(1), order(2, "accepted", true)];
    await world.watch().tick(signal);
    const [message, ...more] = await world.open.store.inbox.latest("acme", 5);
    expect(more).to.deep.equal([]);
    expect(message).to.include({ channel: "poll", state: "received" });
    expect(message?.body.toString()).to.include("SHP/2");
    expect(world.told[1]?.look).to.equal(false);
  });

  it("carries out what an operator asks for, and compares again", async () => {
    world.told = [order(1)];
    world.shown = { "SHP/1": there() };
    await ask(world.open.store.properties, "acme", { repair: [1] });
    await world.watch().tick(signal);
    await world.watch().tick(signal);
    expect(world.repaired).to.deep.equal([1]);
    expect(world.asked).to.deep.equal(["SHP/1"]);
  });

  it("says of connections that cannot be compared why, and asks nobody", async () => {
    world.told = [order(1)];
    await world.watch(world.connection({ readOrder: undefined })).tick(signal);
    expect((await world.result())?.why).to.equal("partners of tiny cannot be asked for orders");
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch(world.connection({}, { isSilent: true })).tick(signal);
    expect((await world.result())?.why).to.include("takes files");
    world.contract = "1.5";
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch().tick(signal);
    expect((await world.result())?.why).to.equal("the addon in Odoo is older than this bridge");
    world.contract = "1.6";
    await ask(world.open.store.properties, "acme", { compare: true });
    await world.watch(world.connection({ refusedLook: () => "no orders/find" })).tick(signal);
    expect((await world.result())?.why).to.equal("no orders/find");
    expect(world.asked).to.deep.equal([]);
  });
});
