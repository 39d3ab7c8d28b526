from odoo import Command
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceUninstall(BillingCase):
    """When billing goes, what it held is invoiced as Odoo does it."""

    def test_goods_that_were_not_proven_are_to_be_invoiced_as_delivered(self):
        order = self.order(quantity=100, shipped=96)
        self.shipment(order)
        self.assertEqual((order.order_line.qty_to_invoice, order.invoice_status), (0, "no"))
        uninstall_hook(self.env)
        self.assertEqual((order.order_line.qty_to_invoice, order.invoice_status), (96, "to invoice"))

    def test_transport_that_is_sold_is_delivered_by_hand(self):
        transport = self.env["product.product"].create({
            "name": "Transport", "type": "service", "invoice_policy": "order", "milepost_transport": True,
            "list_price": 80,
        })  # fmt: skip
        order = self.order(quantity=10)
        order.order_line = [Command.create({"product_id": transport.id, "product_uom_qty": 1})]
        self.shipment(order)
        line = order.order_line.filtered(lambda one: one.product_id == transport)
        self.assertEqual((line.qty_delivered_method, line.qty_to_invoice), ("milepost", 0))
        transport.active = False
        uninstall_hook(self.env)
        self.assertEqual((line.qty_delivered_method, line.qty_to_invoice), ("manual", 1))
