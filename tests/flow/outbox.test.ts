/** The transport order leaves in the transaction that confirms the delivery, or not at all. */
import { expect } from "chai";
import type { ClaimAnswer } from "../../bridge/canonical/exchange.ts";
import { toldOrder, toldOrdersAnswer } from "../../bridge/canonical/told_order.ts";
import { differenceOf } from "../../bridge/comparing/difference.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { callOff, wantMore } from "../../tools/demo/amendments.ts";
import { confirmOrders, createCatalogue, type Catalogue } from "../../tools/demo/sales.ts";
import { useOdooDatabase } from "../real_odoo.ts";

const CODE = "outbox";

describe("The outbox of a real Odoo", function () {
  this.timeout(60_000);
  const odoo = useOdooDatabase();
  let admin: OdooCall;
  let sales: OdooCall;
  let bridge: OdooCall;
  let catalogue: Catalogue;

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    sales = odooCall(odoo.url, odoo.database, odoo.apiKeys.dispatcher);
    bridge = odooCall(odoo.url, odoo.database, odoo.apiKeys.bridge);
    const own = { name: CODE, code: CODE, source: "otm5", is_default: true };
    await admin("milepost.connection", "create", {
      vals_list: [{ ...own, auto_transport_order: true }],
    });
    catalogue = await createCatalogue(admin);
  });

  const claim = async (lease_seconds = 60) => {
    const args = { connection: CODE, limit: 20, lease_seconds };
    return (await bridge<ClaimAnswer>("milepost.exchange", "claim_outbox", args)).items;
  };
  const acknowledge = async (id: number, lease: string, number: string) => {
    const acknowledgements = [{ id, lease, result: "accepted", external_number: number }];
    const args = { acknowledgements };
    const answer = await bridge<{ results: Array<{ status: string }> }>(
      "milepost.exchange",
      "acknowledge_outbox",
      args,
    );
    return answer.results[0]?.status;
  };
  const queued = () => admin<number>("milepost.outbox", "search_count", { domain: [] });

  it("holds a confirmed sale's order once, hands it out under a lease and takes the answer", async () => {
    const [sale] = await confirmOrders(sales, catalogue, 1);
    const [item, ...rest] = await claim();
    expect(rest).to.deep.equal([]);
    const [order] = await sales<Array<{ name: string }>>("sale.order", "read", {
      ids: [sale],
      fields: ["name"],
    });
    expect(item?.payload).to.have.deep.property("sales_orders", [order?.name]);
    expect(await claim(), "while the lease runs").to.deep.equal([]);
    expect(await acknowledge(item!.id, "another lease", "TO-1")).to.equal("lease_lost");
    expect(await acknowledge(item!.id, item!.lease, "TO-1")).to.equal("done");
    const [row] = await admin<object[]>("milepost.outbox", "read", {
      ids: [item!.id],
      fields: ["state", "external_number"],
    });
    expect(row).to.deep.include({ state: "accepted", external_number: "TO-1" });
  });

  it("holds nothing of a confirmation that was rolled back", async () => {
    const before = await queued();
    const [draft] = await sales<number[]>("sale.order", "create", {
      vals_list: [
        {
          partner_id: catalogue.customers[0],
          order_line: [[0, 0, { product_id: catalogue.products[0], product_uom_qty: 3 }]],
        },
      ],
    });
    const [model] = await admin<Array<{ id: number }>>("ir.model", "search_read", {
      domain: [["model", "=", "sale.order"]],
      fields: ["model"],
    });
    // The order is there inside the transaction, which then fails.
    const code = `
before = env['milepost.outbox'].search_count([])
env['sale.order'].browse(${draft}).action_confirm()
raise UserError('queued: %s' % (env['milepost.outbox'].search_count([]) - before))`;
    const [action] = await admin<number[]>("ir.actions.server", "create", {
      vals_list: [{ name: "confirm and fail", model_id: model!.id, state: "code", code }],
    });
    const fault = await admin("ir.actions.server", "run", { ids: [action] }).then(
      () => "no fault",
      (error: Error) => error.message,
    );
    expect(fault).to.include("queued: 1");
    expect(await queued()).to.equal(before);
  });

  it("does not hand out the order of a delivery that was cancelled before", async () => {
    const [sale] = await confirmOrders(sales, catalogue, 1, 7);
    const pickings = await sales<Array<{ id: number }>>("stock.picking", "search_read", {
      domain: [["sale_id", "=", sale]],
      fields: ["name"],
    });
    await sales("stock.picking", "action_cancel", { ids: pickings.map(({ id }) => id) });
    expect(await claim()).to.deep.equal([]);
    const cancelled = await admin<number>("milepost.outbox", "search_count", {
      domain: [["state", "=", "cancelled"]],
    });
    expect(cancelled).to.equal(1);
  });

  it("changes and cancels an order that was sent, in the transactions that change and cancel the sale", async () => {
    const [sale] = await confirmOrders(sales, catalogue, 1, 9);
    const [order] = await claim();
    await wantMore(sales, sale!);
    expect(await claim(), "before the order's answer").to.deep.equal([]);
    await acknowledge(order!.id, order!.lease, "TO-9");
    const [change, ...rest] = await claim();
    expect(rest).to.deep.equal([]);
    expect(change).to.include({ kind: "order_change" });
    const quantity = (item: typeof change) =>
      item !== undefined && "goods" in item.payload
        ? Number(item.payload.goods[0]?.quantity)
        : null;
    expect(quantity(change)).to.equal(quantity(order)! + 1);
    await acknowledge(change!.id, change!.lease, "TO-9");
    await callOff(sales, sale!);
    const [cancellation] = await claim();
    expect(cancellation).to.deep.include({
      kind: "order_cancellation",
      payload: change?.payload,
    });
    await acknowledge(cancellation!.id, cancellation!.lease, "TO-9");
    expect(await claim()).to.deep.equal([]);
    const [shipment] = await admin<object[]>("milepost.shipment", "search_read", {
      domain: [["sale_order_ids", "=", sale]],
      fields: ["state", "order_state"],
    });
    expect(shipment).to.include({ state: "cancelled", order_state: "cancellation_sent" });
  });

  it("says which orders the partner has, takes what differs there, and orders again", async () => {
    await confirmOrders(sales, catalogue, 1, 10);
    const [item] = await claim();
    await acknowledge(item!.id, item!.lease, "TO-10");
    const told = async (wanted: boolean) => {
      const args = { connection: CODE, after: item!.id - 1, wanted };
      const answer = await bridge("milepost.exchange", "told_orders", args);
      return toldOrdersAnswer.parse(answer).orders.map((it) => toldOrder.parse(it));
    };
    expect(await told(true)).to.deep.equal([]);
    const [known] = await told(false);
    expect(known).to.deep.include({ id: item!.id, believes: "accepted", payload: item!.payload });
    const found = differenceOf(known!, { standing: "missing" });
    const report = { connection: CODE, compared: [item!.id], differences: [found] };
    await bridge("milepost.exchange", "report_differences", report);
    await bridge("milepost.exchange", "repair_order", { connection: CODE, id: item!.id });
    const [again] = await claim();
    expect(again).to.include({ id: item!.id, idempotency_key: item!.idempotency_key });
    await acknowledge(again!.id, again!.lease, "TO-10");
  });

  it("hands an order out again when the bridge that had it died", async () => {
    await confirmOrders(sales, catalogue, 1, 11);
    const [first] = await claim(1);
    await odoo.sql(
      `UPDATE milepost_outbox SET leased_until = leased_until - interval '1 minute' WHERE id = ${first!.id}`,
    );
    const [second] = await claim();
    expect(second).to.deep.include({
      id: first!.id,
      attempt: 2,
      idempotency_key: first!.idempotency_key,
    });
    expect(await acknowledge(first!.id, first!.lease, "TO-2")).to.equal("lease_lost");
    expect(await acknowledge(second!.id, second!.lease, "TO-2")).to.equal("done");
  });
});
