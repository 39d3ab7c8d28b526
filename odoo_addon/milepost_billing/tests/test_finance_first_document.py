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
        order = self.order(100, 10)
        order.order_line.tax_ids = self.tax(tax)
        whole = order.amount_total
        first = self.shipment(order)
        if not is_after:
            self.take_off(order, way)
        self.prove(first)
        [one] = self.run_billing()
        self.assertEqual(one.move_type, "out_invoice")
        self.assertEqual(one.amount_total, self.usd.round(whole / 10))
        if is_after:
            self.take_off(order, way)
        self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 90)
        rest = self.shipment(order, picking_ids=[Command.set(order.picking_ids.sorted("id")[-1:].ids)])
        self.prove(rest)
        [two] = self.run_billing()
        self.assertEqual(two.move_type, "out_invoice")
        self.assertEqual(self.billed(order), order.amount_total)

    def test_what_no_delivery_is_worth_as_much_as_is_taken_off_in_parts(self):
        """70 % of an order that leaves in two halves: neither invoice could bear it as a whole."""
        for tax, way in itertools.product((None, False, True), ("percentage", "fixed", "discount")):
            with self.subTest(tax=tax, way=way):
                order = self.order(100, 50)
                order.order_line.tax_ids = self.tax(tax)
                first = self.shipment(order)
                self.take_off(order, way, 0.7)
                due = order.amount_total - sum(order.invoice_ids.mapped("amount_total"))
                self.prove(first)
                [one] = self.run_billing()
                self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 50)
                last = order.picking_ids.sorted("id")[-1:]
                self.prove(self.shipment(order, picking_ids=[Command.set(last.ids)]))
                [two] = self.run_billing()
                self.assertEqual((one.move_type, two.move_type), ("out_invoice", "out_invoice"))
                self.assertLess(one.amount_total, due / 20, "the first bears as much as it can")
                self.assertEqual(self.usd.round(one.amount_total + two.amount_total), self.usd.round(due))
                self.assertFalse(order.order_line.filtered("is_downpayment").filtered("qty_invoiced"))

    def test_a_person_takes_off_what_is_left_of_a_down_payment_and_no_more(self):
        order = self.order(100, 50)
        first = self.shipment(order)
        self.take_off(order, "fixed", 1001.01 / 1250)
        self.prove(first)
        [one] = self.run_billing()
        self.assertAlmostEqual(one.amount_untaxed, 625 - 620.63, 2)
        down = order.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
        self.assertAlmostEqual(down.qty_to_invoice, -0.38)
        self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 50)
        self.prove(self.shipment(order, picking_ids=[Command.set(order.picking_ids.sorted("id")[-1:].ids)]))
        two = order.with_user(self.users["manager"])._create_invoices(final=True)
        two.action_post()
        self.assertAlmostEqual(two.amount_untaxed, 625 - (1001.01 - 620.63), 2, "to the cent")

    def down(self, order, amount, post=True):
        before = order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids).create({
            "advance_payment_method": "fixed", "sale_order_ids": [Command.set(order.ids)],
            "fixed_amount": amount,
        }).create_invoices()  # fmt: skip
        move = order.invoice_ids - before
        if post:
            move.action_post()
        return move

    def rest(self, order, backorder=True):
        """What did not leave yet leaves and is proven, or never will."""
        picking = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        if not backorder:
            picking.action_cancel()
            return
        self.ship(picking, sum(picking.move_ids.mapped("product_uom_qty")))
        self.prove(self.shipment(order, picking_ids=[Command.set(picking.ids)]))

    def prove_first(self, order):
        first = order.picking_ids.sorted("id")[:1]
        self.prove(self.shipment(order, picking_ids=[Command.set(first.ids)]))

    def billed(self, order):
        posted = order.invoice_ids.filtered(lambda move: move.state == "posted")
        return order.company_id.currency_id.round(sum(posted.mapped("amount_total_signed")))

    def test_a_down_payment_waits_for_nothing_that_does_not_come(self):
        """400 down of 1,250; of 100 only 30 ever leave, and what is billed of them is paid already."""
        order = self.order(100, 30)
        self.down(order, 400)
        self.rest(order, backorder=False)
        self.prove_first(order)
        [invoice] = self.run_billing()
        self.assertLess(invoice.amount_total, 5)
        self.assertLess(self.billed(order), 405)

    def test_several_down_payments_wait_for_the_same_goods_only_once(self):
        order = self.order(100, 20)
        for _number in range(3):
            self.down(order, 375)
        self.prove_first(order)
        self.run_billing()
        self.rest(order)
        self.run_billing()
        self.assertEqual(self.billed(order), 1250)

    def test_goods_billed_as_ordered_bear_their_down_payment(self):
        """The invoice of the first delivery bills all that was ordered: 100 % were paid."""
        self.product.invoice_policy = "order"
        order = self.order(100, 60)
        self.down(order, 1250)
        self.prove_first(order)
        self.run_billing()
        self.rest(order)
        self.run_billing()
        self.assertEqual(self.billed(order), 1250)

    def test_a_down_payment_that_is_not_posted_or_was_taken_back_is_taken_off_by_nothing(self):
        order = self.order(100, 50)
        draft = self.down(order, 400, post=False)
        self.prove_first(order)
        [one] = self.run_billing()
        self.assertEqual(one.amount_total, 625)
        draft.button_cancel()
        self.rest(order)
        self.run_billing()
        self.assertEqual(self.billed(order), 1250)

    def test_a_down_payment_that_is_given_back_after_it_was_taken_off_is_asked_for_again(self):
        order = self.order(100, 50)
        paid = self.down(order, 400)
        self.prove_first(order)
        self.run_billing()
        self.assertEqual(self.billed(order), 625)
        paid._reverse_moves([{"invoice_date": paid.invoice_date}], cancel=True)
        self.assertEqual(self.billed(order), 225)
        self.rest(order)
        self.run_billing()
        self.assertEqual(self.billed(order), 1250)

    def test_goods_that_came_back_before_the_first_document_bear_no_down_payment(self):
        order = self.order(100, 50)
        self.down(order, 400)
        picking = order.picking_ids.sorted("id")[:1]
        shipment = self.shipment(order, picking_ids=[Command.set(picking.ids)])
        self.prove(shipment)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        ).create({})  # fmt: skip
        wizard.product_return_moves.write({"quantity": 30, "to_refund": True})
        self.ship(wizard._create_return(), 30)
        self.validate(shipment)
        [one] = self.run_billing()
        self.assertEqual(one.move_type, "out_invoice")
        self.assertGreaterEqual(one.amount_total, 0)

    def tax(self, included):
        if included is None:
            return self.env["account.tax"]
        return self.env["account.tax"].create({
            "name": f"VAT {next(self.numbers)}", "amount": 21,
            "price_include_override": "tax_included" if included else "tax_excluded",
        })  # fmt: skip

    def take_off(self, order, way, share=0.4):
        """A down payment that is posted, or a discount, of a share of the order."""
        if way == "discount":
            self.env["sale.order.discount"].create({
                "sale_order_id": order.id, "discount_type": "amount",
                "discount_amount": order.amount_total * share,
            }).action_apply_discount()  # fmt: skip
            return
        amount = {"amount": 100 * share} if way == "percentage" else {
            "fixed_amount": order.amount_total * share,
        }  # fmt: skip
        before = order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids).create({
            "advance_payment_method": way, "sale_order_ids": [Command.set(order.ids)], **amount,
        }).create_invoices()  # fmt: skip
        (order.invoice_ids - before).action_post()

    def prove(self, shipment):
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
