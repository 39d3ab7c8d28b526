import itertools

from odoo import Command
from odoo.tests import tagged

from .billing_case import BillingCase

# (quantity, shipped first, price, discount, sold by the dozen): each way the goods are worth half a cent more
# or less than a whole one, sold as a whole or in the parts that leave.
LINES = (
    (1, 1, 0.25, 50, False),
    (3, 1, 0.33, 50, False),
    (5, 2, 0.05, 10, False),
    (7, 3, 3.33, 50, False),
    (2, 1, 0.05, 50, True),
    (9, 4, 1.15, 30, False),
)


@tagged("finance", "post_install", "-at_install")
class TestFinanceHalfCents(BillingCase):
    """Amounts that end in half a cent: what a shipment says is what its documents say, and nothing strays."""

    def sell(self, tax):
        """An order of goods of each kind of `LINES`."""
        dozen = self.env.ref("uom.product_uom_dozen")
        products = self.env["product.product"].create([
            {
                "name": f"Half {number}", "default_code": f"HALF{next(self.numbers)}", "type": "consu",
                "invoice_policy": "delivery", "taxes_id": [Command.clear()],
            }
            for number in range(len(LINES))
        ])  # fmt: skip
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [
                Command.create({
                    "product_id": product.id, "product_uom_qty": quantity, "price_unit": price,
                    "discount": discount, "tax_ids": [Command.set(tax.ids)],
                    "product_uom_id": dozen.id if is_dozen else product.uom_id.id,
                })
                for product, (quantity, _part, price, discount, is_dozen) in zip(products, LINES, strict=True)
            ],
        })  # fmt: skip
        order.action_confirm()
        return order

    def leave(self, order, parts):
        """What leaves now is proven and billed: the shipment, and its document."""
        picking = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        for move in picking.move_ids:
            number = order.order_line.ids.index(move.sale_line_id.id)
            pieces = 12 if LINES[number][4] else 1
            move.quantity = parts[number] * pieces / (1 if move.product_uom == move.product_id.uom_id else 12)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        shipment = self.shipment(order, picking_ids=[Command.set(picking.ids)])
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        return shipment, self.run_billing()

    def assert_whole(self, shipment, invoice):
        """All of it is invoiced, as the document says, and not a cent was given up, waits or is held."""
        self.validate(shipment)
        billed = invoice.amount_untaxed
        self.assertEqual(
            (shipment.billable_amount, shipment.invoiced_amount, shipment.billing_state),
            (billed, billed, "invoiced"),
        )
        self.assertEqual(
            (shipment.absorbed_amount, shipment.waiting_amount, shipment.held_amount), (0.0, 0.0, 0.0)
        )
        self.assertFalse(shipment.late_charge_ids)

    def test_half_cents_are_billed_as_they_are_shown_however_they_are_taxed_and_divided(self):
        taxes = [self.env["account.tax"]] + [
            self.env["account.tax"].create({"name": kind, "amount": 20, "price_include_override": kind})
            for kind in ("tax_excluded", "tax_included")
        ]
        for tax, rounding in itertools.product(taxes, ("round_per_line", "round_globally")):
            with self.subTest(tax=tax.name, rounding=rounding):
                self.company.tax_calculation_rounding_method = rounding
                order = self.sell(tax)
                first = self.leave(order, [part for _all, part, *_more in LINES])
                self.assert_whole(*first)
                second = self.leave(order, [all_ - part for all_, part, *_more in LINES])
                self.assert_whole(*second)
                self.assert_whole(*first)
                self.assertEqual(set(order.order_line.mapped("qty_to_invoice")), {0.0})

    def test_half_cents_that_leave_at_once_are_billed_as_they_were_sold(self):
        for rounding in ("round_per_line", "round_globally"):
            with self.subTest(rounding=rounding):
                self.company.tax_calculation_rounding_method = rounding
                order = self.sell(self.env["account.tax"])
                shipment, invoice = self.leave(order, [all_ for all_, *_more in LINES])
                self.assert_whole(shipment, invoice)
                self.assertEqual(invoice.amount_untaxed, order.amount_untaxed)
