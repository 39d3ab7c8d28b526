/* Over 300 lines: one story of messages that are read again, told from several sides. */
/**
 * Messages that are read again under another mapping leave in Odoo what the new mapping says, and
 * nothing of the old: states, proofs and money. Proven against a real Odoo, with mappings and
 * replays at random.
 */
import { expect } from "chai";
import fc from "fast-check";
import { CONTRACT_VERSION, type IngestAnswer } from "../../bridge/canonical/exchange.ts";
import { systemClock } from "../../bridge/clock.ts";
import type { Connection } from "../../bridge/connection.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { Normalizer } from "../../bridge/normalize/normalizer.ts";
import { mappedSource, parsePartner } from "../../bridge/partners/partner.ts";
import { Wake } from "../../bridge/wake.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import type { OpenStore } from "../store/store_contract.ts";
import { createConnection, createShipment, readOutcome } from "./shipment_records.ts";

interface Variant {
  codes: Record<string, string>;
  signer: boolean;
  amount: "net" | "gross";
  number: "bill" | "reference";
  skipBills: boolean;
}

const CODES = ["A", "B", "C"];
const variants: fc.Arbitrary<Variant> = fc.record({
  codes: fc
    .tuple(...CODES.map(() => fc.constantFrom("picked_up", "arrived_delivery", "delivered", "-")))
    .map((meanings) =>
      Object.fromEntries(
        CODES.flatMap((code, index) =>
          meanings[index] === "-" ? [] : [[code, meanings[index] ?? ""] as const],
        ),
      ),
    ),
  signer: fc.boolean(),
  amount: fc.constantFrom("net", "gross"),
  number: fc.constantFrom("bill", "reference"),
  skipBills: fc.boolean(),
});

function partnerOf(variant: Variant, version: number) {
  const { codes, signer, amount, number, skipBills } = variant;
  const tree = {
    mapping: { name: "rereading", version },
    zone: "Europe/Amsterdam",
    recorded_at: "told",
    identifiers: { shipment: "load" },
    facts: [
      {
        kind: "milestone",
        when: "code",
        code: "code",
        occurred: "at",
      },
      {
        kind: "proof_of_delivery",
        when: "signed_by",
        event: "proof",
        delivered: "at",
        signer: signer ? "signed_by" : "driver",
      },
      {
        kind: "carrier_invoice",
        when: skipBills ? "false" : "bill",
        number,
        carrier_scac: { value: "RDLN" },
        bill_date: "at",
        currency: { value: "EUR" },
        total: amount,
        lines: { each: "$", code: { value: "FRT" }, amount },
      },
    ],
    codes: { milestones: codes, charges: { FRT: "linehaul" } },
    authority: {
      billing: [
        ...["picked_up", "arrived_delivery", "delivered", "proof_of_delivery", "carrier_invoice"],
      ],
    },
  };
  return parsePartner(JSON.stringify(tree), `rereading@${version}`);
}

function messagesOf(load: string): object[] {
  const told = "2026-11-02T12:00:00Z";
  const event = (code: string, hour: number) => ({
    load,
    told,
    code,
    at: `2026-11-02T${String(hour).padStart(2, "0")}:00:00Z`,
    city: "Venlo",
  });
  return [
    event("A", 7),
    event("B", 9),
    event("C", 11),
    { ...event("C", 11), again: true },
    {
      load,
      told,
      at: "2026-11-02T11:30:00Z",
      proof: `proof-${load}`,
      signed_by: "De Vries",
      driver: "Petersen",
    },
    {
      load,
      told,
      at: "2026-11-03",
      bill: `B-${load}`,
      reference: `R-${load}`,
      net: "500.00",
      gross: "605.00",
    },
  ];
}

