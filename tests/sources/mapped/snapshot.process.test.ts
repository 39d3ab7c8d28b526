import { expect } from "chai";
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { factKey, type UnkeyedFact } from "../../../bridge/canonical/fact_key.ts";
import { checkConfig } from "../../../bridge/config.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { sources } from "../../../bridge/sources/registry.ts";
import { testTree } from "../../bridge_kit/test_bridge.ts";
import { ReadingBuilder } from "../../../bridge/sources/shared/reading/reading.ts";
import type { Built } from "../../../bridge/sources/mapped/facts.ts";
import { loadPartner, parsePartner } from "../../../bridge/sources/mapped/partner_file.ts";
import {
  applyDifference,
  compareSnapshot,
  saysAnything,
  type SnapshotState,
} from "../../../bridge/sources/mapped/snapshot.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import { expectSound } from "../golden.ts";
import { FIXTURES, ROOT, sampleOf } from "./mapped_kit.ts";

const SLOTS = ["arrival", "departure", "eta"];
type Shown = Record<string, string | null>;

function clock(minute: number): string {
  return new Date(Date.UTC(2026, 10, 23, 8, minute)).toISOString().replace(".000Z", "Z");
}

/** What the mapping builds of one load's snapshot, taken at a minute. */
function builtOf(shown: Shown, minute: number): Built {
  const identifiers = [{ type: "shipment_id" as const, value: "L1" }];
  const head = { identifiers, recorded_at: clock(minute) };
  const facts = Object.entries(shown).flatMap(([slot, at]) => {
    if (at === null) return [];
    const fact: UnkeyedFact = {
      kind: "milestone",
      ...head,
      applies_to: "one",
      source_event: `L1/${slot}`,
      classifier: "actual",
      raw_code: slot,
      occurred: { at, precision: "second" },
    };
    return [{ fact, priority: "billing" as const, lane: "L1", entity: "L1" }];
  });
  const entities = new Map([["L1", { ...head, lane: "L1" }]]);
  return { builder: new ReadingBuilder(), facts, entities };
}

/** Polls the snapshots one after the other; gives all facts that were told. */
function poll(snapshots: readonly Shown[]): UnkeyedFact[] {
  let state: SnapshotState = {};
  return snapshots.flatMap((shown, minute) => {
    const built = builtOf(shown, minute);
    const { difference, state: after } = compareSnapshot(state, built);
    state = after;
    if (!saysAnything(difference, built)) return [];
    applyDifference(built, JSON.stringify(difference));
    return built.facts.map((it) => it.fact);
  });
}

/** What holds of a set of facts, as Odoo derives it: not withdrawn, and the latest of its event. */
function holding(facts: readonly UnkeyedFact[]): Shown {
  const withdrawn = new Set(
    facts.flatMap((it) => (it.kind === "retraction" && "key" in it.target ? [it.target.key] : [])),
  );
  const latest = new Map<string, UnkeyedFact>();
  for (const fact of facts) {
    if (fact.kind !== "milestone" || withdrawn.has(factKey(fact))) continue;
    const slot = fact.source_event ?? "";
    const known = latest.get(slot);
    if (known === undefined || (fact.version ?? "") > (known.version ?? "")) latest.set(slot, fact);
  }
  return Object.fromEntries(
    SLOTS.map((slot) => {
      const fact = latest.get(`L1/${slot}`);
      return [slot, fact?.kind === "milestone" ? fact.occurred.at : null];
    }),
  );
}

const shown = fc.record(
  Object.fromEntries(
    SLOTS.map((slot) => [slot, fc.constantFrom(null, clock(1), clock(2), clock(3))]),
  ),
) as fc.Arbitrary<Shown>;

