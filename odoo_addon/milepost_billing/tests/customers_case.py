from odoo import Command

from .billing_case import BillingCase


class CustomersCase(BillingCase):
    """A truck of two customers, or of goods of two kinds, and proofs that count them."""

    def setUp(self):
        super().setUp()
        self.other = self.env["res.partner"].create({"name": "Southwind", "tz": "UTC"})
        self.valve = self.env["product.product"].create({
            "name": "Valve", "default_code": "VALVE", "type": "consu", "invoice_policy": "delivery",
            "taxes_id": [Command.clear()],
        })  # fmt: skip

    def truck(self, **values):
        """100 pumps of Northwind and 50 valves of Southwind at 10.00 each on their way, Northwind's first."""
        mine = self.order(100, price=10)
        others = self.order(50, price=10, partner=self.other, product=self.valve)
        return self.shipment(mine | others, **values), mine, others

    def prove(self, truck):
        """Clean proofs of all its stops."""
        self.deliver(truck)
        lines = self.env["milepost.shipment.line"].search([("shipment_id", "=", truck.id)])
        codes = sorted(set(lines.product_id.mapped("default_code")))
        self.facts(*(self.pod(truck, stop=self.place_of(truck, code)) for code in codes))
        self.validate(truck)

    def line_of(self, truck, code):
        lines = self.env["milepost.shipment.line"].search([("shipment_id", "=", truck.id)])
        return lines.filtered(lambda one: one.product_id.default_code == code)

    def place_of(self, truck, code):
        return {"id": self.line_of(truck, code)._stop().key}

    def counted(self, truck, code, *rows, whole=True, **values):
        """A proof of the stop of a product, that says how it arrived, and of the others that they did."""
        lines = self.env["milepost.shipment.line"].search([("shipment_id", "=", truck.id)])
        told = [(self.line_of(truck, code)[:1], *row) for row in rows]
        others = lines - self.line_of(truck, code) if whole else ()
        told += [(line, "accepted", f"{line.quantity:g}") for line in others]
        quantities = [
            {"goods": line._goods_key(), "outcome": outcome, "quantity": quantity}
            for line, outcome, quantity in told
        ]
        return {**self.pod(truck, stop=self.place_of(truck, code), **values), "quantities": quantities}

    def dispose(self, truck, disposition):
        self.validate(truck)
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(truck.id, disposition)
        self.validate(truck)

    def of(self, documents, customer, kind="out_invoice"):
        return documents.filtered(lambda move: move.partner_id == customer and move.move_type == kind)
