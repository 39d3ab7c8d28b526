/**
 * Two people press the billing button at once, while the validation's cron job runs and facts keep
 * arriving: each shipment is invoiced once, with its goods, at its price.
 */
import { expect } from "chai";
import { CONTRACT_VERSION, type Batch } from "../../bridge/canonical/exchange.ts";
import { factKey, type UnkeyedFact } from "../../bridge/canonical/fact_key.ts";
import { toUtcText } from "../../bridge/clock.ts";
import { readBilled } from "../../tools/demo/invoices.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { confirmOrders, createCatalogue, type Catalogue } from "../../tools/demo/sales.ts";
import { validatePickedUp } from "../../tools/demo/warehouse.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { createConnection } from "./shipment_records.ts";

const ROUNDS = 4;
const SHIPMENTS = 6;
const CODE = "races";
const HOUR = 3_600_000;

interface Shipment {
  id: number;
  name: string;
}

describe("Billing runs at the same time", function () {
  this.timeout(600_000);
  const odoo = useOdooDatabase();
  let admin: OdooCall;
  let analyst: OdooCall;
  let manager: OdooCall;
  let bridge: OdooCall;
  let sales: OdooCall;
  let catalogue: Catalogue;
  let connectionId: number;
  let validationCron: number;

  before(async () => {
    const keys = odoo.apiKeys;
    [admin, analyst, manager, bridge, sales] = [
      ...[keys.admin, keys.analyst, keys.manager, keys.bridge, keys.dispatcher],
    ].map((key) => odooCall(odoo.url, odoo.database, key)) as [
      ...[OdooCall, OdooCall, OdooCall, OdooCall, OdooCall],
    ];
    connectionId = (await createConnection(admin, CODE)).id;
    await admin("milepost.connection", "write", {
      ids: [connectionId],
      vals: { is_default: true, auto_transport_order: true },
    });
    await admin("milepost.billing.policy", "create", {
      vals_list: [{ name: "One each", consolidation: "shipment", pod_need_document: false }],
    });
    catalogue = await createCatalogue(admin);
    const [cron] = await admin<Array<{ id: number }>>("ir.cron", "search_read", {
      domain: [["code", "=", "model._cron_validate()"]],
      fields: ["name"],
    });
    validationCron = cron!.id;
  });

  it("make one invoice for each shipment, whatever arrives meanwhile", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const shipments = await shipmentsOnTheRoad(round);
      await send(shipments.flatMap(delivery));
      const late = shipments.map((shipment) => milestone(shipment, "in_transit", 2 + round / 10));
      await Promise.all([
        pressed(analyst),
        pressed(manager),
        attempt(() => admin("ir.cron", "method_direct_trigger", { ids: [validationCron] })),
        send(late),
        pressed(analyst),
        send(late.map((fact) => ({ ...fact, recorded_at: hour(40) }))),
      ]);
    }
    // What a run left to another one that failed, or to facts that came, is billed by the next.
    await pressed(analyst);
    await everythingIsBilledOnce();
  });

  async function shipmentsOnTheRoad(round: number): Promise<Shipment[]> {
    const orders = await confirmOrders(sales, catalogue, SHIPMENTS, round * SHIPMENTS);
    const shipments = await admin<Shipment[]>("milepost.shipment", "search_read", {
      domain: [["sale_order_ids", "in", orders]],
      fields: ["name"],
      order: "id",
    });
    expect(shipments).to.have.length(SHIPMENTS);
    await send(shipments.map((shipment) => milestone(shipment, "picked_up", 1)));
    expect(await validatePickedUp(sales)).to.equal(SHIPMENTS);
    return shipments;
  }

  /** Sends facts as the bridge does: what another transaction keeps locked is sent again. */
  async function send(facts: UnkeyedFact[]): Promise<void> {
    const head = {
      id: crypto.randomUUID(),
      sha256: "0".repeat(64),
      received_at: hour(41),
      mapping: "otm5@1",
      channel: "webhook" as const,
    };
    let open = facts.map((fact) => ({ ...fact, key: factKey(fact), message: head.id }));
    while (open.length > 0) {
      const batch: Batch = {
        contract: CONTRACT_VERSION,
        connection: CODE,
        messages: [head],
        facts: open,
      };
      const answer = await bridge<{ verdicts: Array<{ status: string }> }>(
        "milepost.exchange",
        "ingest",
        { batch },
      );
      const busy = open.filter((_fact, index) => answer.verdicts[index]!.status === "retry");
      const odd = answer.verdicts.filter(
        ({ status }) => !["accepted", "duplicate", "retry"].includes(status),
      );
      expect(odd).to.deep.equal([]);
      open = busy;
    }
  }

  async function everythingIsBilledOnce(): Promise<void> {
    const { shipments, strays } = await readBilled(admin, connectionId);
    expect(strays).to.deep.equal([]);
    expect(shipments).to.have.length(ROUNDS * SHIPMENTS);
    for (const shipment of shipments) {
      const shipped = await shippedOf(shipment.name);
      expect(shipment.invoices, `${shipment.name} (${shipment.holds.join()})`).to.have.length(1);
      expect(shipment.lines, shipment.name).to.deep.equal(shipped);
    }
    const drafts = await admin<number>("account.move", "search_count", {
      domain: [
        ["move_type", "in", ["out_invoice", "out_refund"]],
        ["state", "!=", "posted"],
      ],
    });
    expect(drafts).to.equal(0);
  }

  /** What left the warehouse: `<product> <quantity>`, sorted. */
  async function shippedOf(name: string): Promise<string[]> {
    const moves = await admin<Array<{ product_id: [number, string]; quantity: number }>>(
      "stock.move",
      "search_read",
      {
        domain: [["picking_id.milepost_shipment_ids.name", "=", name]],
        fields: ["product_id", "quantity"],
      },
    );
    return moves.map((move) => `${move.product_id[1]} ${move.quantity}`).toSorted();
  }
});

/** The button; a press that loses to another one may fail, and says so. */
async function pressed(user: OdooCall): Promise<void> {
  await attempt(() => user("milepost.billing.run", "run_now", {}));
}

/** Two of a kind at once: one may be told that the other is at it, and nothing else may go wrong. */
async function attempt(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!/serializ|concurrent|already executing|lock/i.test(String(error))) throw error;
  }
}

const hour = (at: number): string => toUtcText(new Date(Date.UTC(2026, 10, 2) + at * HOUR));

const named = ({ name }: Shipment) => ({
  identifiers: [{ type: "shipment" as const, value: name }],
  applies_to: "one" as const,
});

function milestone(
  shipment: Shipment,
  code: "picked_up" | "in_transit" | "delivered",
  at: number,
): UnkeyedFact {
  return {
    kind: "milestone",
    ...named(shipment),
    code,
    raw_code: code,
    classifier: "actual",
    occurred: { at: hour(at), precision: "second" },
    recorded_at: hour(at),
  };
}

function delivery(shipment: Shipment): UnkeyedFact[] {
  return [
    milestone(shipment, "delivered", 30),
    {
      kind: "proof_of_delivery",
      ...named(shipment),
      recorded_at: hour(31),
      delivered: { at: hour(30), precision: "minute" },
      signer: "De Vries",
      signed: true,
    },
  ];
}
