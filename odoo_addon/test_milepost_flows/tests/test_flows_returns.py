"""Goods that come back, and what replaces them: a shipment each, credited and billed once."""

from odoo import Command
from odoo.tests import tagged

from .flow_case import FlowCase


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsReturns(FlowCase):
    def returned(self, picking, quantity, action="action_create_returns"):
        """The return of a delivery, by Odoo's wizard."""
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        ).create({"picking_id": picking.id})  # fmt: skip
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        return self.env["stock.picking"].browse(getattr(wizard, action)()["res_id"])

    def delivered(self):
        """An order of 10 that was shipped, proven and invoiced."""
        order = self.sell()
        [shipment] = self.shipments(order)
        self.send()
        self.do(order.picking_ids)
        self.prove(shipment, ("accepted", 10))
        self.post(order)
        return order

    def exchanged(self, order, delivery):
        """The transfer that replaces 3 pieces of a delivery, which are back."""
        self.returned(delivery, 3, "action_create_exchanges")
        replacement = self.open_pickings(order).filtered(lambda p: p.picking_type_code == "outgoing")
        self.do(self.open_pickings(order) - replacement)
        return replacement

    def test_what_came_back_unproven_waits_for_no_proof(self):
        order = self.sell()
        delivery = order.picking_ids
        self.do(delivery)
        self.do(self.returned(delivery, 3))
        line = order.order_line
        self.assertEqual((line.qty_to_invoice, line.milepost_waiting_qty), (0, 7))
        self.prove(self.shipments(delivery), ("accepted", 10))
        self.assertEqual((line.qty_to_invoice, line.milepost_waiting_qty), (7, 0))

    def test_where_no_proof_is_asked_a_return_is_taken_off_once(self):
        self.policy.mode = "shadow"
        order = self.sell()
        self.do(order.picking_ids)
        self.do(self.returned(order.picking_ids, 3))
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (7, 7))

    def test_a_return_is_a_shipment_that_is_ordered_where_that_is_wanted(self):
        order = self.delivered()
        delivery = order.picking_ids
        back = self.returned(delivery, 3)
        [fetched] = self.shipments(back)
        self.assertEqual((fetched.direction, fetched.line_ids.quantity), ("return", 3))
        self.assertEqual(
            (fetched.origin_id, fetched.destination_id), (self.customer, self.company.partner_id)
        )
        self.assertEqual(self.send(), [])
        self.warehouse.out_type_id.milepost_returns = "order"
        again = self.returned(delivery, 2)
        [item] = self.send()
        self.assertEqual((item["payload"]["transfers"], self.told(item)), ([again.name], {"PMP": "2"}))
        self.warehouse.out_type_id.milepost_returns = "none"
        self.assertFalse(self.shipments(self.returned(delivery, 1)))
        self.do(back)
        [credit] = order._create_invoices(final=True)
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 30.0))
        credit.action_post()
        self.do(again)
        self.prove(self.shipments(again))
        [credit] = order._create_invoices(final=True)
        credit.action_post()
        self.assertEqual(credit.amount_untaxed, 20.0)
        self.assert_billed(order, 50.0)

    def test_the_goods_of_a_return_shipment_are_billed_to_nobody(self):
        order = self.delivered()
        delivery = order.picking_ids
        back = self.returned(delivery, 3)
        [fetched] = self.shipments(back)
        self.do(back)
        self.prove(fetched)
        self.assertFalse(fetched.billable_ids)
        self.assertEqual(order.order_line.milepost_managed_qty, 10)
        order._create_invoices(final=True).action_post()
        self.assert_billed(order, 70.0)

    def test_a_replacement_is_a_shipment_that_waits_for_its_proof(self):
        order = self.delivered()
        self.returned(order.picking_ids, 3, "action_create_exchanges")
        replacement = self.open_pickings(order).filtered(lambda p: p.picking_type_code == "outgoing")
        [shipment] = self.shipments(replacement)
        self.assertEqual((shipment.direction, shipment.line_ids.quantity), ("delivery", 3))
        [item] = self.send()
        self.assertEqual(self.told(item), {"PMP": "3"})
        self.do(replacement)
        self.assert_nothing_to_invoice(order)
        self.prove(shipment, ("accepted", 3))
        # Three more are with the customer until the others come back.
        self.assertEqual(self.post(order), 30.0)
        self.do(self.open_pickings(order))
        [credit] = order._create_invoices(final=True)
        credit.action_post()
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 30.0))
        self.assert_billed(order, 100.0)

    def test_a_replacement_of_what_is_back_already_is_billed_once_it_is_proven(self):
        order = self.delivered()
        replacement = self.exchanged(order, order.picking_ids)
        order._create_invoices(final=True).action_post()
        self.do(replacement)
        self.assert_nothing_to_invoice(order)
        self.prove(self.shipments(replacement), ("accepted", 3))
        self.assertEqual(self.post(order), 30.0)
        self.assert_billed(order, 100.0)

    def test_a_replacement_that_came_short_is_billed_as_far_as_it_is_proven(self):
        order = self.delivered()
        replacement = self.exchanged(order, order.picking_ids)
        self.do(replacement)
        [shipment] = self.shipments(replacement)
        self.prove(shipment, ("accepted", 2), ("short", 1))
        self.env["milepost.billable"].with_user(self.users["analyst"]).dispose(shipment.id, "bill_accepted")
        self.validate(shipment)
        order._create_invoices(final=True).action_post()
        self.assert_billed(order, 90.0)

    def test_what_came_back_before_the_invoice_is_not_ready_for_ever(self):
        order = self.sell()
        [shipment] = self.shipments(order)
        self.do(order.picking_ids)
        self.prove(shipment, ("accepted", 10))
        self.do(self.returned(order.picking_ids, 3))
        self.decide_again(shipment)
        self.assertEqual((shipment.billing_state, shipment.waiting_amount), ("ready", 70.0))
        [invoice] = self.run_billing()
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 70.0))
        self.assertEqual((shipment.billing_state, shipment.billable_ids.open_qty), ("invoiced", 0))
        self.assert_billed(order, 70.0)
        self.assertFalse(self.run_billing())

    def test_an_exchange_of_which_nothing_was_credited_leaves_the_invoice_as_it_is(self):
        order = self.delivered()
        self.returned(order.picking_ids, 3, "action_create_exchanges")
        self.do(self.open_pickings(order))
        replaced = self.shipments(order)[-1]
        self.prove(replaced, ("accepted", 3))
        self.assertFalse(self.run_billing())
        self.assertEqual((replaced.billing_state, replaced.billable_ids.open_qty), ("nothing", 0))
        self.assert_billed(order, 100.0)

    def test_a_replacement_is_billed_by_the_run_once_what_it_replaces_was_credited(self):
        order = self.delivered()
        replacement = self.exchanged(order, order.picking_ids)
        order._create_invoices(final=True).action_post()
        self.do(replacement)
        replaced = self.shipments(replacement)
        self.prove(replaced, ("accepted", 3))
        self.assertEqual((replaced.billing_state, replaced.waiting_amount), ("ready", 30.0))
        self.assertEqual(self.run_billing().amount_untaxed, 30.0)
        self.assert_billed(order, 100.0)

    def test_goods_billed_as_ordered_that_replace_what_was_credited_are_billed(self):
        self.goods.invoice_policy = "order"
        order = self.delivered()
        replacement = self.exchanged(order, order.picking_ids)
        self.credit(order.invoice_ids, 3)
        self.do(replacement)
        replaced = self.shipments(replacement)
        self.prove(replaced, ("accepted", 3))
        self.assertEqual(self.run_billing().amount_untaxed, 30.0)
        self.assertFalse(self.run_billing())

    def test_a_credit_beside_a_return_that_was_never_invoiced_stays_credited(self):
        order = self.sell()
        [shipment] = self.shipments(order)
        self.do(order.picking_ids)
        self.prove(shipment, ("accepted", 10))
        self.do(self.returned(order.picking_ids, 3))
        self.decide_again(shipment)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 70.0)
        self.credit(invoice, 2)
        self.validate(shipment)
        self.assertEqual((order.order_line.qty_to_invoice, shipment.billing_state), (0, "invoiced"))
        self.assertFalse(self.run_billing())
        self.assert_billed(order, 50.0)

    def in_two(self):
        """An order of 10 that left as 6 and 4, proven; and its shipments."""
        order = self.sell()
        delivery = order.picking_ids
        self.do(delivery, 6)
        self.do(self.open_pickings(order))
        first = self.shipments(delivery)
        second = self.shipments(order) - first
        self.prove(first, ("accepted", 6))
        self.prove(second, ("accepted", 4))
        return order, first, second

    def test_a_replacement_is_billed_whichever_shipment_the_credit_names(self):
        """Credited is what was billed last; it came back of the first."""
        order, first, _second = self.in_two()
        self.assertEqual(self.post(order), 100.0)
        replacement = self.exchanged(order, first.picking_ids)
        order._create_invoices(final=True).action_post()
        self.do(replacement)
        replaced = self.shipments(replacement)
        self.prove(replaced, ("accepted", 3))
        self.assertEqual(self.run_billing().amount_untaxed, 30.0)
        self.assert_billed(order, 100.0)

    def test_what_came_back_of_a_shipment_that_is_not_invoiced_hides_no_credit_of_another(self):
        order = self.delivered()
        replacement = self.exchanged(order, order.picking_ids)
        order._create_invoices(final=True).action_post()
        self.do(replacement)
        replaced = self.shipments(replacement)
        self.prove(replaced, ("accepted", 3))
        self.do(self.returned(replacement, 1))
        self.decide_again(replaced)
        self.assertEqual(self.run_billing().amount_untaxed, 20.0)
        self.assert_billed(order, 90.0)

    def test_a_rebate_keeps_nobody_from_crediting_what_comes_back(self):
        order = self.delivered()
        self.credit(order.invoice_ids, 10, price_unit=1.0)
        self.do(self.returned(order.picking_ids, 2))
        self.credit(order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice"), 2)
        self.assertEqual(sum(order.invoice_ids.mapped("amount_untaxed_signed")), 70.0)

    def test_a_credit_takes_the_tax_of_its_invoice(self):
        vat = self.env["account.tax"].create({"name": "VAT 21", "amount": 21})
        order = self.sell()
        order.order_line.tax_ids = vat
        [shipment] = self.shipments(order)
        self.do(order.picking_ids)
        self.prove(shipment, ("accepted", 10))
        self.post(order)
        order.order_line.tax_ids = [Command.clear()]
        self.do(self.returned(order.picking_ids, 3))
        self.validate(shipment)
        [note] = order._create_invoices(final=True)
        self.assertEqual((note.move_type, note.amount_untaxed, note.amount_total), ("out_refund", 30.0, 36.3))

    def credit(self, invoice, quantity, **values):
        """A person's credit note of so much of an invoice, posted."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        note.invoice_line_ids.filtered(lambda line: line.quantity).write({"quantity": quantity, **values})
        note.action_post()

    def decide_again(self, shipment):
        """What the background work does with what changed."""
        self.assertIn(shipment, self.env["milepost.billing"]._changed(100))
        self.validate(shipment)
