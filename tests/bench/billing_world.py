"""Runs in `odoo shell`: two orders per customer that left the warehouse, which the benchmark copies.

Where Milepost is installed each travels with a shipment that was picked up, delivered and proven, and
that the carrier billed. The last customer of ten got one piece less than was shipped: he is held. One
order of each customer is decided on and invoiced already ("settled"), the other is not ("changed").
The last line that is printed is `WORLD` and, as JSON, the ids of both: by table a list in which the
rows of one order have the same place, 0 where it has none.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

from odoo import Command, fields

CUSTOMERS = 20
PICKUP = datetime(2026, 11, 2, 8, tzinfo=UTC)
DELIVERY = datetime(2026, 11, 3, 14, tzinfo=UTC)
GOODS = (("PUMP", 40, 12.5), ("VALVE", 12, 33.0))


def prepare(env):
    """The same company on both sides: a chart of accounts with taxes, goods, customers."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
    products = env["product.product"].create(
        [
            {
                "name": code.capitalize(), "default_code": code, "type": "consu",
                "invoice_policy": "delivery", "list_price": price,
            }
            for code, _quantity, price in GOODS
        ]
    )  # fmt: skip
    names = [f"Customer {number}" for number in range(CUSTOMERS)]
    partners = env["res.partner"].create([{"name": name, "is_company": True} for name in names])
    return products, partners


def sell(env, products, partners, name):
    """An order of each customer, gone from the warehouse, under a reference of its own."""
    lines = [
        {"product_id": product.id, "product_uom_qty": quantity, "price_unit": price}
        for product, (_code, quantity, price) in zip(products, GOODS, strict=True)
    ]
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "client_order_ref": f"PO-{name}-{partner.id}",
                "order_line": [Command.create(line) for line in lines],
            }
            for partner in partners
        ]
    )
    orders.action_confirm()
    for move in orders.picking_ids.move_ids:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    orders.picking_ids.button_validate()
    assert set(orders.picking_ids.mapped("state")) == {"done"}
    return orders


def connect(env):
    """A connection, its carrier with rates, and a policy with an invoice per shipment."""
    bridge = env["res.users"].search([("login", "=", "bridge")])
    carrier = env["res.partner"].create({"name": "Roadline", "milepost_scac": "RDLN"})
    for charge_type, amount in (("linehaul", 420), ("fuel", 61.5)):
        env["milepost.rate"].create({
            "name": charge_type, "company_id": env.company.id, "carrier_partner_id": carrier.id,
            "charge_type": charge_type, "method": "flat", "amount": amount, "valid_from": "2026-01-01",
        })  # fmt: skip
    env["milepost.billing.policy"].create({"name": "Bench", "consolidation": "shipment"})
    return env["milepost.connection"].create(
        {"name": "TMS", "code": "bench", "source": "otm5", "user_id": bridge.id}
    ), carrier


def ship(env, connection, carrier, orders):
    """A shipment of each order, told by its carrier from the plan to the bill."""
    shipments = env["milepost.shipment"].create(
        [
            {
                "connection_id": connection.id,
                "partner_id": order.partner_id.id,
                "carrier_partner_id": carrier.id,
                "picking_ids": [Command.set(order.picking_ids.ids)],
                "sale_order_ids": [Command.set(order.ids)],
            }
            for order in orders
        ]
    )
    facts = [fact for number, shipment in enumerate(shipments) for fact in trip(shipment, number % 10 == 9)]
    head = {
        "id": "m1", "sha256": "0" * 64, "received_at": utc(DELIVERY), "mapping": "otm5@1",
        "channel": "webhook",
    }  # fmt: skip
    batch = {"contract": "1.0", "connection": connection.code, "messages": [head], "facts": facts}
    verdicts = env["milepost.exchange"].with_user(connection.user_id).ingest(batch)["verdicts"]
    assert {verdict["status"] for verdict in verdicts} == {"accepted"}, verdicts
    env.invalidate_all()
    return shipments