describe("snapshots of a partner", () => {
  it("leave what the last one shows, in whatever order and how often their facts arrive", () => {
    fc.assert(
      fc.property(
        fc.array(shown, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (all, dice) => {
          const facts = poll(all);
          const shuffled = [...facts, ...facts.slice(0, 3)]
            .map((fact) => ({ fact, place: dice.next().value as number }))
            .toSorted((a, b) => a.place - b.place)
            .map((it) => it.fact);
          expect(holding(shuffled)).to.deep.equal(all.at(-1));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("tell nothing while nothing changes", () => {
    const same = { arrival: clock(1), departure: null, eta: clock(3) };
    expect(poll([same, same, same])).to.have.length(2);
  });

  it("are told as they are where no poll compared them", () => {
    const built = builtOf({ arrival: clock(1), departure: null, eta: null }, 5);
    applyDifference(built, undefined);
    expect(built.facts.map(({ fact }) => "version" in fact && fact.version)).to.deep.equal([
      clock(5),
    ]);
  });
});

describe("a way on which nothing could be compared", () => {
  const file = join(ROOT, "deploy/partners/crossfreight.yaml");
  const ways = {
    webhook: { verifier: { scheme: "token", header: "x-token", keys: [{ secret: "s" }] } },
    folder: { in: "/srv/in", archive: "/srv/archive", error: "/srv/error" },
  };

  for (const [way, value] of Object.entries(ways)) {
    it(`is refused in the partner's file: ${way}`, () => {
      const text = readFileSync(file, "utf8").replace(
        /^transport:$/m,
        `transport:\n  ${way}: ${JSON.stringify(value)}`,
      );
      expect(() => parsePartner(text, "crossfreight.yaml"))
        .to.throw(MilepostError, "the difference to the last poll")
        .that.includes({ code: "mapping_invalid", path: `transport/${way}` });
    });

    it(`is refused in the configuration: ${way}`, () => {
      const connection = { source: "mapped", settings: { partner: file }, [way]: value };
      const tree = testTree({ odooUrl: "http://localhost:1", dataDir: "/tmp/none", connection });
      if (way !== "webhook")
        delete (tree["connections"] as object[] as [{ webhook?: object }])[0].webhook;
      expect(() => checkConfig(tree, { CROSSFREIGHT_TOKEN: "t" }, sources))
        .to.throw(MilepostError, "the difference to the last poll")
        .that.includes({ path: `connections.0.${way}` });
    });
  }
});

describe("a partner that shows stops as they stand", function () {
  this.timeout(60_000);

  it("is read by the difference to the last poll, and what vanished is withdrawn by its key", async () => {
    const crossfreight = loadPartner(join(ROOT, "deploy/partners/crossfreight.yaml"));
    const told: UnkeyedFact[] = [];
    let cursor: string | null = null;
    for (const name of readdirSync(join(FIXTURES, "crossfreight"))) {
      for (const again of [false, true]) {
        let more = true;
        while (more) {
          const page = await mappedSource.fetchPage!(
            {
              request: ({ query }) => {
                const body =
                  query?.["page"] === "1" ? sampleOf("crossfreight", name) : '{"loads":[]}';
                return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(body) });
              },
            },
            cursor,
            crossfreight,
            AbortSignal.timeout(30_000),
            new Date(),
          );
          if (again) expect(page.messages, name).to.deep.equal([]);
          for (const message of page.messages) {
            const reading = await mappedSource.read(
              { ...message, receivedAt: new Date() },
              crossfreight,
            );
            expectSound(reading);
            told.push(...reading.facts.map((it) => it.fact));
          }
          ({ cursor, more } = page);
        }
      }
    }
    const lines = told.map((it) =>
      it.kind === "milestone" ? `${it.code ?? "-"} ${it.occurred.at}` : it.kind,
    );
    expect(lines).to.deep.equal([
      "arrived_pickup 2026-11-23T14:00:00Z",
      "eta_updated 2026-11-23T23:00:00Z",
      "loaded 2026-11-23T15:20:00Z",
      "picked_up 2026-11-23T15:30:00Z",
      "eta_updated 2026-11-24T00:30:00Z",
      "retraction",
      "picked_up 2026-11-23T15:30:00Z",
    ]);
    const [departed, withdrawn, again] = [told[3]!, told[5]!, told[6]!];
    expect(withdrawn).to.deep.include({ target: { key: factKey(departed) } });
    expect(factKey(again)).not.to.equal(factKey(departed));
  });
});
