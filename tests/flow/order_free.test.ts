/**
 * The law that everything stands on: whatever the order, repetition and split of a shipment's
 * facts, and though two clients send them at once, the final record is the same. Proven against a
 * real Odoo, because the races that could break it are PostgreSQL's.
 */
import { expect } from "chai";
import fc from "fast-check";
import { CONTRACT_VERSION, type IngestAnswer } from "../../bridge/canonical/exchange.ts";
import type { Fact } from "../../bridge/canonical/fact.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { factsFor, factTemplates, type Template } from "./shipment_facts.ts";
import { createConnection, createShipment, readOutcome } from "./shipment_records.ts";

const MESSAGE = {
  id: "message-1",
  sha256: "0".repeat(64),
  received_at: "2026-11-30T08:00:00Z",
  mapping: "property@1",
  channel: "webhook",
} as const;

/** What one client sends, batch by batch. */
type Plan = Fact[][];

describe("A shipment's record, whatever the order of its facts", function () {
  this.timeout(300_000);
  const odoo = useOdooDatabase();
  let admin: OdooCall;
  let bridge: OdooCall;
  let connection: { id: number; code: string };

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    bridge = odooCall(odoo.url, odoo.database, odoo.apiKeys.bridge);
    connection = await createConnection(admin, "property");
  });

  /** Sends batches one after the other; a fact that must be retried is sent until it is settled. */
  async function send(batches: Plan): Promise<void> {
    for (const facts of batches) {
      let open = facts;
      while (open.length > 0) {
        const { verdicts } = await bridge<IngestAnswer>("milepost.exchange", "ingest", {
          batch: {
            contract: CONTRACT_VERSION,
            connection: connection.code,
            messages: [MESSAGE],
            facts: open,
          },
        });
        const refused = verdicts.filter((verdict) => verdict.status === "rejected");
        expect(refused, "facts that Odoo rejected").to.deep.equal([]);
        const again = new Set(verdicts.filter((v) => v.status === "retry").map((v) => v.key));
        open = open.filter((fact) => again.has(fact.key));
      }
    }
  }

  async function outcome(templates: readonly Template[], plans: (facts: Fact[]) => Plan[]) {
    const shipment = await createShipment(admin, connection.id);
    const facts = factsFor(shipment.uid, templates);
    await Promise.all(plans(facts).map(send));
    return readOutcome(admin, shipment.id);
  }

  it("is the same for any permutation, repetition and split, sent by two clients at once", async () => {
    const cases = factTemplates.chain((templates) =>
      fc.record({
        templates: fc.constant(templates),
        clients: fc.tuple(deliveries(templates.length), deliveries(templates.length)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ templates, clients }) => {
        const reference = await outcome(templates, (facts) => [[facts]]);
        const disordered = await outcome(templates, (facts) => [
          plan(facts, clients[0]),
          // The second client sends every fact at least once, so that none is missing.
          [...plan(facts, clients[1]), facts.toReversed()],
        ]);
        expect(disordered).to.deep.equal(reference);
      }),
      { numRuns: 25 },
    );
  });
});

interface Delivery {
  order: number[];
  batchSize: number;
}

/** Any sequence of fact numbers, with repetitions and gaps, cut into batches. */
function deliveries(count: number): fc.Arbitrary<Delivery> {
  return fc.record({
    order: fc.array(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: 2 * count }),
    batchSize: fc.integer({ min: 1, max: 6 }),
  });
}

function plan(facts: readonly Fact[], { order, batchSize }: Delivery): Plan {
  const sent = order.flatMap((index) => facts[index] ?? []);
  const batches: Plan = [];
  for (let at = 0; at < sent.length; at += batchSize) batches.push(sent.slice(at, at + batchSize));
  return batches;
}