def trip(shipment, is_short):
    """The facts of one shipment."""
    stops = [
        {
            "id": f"{shipment.name}-{kind}", "sequence": number, "kind": kind,
            "place": {"name": kind, "city": "Utrecht", "zone": "Europe/Amsterdam"},
        }
        for number, kind in enumerate(("pickup", "delivery"), 1)
    ]  # fmt: skip
    paper = b"%PDF-1.4\n" + shipment.name.encode()
    document = {
        "name": "pod.pdf", "media_type": "application/pdf", "size": len(paper),
        "sha256": hashlib.sha256(paper).hexdigest(), "content_base64": base64.b64encode(paper).decode(),
    }  # fmt: skip
    rows = [{"goods": code, "outcome": "accepted", "quantity": str(q)} for code, q, _price in GOODS]
    if is_short:
        rows[0]["quantity"] = str(GOODS[0][1] - 1)
        rows.append({"goods": GOODS[0][0], "outcome": "short", "quantity": "1"})
    yield fact("itinerary", shipment, stops=stops, recorded_at=utc(PICKUP - timedelta(days=1)))
    for code, at, kind in (
        ("picked_up", PICKUP, "pickup"),
        ("arrived_delivery", DELIVERY - timedelta(minutes=20), "delivery"),
        ("delivered", DELIVERY, "delivery"),
    ):
        occurred = {"at": utc(at), "precision": "second"}
        yield fact(
            "milestone", shipment, code=code, classifier="actual", raw_code=code, occurred=occurred,
            stop={"kind": kind},
        )  # fmt: skip
    yield fact(
        "proof_of_delivery", shipment, delivered={"at": utc(DELIVERY), "precision": "minute"},
        signer="J. Doe", signed=True, documents=[document], quantities=rows,
    )  # fmt: skip
    yield fact(
        "carrier_invoice", shipment, number=f"RL-{shipment.id}", document="invoice",
        correction="original", carrier_scac="RDLN", bill_date="2026-11-06",
        currency=shipment.company_id.currency_id.name, total="481.50",
        lines=[
            {"charge_type": "linehaul", "amount": "420.00", "raw_code": "400"},
            {"charge_type": "fuel", "amount": "61.50", "raw_code": "405"},
        ],
    )  # fmt: skip


def fact(kind, shipment, **values):
    values = {
        "kind": kind, "message": "m1", "applies_to": "one", "recorded_at": utc(DELIVERY),
        "identifiers": [{"type": "shipment", "value": shipment.name}], **values,
    }  # fmt: skip
    values["key"] = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return values


def utc(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def settle(env, orders, shipments):
    """Decide about them and invoice what is not held."""
    if not shipments:
        orders._create_invoices(grouped=True)._post(soft=False)
        return
    env["milepost.billing"]._validate(shipments)
    runs = env["milepost.billing.run"]
    while run := runs._run(env.company, fields.Datetime.now()):
        runs |= run
    assert len(runs.move_ids) == CUSTOMERS * 9 // 10, runs.mapped("problem")
    env["milepost.billing"]._validate(shipments)
    assert set(shipments.mapped("billing_state")) == {"invoiced", "held"}


def main(env):
    env = env(context={**env.context, "tracking_disable": True})
    world = {}
    products, partners = prepare(env)
    has_addon = "milepost.shipment" in env
    transport = connect(env) if has_addon else ()
    for name in ("settled", "changed"):
        orders = sell(env, products, partners, name)
        shipments = ship(env, *transport, orders) if has_addon else ()
        if name == "settled":
            settle(env, orders, shipments)
        world[name] = {
            "sale_order": orders.ids,
            "stock_picking": [order.picking_ids.id for order in orders],
            "stock_reference": [order.picking_ids.move_ids.reference_ids.id for order in orders],
            "milepost_shipment": [one.id for one in shipments],
            "account_move": [order.invoice_ids.id or 0 for order in orders],
        }
    env.cr.commit()
    print("WORLD " + json.dumps(world))


main(env)  # noqa: F821 -- the shell gives it
