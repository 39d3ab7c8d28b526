import { expect } from "chai";
import { factKey } from "../../bridge/canonical/fact_key.ts";
import type { UnkeyedFact } from "../../bridge/canonical/fact_key.ts";
import { otm5Source } from "../../bridge/sources/otm5/source.ts";
import type { OrderTruth } from "../../tools/simulator/ledger.ts";
import { FLAWLESS, type Habits } from "../../tools/simulator/options.ts";
import { type Simulator, startSimulator } from "../../tools/simulator/simulator.ts";
import {
  httpPeer,
  type Inbox,
  NEVER,
  order,
  outgoing,
  START,
  startInbox,
  stillClock,
} from "./kit.ts";

const settings = otm5Source.settings.parse({});
const secret = `whsec_${Buffer.from("simulator-secret-canary-0123").toString("base64")}`;

describe("what a simulated TMS makes of its orders", function () {
  this.timeout(60_000);
  let inbox: Inbox;
  let simulator: Simulator;

  async function run(
    count: number,
    habits: Partial<Habits>,
    more: object = {},
    spared: readonly string[] = [],
  ): Promise<OrderTruth[]> {
    inbox = await startInbox();
    const webhook = { url: inbox.url, secret };
    const own = {
      clock: stillClock(),
      start: START,
      speed: 0,
      webhook,
      habits: { ...FLAWLESS, ...habits },
    };
    simulator = await startSimulator({ ...own, ...more });
    simulator.spare(spared);
    const peer = httpPeer(simulator.url);
    for (let n = 1; n <= count; n += 1)
      await otm5Source.sendOrder?.(peer, outgoing(n), settings, NEVER);
    await simulator.finish();
    return simulator.truth();
  }

  afterEach(async () => {
    await simulator.stop();
    await inbox.stop();
  });

  function read(body: Buffer): UnkeyedFact[] {
    const message = { body, contentType: "application/json", receivedAt: START, attributes: {} };
    otm5Source.check(message, settings);
    return otm5Source.read(message, settings).facts.map((it) => it.fact);
  }
  const pushed = () => inbox.messages.flatMap(({ body }) => read(Buffer.from(body)));

  async function polled(): Promise<UnkeyedFact[]> {
    const facts: UnkeyedFact[] = [];
    let cursor: string | null = null;
    for (let more = true; more;) {
      const page = await otm5Source.fetchPage!(
        httpPeer(simulator.url),
        cursor,
        settings,
        NEVER,
        new Date(),
      );
      facts.push(...page.messages.flatMap((it) => read(it.body)));
      ({ cursor, more } = page);
    }
    return facts;
  }

  /** What the facts finally say of a consignment's delivery: the latest word on what was not withdrawn. */
  function outcomeOf(facts: UnkeyedFact[], consignment: string) {
    const about = facts.filter((it) => it.identifiers.some((name) => name.value === consignment));
    const withdrawn = new Set(
      about.flatMap((it) =>
        it.kind === "retraction" && "source_event" in it.target ? [it.target.source_event] : [],
      ),
    );
    const outcomes = about.filter(
      (it) =>
        it.kind === "milestone" &&
        it.classifier === "actual" &&
        ["delivered", "partially_delivered", "refused"].includes(it.code ?? "") &&
        !withdrawn.has(it.source_event ?? ""),
    );
    const latest = outcomes.toSorted((a, b) => ((a.version ?? "") < (b.version ?? "") ? 1 : -1))[0];
    return latest?.kind === "milestone" ? { code: latest.code, at: latest.occurred.at } : undefined;
  }

  function expectTruth(truth: OrderTruth[], facts: UnkeyedFact[]): void {
    for (const { tms_consignment, state, delivered, finished } of truth) {
      expect(finished).to.equal(true);
      const expected = state === "cancelled" ? undefined : { code: state, at: delivered };
      expect(outcomeOf(facts, tms_consignment)).to.deep.equal(expected);
    }
  }

  it("is told in full by pushes, whatever the disorder, repetition and lateness", async () => {
    const truth = await run(6, { repeated: 0.4, late: 0.4, delayed: 0.4 });
    expectTruth(truth, pushed());
    expect(truth.some((it) => it.messages.late > 0 && it.messages.duplicated > 0)).to.equal(true);
  });

  it("is told in full by polls when nothing is pushed", async () => {
    const truth = await run(8, { withheld: 1, short: 0.4 });
    expect(inbox.messages).to.have.length(0);
    expect(truth.every((it) => it.messages.sent === 0 && it.messages.withheld > 0)).to.equal(true);
    expectTruth(truth, await polled());
  });

  for (const habit of ["refused", "cancelled", "recounted", "short", "damaged"]) {
    it(`brings what is spared to a good end while others are ${habit}`, async () => {
      const spared = order(1).shipment;
      const truth = await run(2, { [habit]: 1 }, {}, [spared]);
      const good = truth.filter(({ state }) => state === "delivered");
      expect(good.map(({ shipment }) => shipment)).to.deep.equal([spared]);
    });
  }

  it("sends nothing new with a repetition", async () => {
    await run(3, { repeated: 1 });
    const keys = pushed().map(factKey);
    expect(keys.length).to.be.greaterThan(new Set(keys).size);
    const bodies = new Set(inbox.messages.map((it) => it.body));
    const once = [...bodies].flatMap((body) => read(Buffer.from(body)).map(factKey));
    expect(new Set(keys)).to.deep.equal(new Set(once));
  });

  it("corrects times and counts afterwards, and the latest word is the truth", async () => {
    const truth = await run(8, { corrected: 1, recounted: 1 });
    expect(truth.every((it) => it.state === "partially_delivered")).to.equal(true);
    expect(truth.every((it) => it.messages.corrections >= 2)).to.equal(true);
    expectTruth(truth, pushed());
  });

  it("withdraws deliveries that were reported by mistake", async () => {
    const truth = await run(6, { retracted: 1 });
    const facts = pushed();
    expect(facts.some((it) => it.kind === "retraction")).to.equal(true);
    expectTruth(truth, facts);
  });

  it("tries again where nobody was, and counts the attempt", async () => {
    const truth = await run(6, { absent: 1 });
    expect(truth.map((it) => [it.attempts, it.state])).to.deep.equal(
      truth.map(() => [1, "delivered"]),
    );
    expectTruth(truth, pushed());
  });

  it("accounts for every unit of the order, however the delivery went", async () => {
    const truth = await run(15, { short: 0.3, damaged: 0.3, refused: 0.3 });
    expect(new Set(truth.map((it) => it.state))).to.include.members([
      "partially_delivered",
      "refused",
    ]);
    for (const { stops, order: id } of truth) {
      const { goods } = order(Number(id.slice(-12)));
      for (const { id: line, quantity } of goods) {
        const told = (stops.at(-1)?.quantities ?? []).filter((it) => it.goods === line);
        expect(told.reduce((sum, it) => sum + Number(it.quantity), 0)).to.equal(Number(quantity));
      }
    }
  });

  it("gives papers that are what they say they are", async () => {
    await run(2, {});
    const proofs = pushed().flatMap((it) =>
      it.kind === "proof_of_delivery" ? (it.documents ?? []) : [],
    );
    expect(proofs.map((it) => it.media_type)).to.include.members(["application/pdf", "image/png"]);
    expect(proofs.every((it) => it.size > 100)).to.equal(true);
  });

  it("takes a cancelled order off its trip", async () => {
    const truth = await run(4, { cancelled: 1 });
    expect(truth.every((it) => it.state === "cancelled" && it.finished)).to.equal(true);
    expectTruth(truth, pushed());
  });

  it("puts several orders on one trip, with a pickup in common", async () => {
    const truth = await run(12, {}, { orders_per_trip: 4, seed: "shared" });
    const trips = new Map<string | null, OrderTruth[]>();
    for (const it of truth) trips.set(it.trip, [...(trips.get(it.trip) ?? []), it]);
    const shared = [...trips.values()].find((it) => it.length > 1);
    expect(new Set(shared?.map((it) => it.stops[0]?.tms_id)).size).to.equal(1);
  });

  it("is the same day for the same seed", async () => {
    const first = await run(5, { short: 0.5, delayed: 0.5 });
    await simulator.stop();
    await inbox.stop();
    expect(await run(5, { short: 0.5, delayed: 0.5 })).to.deep.equal(first);
  });
});
