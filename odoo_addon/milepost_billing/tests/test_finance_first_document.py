import itertools

from odoo import Command
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceFirstDocument(BillingCase):
    """Down payments and discounts beside a first delivery that is worth less than they are."""

    def test_what_is_billed_first_is_never_a_credit_note(self):
        """Down payments with and without tax, in percent and fixed, before and after the first delivery,
        and discounts of the whole order: taken off once an invoice can bear them, and all in the end."""
        for tax, way, is_after in itertools.product(
            (None, False, True), ("percentage", "fixed", "discount"), (False, True)
        ):
            with self.subTest(tax=tax, way=way, is_after=is_after):
                self.check_first_document(tax, way, is_after)

    def check_first_document(self, tax, way, is_after):
        taxes = self.env["account.tax"]
        if tax is not None:
            taxes = taxes.create({
                "name": f"VAT {next(self.numbers)}", "amount": 21,
                "price_include_override": "tax_included" if tax else "tax_excluded",
            })  # fmt: skip
        order = self.order(100, 10)
        order.order_line.tax_ids = taxes
        whole = order.amount_total
        first = self.shipment(order)
        if not is_after:
            self.take_off(order, way)
        self.prove(first)
        [one] = self.run_billing()
        self.assertEqual(one.move_type, "out_invoice")
        self.assertAlmostEqual(one.amount_total, whole / 10, 2)
        if is_after:
            self.take_off(order, way)
        self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 90)
        rest = self.shipment(order, picking_ids=[Command.set(order.picking_ids.sorted("id")[-1:].ids)])
        self.prove(rest)
        [two] = self.run_billing()
        self.assertEqual(two.move_type, "out_invoice")
        posted = order.invoice_ids.filtered(lambda move: move.state == "posted")
        self.assertAlmostEqual(sum(posted.mapped("amount_total_signed")), order.amount_total, 1)

    def take_off(self, order, way):
        """A down payment that is posted, or a discount: both more than the first delivery is worth."""
        if way == "discount":
            self.env["sale.order.discount"].create({
                "sale_order_id": order.id, "discount_type": "amount", "discount_amount": 400,
            }).action_apply_discount()  # fmt: skip
            return
        amount = {"amount": 40} if way == "percentage" else {"fixed_amount": 500}
        before = order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids).create({
            "advance_payment_method": way, "sale_order_ids": [Command.set(order.ids)], **amount,
        }).create_invoices()  # fmt: skip
        (order.invoice_ids - before).action_post()

    def prove(self, shipment):
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