describe("Messages that are read again by another mapping", function () {
  this.timeout(600_000);
  const odoo = useOdooDatabase();
  let admin: OdooCall;
  let bridge: OdooCall;
  let connection: { id: number; code: string };
  let open: OpenStore;
  const mappings = fc
    .sample(variants, { numRuns: 5, seed: 17 })
    .map((variant, index) => partnerOf(variant, index + 1));
  let [settings] = mappings;
  let normalizer: Normalizer;

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    bridge = odooCall(odoo.url, odoo.database, odoo.apiKeys.bridge);
    await admin("res.partner", "create", {
      vals_list: [{ name: "Roadline", milepost_scac: "RDLN" }],
    });
    connection = await createConnection(admin, "rereading");
    open = await openSqlite();
    await open.store.facts.recover(1, 0, 1000);
    const parts = { code: connection.code, source: mappedSource };
    const mapped = {
      ...parts,
      get settings() {
        return settings;
      },
    };
    normalizer = new Normalizer({
      inbox: open.store.inbox,
      deadLetters: open.store.deadLetters,
      connections: new Map([[connection.code, mapped as unknown as Connection]]),
      wake: new Wake(),
      onFacts: () => undefined,
      clock: systemClock(),
      log: createLogger("silent"),
      metrics: createMetrics(),
    });
  });
  after(() => open.dispose());

  let stored = 0;
  async function accept(load: string): Promise<string[]> {
    const messages = messagesOf(load).map((body) => ({
      connection: connection.code,
      channel: "webhook" as const,
      contentType: "application/json",
      body: Buffer.from(JSON.stringify(body)),
      attributes: {},
      dedupeKey: String((stored += 1)),
      receivedAt: Date.UTC(2026, 10, 3),
    }));
    return (await open.store.inbox.accept(messages)).map((it) => it.id);
  }

  /** Reads what is unread, and brings what came of it to Odoo, in batches. */
  async function carry(): Promise<void> {
    while ((await normalizer.readSome()) > 0);
    for (;;) {
      const now = Date.now();
      const batch = await open.store.facts.claim({
        ...{
          lane: 0,
          except: new Set<string>(),
          maxFacts: 50,
          maxBytes: 1e6,
          now,
          leaseMs: 60_000,
        },
      });
      if (batch === null) return;
      const { verdicts } = await bridge<IngestAnswer>("milepost.exchange", "ingest", {
        batch: {
          contract: CONTRACT_VERSION,
          connection: connection.code,
          messages: batch.messages,
          facts: batch.facts.map((it) => it.fact),
        },
      });
      const refused = verdicts.filter((it) => it.status === "rejected" || it.status === "retry");
      expect(refused).to.deep.equal([]);
      await open.store.facts.settle(
        batch.facts.map(({ seq }) => ({ seq, to: "delivered", shipments: [], at: now })),
      );
    }
  }

  async function readAgain(ids: readonly string[]): Promise<void> {
    for (const id of ids) await open.store.inbox.replay(id, Date.now(), "tests", false);
  }

  async function money(shipmentId: number) {
    await admin("milepost.billing.run", "run_now", {});
    const domain = [["shipment_id", "=", shipmentId]];
    const bills = await admin<Array<Record<string, unknown>>>(
      ...(["milepost.carrier.invoice", "search_read"] as const),
      {
        domain: [...domain, ["retracted", "=", false]],
        fields: ["total", "state", "approved_amount", "to_book_amount"],
        order: "total",
      },
    );
    const holds = await admin<Array<Record<string, unknown>>>("milepost.hold", "search_read", {
      domain: [...domain, ["is_open", "=", true]],
      fields: ["side", "reason", "amount"],
      order: "side, reason",
    });
    const fields = ["billing_state", "held_amount", "approved_cost", "billable_amount"];
    const read = { ids: [shipmentId], fields };
    const [shipment] = await admin<Array<Record<string, unknown>>>(
      ...(["milepost.shipment", "read", read] as const),
    );
    const without = ({ id: _id, ...rest }: Record<string, unknown>) => rest;
    return {
      bills: bills.map(without),
      holds: holds.map(without),
      shipment: without(shipment ?? {}),
    };
  }

  /** What counts of the shipment; which facts were withdrawn on the way does not. */
  async function outcome(shipmentId: number) {
    const { proofs, shipment, ...record } = (await readOutcome(admin, shipmentId)) as {
      proofs: Array<{ retracted: boolean }>;
      shipment: Record<string, unknown>;
    };
    const { fact_count: _all, unmapped_count: _unmapped, ...known } = shipment;
    const milestones = await admin<Array<Record<string, unknown>>>(
      ...(["milepost.milestone", "search_read"] as const),
      {
        domain: [
          ["shipment_id", "=", shipmentId],
          ["retracted", "=", false],
        ],
        fields: ["code", "raw_code", "occurred_at", "superseded", "place_name"],
        order: "raw_code, code",
      },
    );
    return {
      ...record,
      shipment: known,
      proofs: proofs.filter((it) => !it.retracted),
      milestones: milestones.map(({ id: _id, ...rest }) => rest),
      money: await money(shipmentId),
    };
  }

  it("are in Odoo as if only the last mapping had ever read them, money included", async () => {
    const mapping = fc.constantFrom(...mappings);
    const steps = fc.array(fc.record({ mapping, again: fc.subarray([0, 1, 2, 3, 4, 5]) }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(mapping, steps, mapping, async (first, between, last) => {
        const shipment = await createShipment(admin, connection.id);
        settings = first;
        const ids = await accept(shipment.name);
        await carry();
        for (const { mapping: other, again } of between) {
          settings = other;
          await readAgain(again.map((index) => ids[index] ?? ""));
          await carry();
        }
        settings = last;
        await readAgain(ids);
        await carry();
        const fresh = await createShipment(admin, connection.id);
        await accept(fresh.name);
        await carry();
        const [was, is] = [await outcome(shipment.id), await outcome(fresh.id)];
        expect(was).to.deep.equal(is);
      }),
      { numRuns: 5 },
    );
  });
});
