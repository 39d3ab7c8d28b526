"""What tests of billing share: a customer, a carrier, orders that travel, facts through the exchange.

In one file of over 300 lines, because each story draws on all of it.
"""

import base64
import hashlib
import itertools
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from odoo import Command
from odoo.tests.common import TransactionCase

PICKUP = datetime(2026, 3, 2, 8, 0)
DELIVERY = datetime(2026, 3, 4, 10, 0)
NOW = datetime(2026, 3, 5, 12, 0)
PDF = b"%PDF-1.4 proof "


def utc(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


ROLES = {
    "dispatcher": ["milepost.group_dispatcher"],
    "analyst": ["milepost_billing.group_billing_analyst", "account.group_account_invoice"],
    "manager": ["milepost_billing.group_finance_manager", "account.group_account_manager"],
    "controller": ["milepost_billing.group_controller", "account.group_account_manager"],
    "bridge": ["milepost.group_bridge"],
}


class BillingWorld:
    """Builds orders, shipments and facts in `self.env` and `self.company`."""

    def make_world(self, env, company):
        """Set the environment and what every story needs: users, partners, goods, a policy."""
        self.env, self.company, self.usd = env, company, company.currency_id
        self.numbers = itertools.count(1)
        find = env["res.users"].search
        self.users = {
            name: find([("login", "=", name)], limit=1) or self.make_user(name, groups)
            for name, groups in ROLES.items()
        }
        self.connection = env["milepost.connection"].create({
            "name": "TMS", "code": f"tms-{company.id}", "source": "otm5", "company_id": company.id,
            "user_id": self.users["bridge"].id,
        })  # fmt: skip
        self.carrier = env["res.partner"].create({"name": "Roadline", "milepost_scac": "RDLN"})
        self.customer = env["res.partner"].create({"name": "Northwind", "tz": "UTC"})
        self.product = env["product.product"].create({
            "name": "Pump", "default_code": "PUMP", "type": "consu", "invoice_policy": "delivery",
            "list_price": 12.5, "taxes_id": [Command.clear()],
        })  # fmt: skip
        self.policy = env["milepost.billing.policy"].create({
            "name": "Test", "company_id": company.id, "damage_allowance_percent": 30,
            "limit_ids": [
                Command.create({"charge_type": "linehaul", "over_percent": 2, "over_amount": 25}),
                Command.create({"charge_type": "fuel", "over_percent": 3, "over_amount": 10}),
            ],
        })  # fmt: skip

    def make_user(self, login, groups):
        ids = [self.env.ref("base.group_user").id, *(self.env.ref(name).id for name in groups)]
        return self.env["res.users"].create({
            "name": login.capitalize(), "login": login, "password": login * 2,
            "group_ids": [Command.set(ids)],
        })  # fmt: skip

    # Orders and shipments

    def order(self, quantity=100, shipped=None, price=12.5, partner=None, product=None, backorder=True):
        """A confirmed sales order whose goods left the warehouse."""
        order = self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.product).id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.ship(order.picking_ids, shipped or quantity)
        return order

    def ship(self, picking, quantity):
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def shipment(self, orders=None, deliveries=1, **values):
        """A shipment on its way to one or more delivery stops."""
        orders = orders if orders is not None else self.env["sale.order"]
        number = next(self.numbers)
        pickings = orders.picking_ids.filtered(lambda p: p.state == "done")
        shipment = self.env["milepost.shipment"].create(
            {
                "company_id": self.company.id,
                "connection_id": self.connection.id,
                "partner_id": (orders[:1].partner_id or self.customer).id,
                "carrier_partner_id": self.carrier.id,
                "picking_ids": [Command.set(pickings.ids)],
                "sale_order_ids": [Command.set(orders.ids)],
                **values,
            }
        )
        stops = [self._stop(f"{number}-p", 1, "pickup")]
        stops += [self._stop(f"{number}-d{i}", 1 + i, "delivery") for i in range(1, deliveries + 1)]
        self.facts(self.fact("itinerary", shipment, stops=stops, recorded_at=utc(PICKUP - timedelta(days=1))))
        return shipment

    @staticmethod
    def _stop(id_, sequence, kind):
        return {
            "id": id_,
            "sequence": sequence,
            "kind": kind,
            "place": {"name": f"{kind} {id_}", "zone": "UTC"},
        }

    def key_of(self, shipment, number=1):
        """The id by which the TMS calls a delivery stop."""
        stops = shipment.stop_ids.filtered(lambda s: s.kind == "delivery" and s.in_plan).sorted("sequence")
        stop = stops[number - 1]
        return {"id": next((a for a in stop.aliases or () if "-d" in a), stop.key)}

    # Facts

    def fact(self, kind, shipment, **values):
        names = values.pop("identifiers", None) or [{"type": "shipment", "value": shipment.name}]
        fact = {
            "kind": kind,
            "message": "m1",
            "identifiers": names,
            "applies_to": "one",
            "recorded_at": utc(DELIVERY),
            **values,
        }
        number = next(self.numbers)
        fact["key"] = hashlib.sha256(
            json.dumps([fact, number], sort_keys=True, default=str).encode()
        ).hexdigest()
        return fact

    def facts(self, *facts, expect="accepted", received=DELIVERY):
        """Through the exchange, as the bridge's user; a later fact by a later message."""
        happened = (fact.get("occurred") or fact.get("delivered") for fact in facts)
        received = max([utc(received), *(at["at"] for at in happened if at)]) if received else utc(DELIVERY)
        batch = {
            "contract": "1.0",
            "connection": self.connection.code,
            "facts": list(facts),
            "messages": [
                {
                    "id": "m1",
                    "sha256": "0" * 64,
                    "received_at": received,
                    "mapping": "otm5@1",
                    "channel": "webhook",
                }
            ],
        }
        verdicts = self.env["milepost.exchange"].with_user(self.users["bridge"]).ingest(batch)["verdicts"]
        if expect:
            self.assertEqual({v["status"] for v in verdicts}, {expect}, verdicts)
        return verdicts

    def milestone(self, shipment, code, at, stop=None, **values):
        return self.fact(
            "milestone",
            shipment,
            code=code,
            classifier="actual",
            raw_code=code,
            occurred={"at": utc(at), "precision": "second"},
            **({"stop": stop} if stop else {}),
            **values,
        )

    def deliver(self, shipment, at=DELIVERY, stop=None):
        self.facts(
            self.milestone(shipment, "picked_up", PICKUP),
            self.milestone(shipment, "arrived_delivery", at - timedelta(minutes=20), stop),
            self.milestone(shipment, "delivered", at, stop),
        )

    def pod(self, shipment, quantities=(), at=DELIVERY, stop=None, paper=None, **values):
        paper = PDF + (paper or str(next(self.numbers))).encode()
        document = {
            "name": "pod.pdf",
            "media_type": "application/pdf",
            "size": len(paper),
            "sha256": hashlib.sha256(paper).hexdigest(),
            "content_base64": base64.b64encode(paper).decode(),
        }
        rows = [{"outcome": outcome, "quantity": str(quantity)} for outcome, quantity in quantities]
        values = {"signer": "J. Doe", "signed": True, "documents": [document], **values}
        return self.fact(
            "proof_of_delivery",
            shipment,
            delivered={"at": utc(at), "precision": "minute"},
            **({"quantities": rows} if rows else {}),
            **({"stop": stop} if stop else {}),
            **{name: value for name, value in values.items() if value is not None},
        )

    def bill(self, shipment, lines, number=None, total=None, currency=None, **values):
        rows = [
            {"charge_type": kind, "amount": str(amount), "raw_code": kind.upper()} for kind, amount in lines
        ]
        number = number or f"9{next(self.numbers):08d}"
        total = total if total is not None else f"{sum(float(a) for _k, a in lines):.2f}"
        return self.fact(
            "carrier_invoice",
            shipment,
            **{
                "number": number,
                "document": "invoice",
                "correction": "original",
                "carrier_scac": "RDLN",
                "bill_date": "2026-03-06",
                "currency": currency or self.usd.name,
                "total": str(total),
                "lines": rows,
                **values,
            },
        )

    def invoice_of(self, fact):
        return self.env["milepost.carrier.invoice"].search([("key", "=", fact["key"])])

    def expect(self, shipment, **amounts):
        """Contract rates that give the shipment these costs."""
        for charge_type, amount in amounts.items():
            self.env["milepost.rate"].create(
                {
                    "name": charge_type,
                    "company_id": self.company.id,
                    "carrier_partner_id": self.carrier.id,
                    "charge_type": charge_type,
                    "method": "flat",
                    "amount": amount,
                    "valid_from": "2026-01-01",
                    "currency_id": self.usd.id,
                }
            )

    # Decisions

    @contextmanager
    def refused(self, exception, pattern):
        """The block raises it with such a text, and leaves nothing behind."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)

    def validate(self, shipments, now=NOW):
        self.env.flush_all()
        self.env["milepost.billing"]._validate(shipments, now)
        shipments.invalidate_recordset()
        for shipment in shipments:
            self.assert_conserved(shipment)

    def assert_conserved(self, shipment):
        parts = ("invoiced_amount", "held_amount", "waiting_amount", "absorbed_amount")
        whole = self.usd.round(sum(shipment[name] for name in parts))
        self.assertEqual(whole, self.usd.round(shipment.billable_amount), "money appeared or vanished")

    def run_billing(self, now=NOW):
        """All that is due now; returns the customers' documents."""
        runs = self.env["milepost.billing.run"]
        while run := runs._run(self.company, now):
            runs |= run
            self.assertFalse(run.problem)
        return runs.move_ids

    def holds(self, shipment, side="ar"):
        """{reason: hold} of what blocks."""
        found = shipment.hold_ids.filtered(lambda h: h.side == side and h.is_blocking)
        self.assertEqual(len(set(found.mapped("reason"))), len(found))
        return {hold.reason: hold for hold in found}

    def reasons(self, shipment, side="ar"):
        return sorted(shipment.hold_ids.filtered(lambda h: h.side == side and h.is_blocking).mapped("reason"))

    def aware(self, *parts):
        return datetime(*parts, tzinfo=UTC)


class BillingCase(BillingWorld, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        world = BillingWorld()
        world.make_world(env, env.company)
        world.controller2 = world.make_user("controller2", ROLES["controller"])
        for name, value in vars(world).items():
            setattr(cls, name, value)
