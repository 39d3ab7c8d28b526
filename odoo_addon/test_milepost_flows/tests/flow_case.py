"""What the flow tests share: orders that go a way through Odoo, from confirmation to the posted invoice."""

from odoo import Command
from odoo.addons.milepost_billing.tests.billing_case import BillingCase
from odoo.exceptions import UserError


class FlowCase(BillingCase):
    """A connection that takes every delivery and orders by itself, and goods at 10.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"is_default": True, "auto_transport_order": True})
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.company.partner_id.write(
            {"street": "Pier 7", "city": "Rotterdam", "country_id": cls.env.ref("base.nl").id}
        )
        cls.goods = cls.new_product("Pump", "PMP", weight=2.0)

    @classmethod
    def new_product(cls, name, code, **values):
        return cls.env["product.product"].create({
            "name": name, "default_code": code, "type": "consu", "is_storable": True, "list_price": 10.0,
            "invoice_policy": "delivery", "taxes_id": [Command.clear()], **values,
        })  # fmt: skip

    @classmethod
    def new_partner(cls, name, city="Hamburg", country="de", **values):
        return cls.env["res.partner"].create({
            "name": name, "street": "Main Street 1", "city": city,
            "country_id": cls.env.ref(f"base.{country}").id, **values,
        })  # fmt: skip

    def sell(self, *lines, partner=None, confirm=True, **values):
        """A confirmed order of (product, quantity) or of 10 pumps."""
        order = self.env["sale.order"].create({
            "partner_id": (partner or self.customer).id,
            "order_line": [
                Command.create({
                    "product_id": product.id, "product_uom_qty": quantity, "price_unit": product.list_price,
                    "tax_ids": [Command.clear()],
                })
                for product, quantity in lines or [(self.goods, 10)]
            ],
            **values,
        })  # fmt: skip
        if confirm:
            order.action_confirm()
        return order

    def do(self, pickings, quantity=None, backorder=True):
        """Validate transfers, of one product perhaps with less than they ask for."""
        for picking in pickings:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty if quantity is None else quantity
            picking.move_ids.picked = True
            context = {"skip_backorder": True}
            if not backorder:
                context["picking_ids_not_to_backorder"] = picking.ids
            picking.with_context(**context).button_validate()
            self.assertEqual(picking.state, "done")
        self.end_transaction()

    def end_transaction(self):
        """What a commit does before it commits."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def shipments(self, record):
        return record.milepost_shipment_ids.sorted("id")

    def prove(self, shipment, *quantities, stop=None):
        """Deliver and prove it: clean, or by rows of (outcome, quantity[, goods])."""
        self.deliver(shipment, stop=stop)
        self.facts(self.pod(shipment, [row[:2] for row in quantities], stop=stop))
        self.validate(shipment)

    def open_pickings(self, order):
        return order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))

    def post(self, orders):
        """Invoice what can be invoiced, and post it; gives its amount."""
        moves = orders._create_invoices()
        moves.action_post()
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        return sum(moves.mapped("amount_untaxed"))

    def assert_nothing_to_invoice(self, orders):
        with self.assertRaises(UserError):
            orders._create_invoices()

    def assert_billed(self, orders, amount):
        """Documents that are posted bill this much of the orders in all; nothing is left, or waits."""
        self.env.invalidate_all()
        self.validate(orders.milepost_shipment_ids)
        moves = orders.invoice_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), amount)
        self.assertEqual(sum(map(abs, orders.order_line.mapped("qty_to_invoice"))), 0)
        self.assertFalse(orders.filtered("milepost_is_waiting"))
        self.assert_nothing_to_invoice(orders)

    # The partner's side

    def send(self, connection=None, result="accepted"):
        """Everything that waits is sent and answered, one after the other; gives what it was."""
        exchange = self.env["milepost.exchange"].with_user(self.users["bridge"])
        code, sent = (connection or self.connection).code, []
        while items := exchange.claim_outbox(code)["items"]:
            for item in items:
                given = {"id": item["id"], "lease": item["lease"], "result": result}
                exchange.acknowledge_outbox([given])
                self.env.invalidate_all()
                sent.append(item)
        return sent

    def told(self, item):
        """{product code: quantity} of an order that was sent."""
        return {goods["product_code"]: goods["quantity"] for goods in item["payload"]["goods"]}

    def new_connection(self, code, **values):
        return self.env["milepost.connection"].create({
            "name": code.title(), "code": code, "source": "otm5", "company_id": self.company.id,
            "user_id": self.users["bridge"].id, "auto_transport_order": True, **values,
        })  # fmt: skip

    def new_carrier(self, name, **values):
        fee = self.env["product.product"].create({"name": name, "type": "service", "list_price": 0.0})
        return self.env["delivery.carrier"].create({"name": name, "product_id": fee.id, **values})
