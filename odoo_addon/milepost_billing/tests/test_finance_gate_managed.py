import runpy

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_path

from .test_finance_gate import GateCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceGateManaged(GateCase):
    """What travels by our order waits for its proof, whether a shipment exists or not."""

    def setUp(self):
        super().setUp()
        self.managed()
        self.customer.street = "Quay 1"

    def prove(self, shipment):
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)

    def without_shipment(self, order):
        """Nobody moves these goods as far as anybody knows: their shipments are gone."""
        shipments = order.milepost_shipment_ids
        shipments.write({"picking_ids": [Command.clear()], "sale_order_ids": [Command.clear()]})
        shipments.outbox_ids.unlink()
        shipments.unlink()

    def sold(self, product, quantity=1, price=500.0):
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({
                "product_id": product.id, "product_uom_qty": quantity, "price_unit": price, "tax_ids": [],
            })],
        })  # fmt: skip
        order.action_confirm()
        return order

    def service(self, **values):
        return self.env["product.product"].create({
            "name": "Rotterdam–Berlin", "type": "service", "taxes_id": [Command.clear()], **values,
        })  # fmt: skip

    def test_a_backorder_waits_for_its_own_proof(self):
        order = self.order(100, 60)
        first = order.milepost_shipment_ids.sorted("id")[:1]
        self.prove(first)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 750)
        backorder = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.ship(backorder, 40)
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (100, 0))
        with self.refused(UserError, "(?s)nothing to invoice|Cannot create"):
            order._create_invoices()
        self.assertFalse(self.run_billing())

    def test_goods_without_any_shipment_wait_too(self):
        order = self.order(10)
        self.without_shipment(order)
        self.env.add_to_compute(order.order_line._fields["milepost_managed_qty"], order.order_line)
        line = order.order_line
        self.assertEqual((line.milepost_managed_qty, line.qty_to_invoice), (10, 0))
        with self.refused(UserError, "when it is proven"):
            self.document(quantity=10, sale_line_ids=[Command.link(line.id)])

    def test_nothing_is_billed_of_an_order_before_its_goods_leave(self):
        line = self.sold(self.product, 10).order_line
        with self.refused(UserError, "when it is proven"):
            self.document(quantity=10, sale_line_ids=[Command.link(line.id)])

    def test_what_moved_before_the_connection_took_over_is_odoos_alone(self):
        self.connection.auto_transport_order = False
        order = self.order(10)
        self.connection.write({"auto_transport_order": True, "managed_from": "2100-01-01 00:00:00"})
        self.assertEqual(order.order_line.qty_to_invoice, 10)
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(move.amount_untaxed, 125)

    def test_what_no_connection_moves_is_odoos_alone(self):
        self.connection.write({"is_default": False, "auto_transport_order": False})
        order = self.order(10)
        order._create_invoices().action_post()
        self.assertEqual(order.invoice_status, "invoiced")

    # Defaults that a policy changes

    def test_transport_sold_on_ordered_quantities_waits_for_its_proof(self):
        service = self.service(invoice_policy="order", milepost_transport=True)
        order = self.sold(service)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.prove(order.milepost_shipment_ids or self.shipment(order))
        self.assertEqual(order.order_line.qty_to_invoice, 1)
        self.policy.transport_products = "odoo"
        self.assertEqual(self.sold(service).order_line.qty_to_invoice, 1)

    def test_ordered_goods_that_wait_are_not_freed_by_the_loss_of_their_transfer(self):
        self.policy.ordered_goods = "proof"
        self.product.invoice_policy = "order"
        taken_off = self.sold(self.product, 10)
        move = taken_off.picking_ids.move_ids
        move.with_user(self.storeman).sale_line_id = False
        values = {"partner_id": self.customer.id}
        values["order_line"] = [Command.create({"product_id": self.product.id, "product_uom_qty": 10})]
        none_made = self.env["sale.order"].create(values)
        none_made.with_context(skip_procurement=True).action_confirm()
        self.assertFalse(none_made.picking_ids)
        cancelled = self.sold(self.product, 10)
        cancelled.picking_ids.action_cancel()
        for case, order in (("taken off", taken_off), ("none", none_made), ("cancelled", cancelled)):
            with self.subTest(case):
                self.assertEqual(order.order_line.qty_to_invoice, 0)
                with self.refused(UserError, "when it is proven"):
                    self.document(quantity=10, sale_line_ids=[Command.link(order.order_line.id)])

    def with_fee(self):
        fee = self.service(invoice_policy="order")
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [
                Command.create({"product_id": self.product.id, "product_uom_qty": 10, "price_unit": 12.5}),
                Command.create({
                    "product_id": fee.id, "product_uom_qty": 1, "price_unit": 20, "is_delivery": True,
                    "tax_ids": [],
                }),
            ],
        })  # fmt: skip
        order.action_confirm()
        return order

    def test_a_delivery_fee_comes_with_the_first_proven_goods(self):
        order = self.with_fee()
        fee = order.order_line.filtered("is_delivery")
        self.assertEqual(fee.qty_to_invoice, 0)
        with self.refused(UserError, "when it is proven"):
            self.document(quantity=1, sale_line_ids=[Command.link(fee.id)])
        self.ship(order.picking_ids, 10)
        self.assertEqual(fee.qty_to_invoice, 0)
        self.prove(order.milepost_shipment_ids)
        self.assertEqual(fee.qty_to_invoice, 1)
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 145)

    def test_a_delivery_fee_comes_as_in_odoo_where_the_policy_says_so(self):
        self.policy.delivery_fee = "odoo"
        self.assertEqual(self.with_fee().order_line.filtered("is_delivery").qty_to_invoice, 1)

    def down_payment(self, order):
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        wizard.create({
            "advance_payment_method": "percentage", "amount": 100, "sale_order_ids": [Command.set(order.ids)],
        }).create_invoices()  # fmt: skip
        order.invoice_ids.action_post()

    def test_a_down_payment_is_free_unless_the_policy_says_otherwise(self):
        order = self.sold(self.product, 10)
        self.down_payment(order)
        self.assertEqual(order.invoice_ids.amount_untaxed, 5000)
        self.policy.down_payments = "proof"
        with self.refused(UserError, "before the first proof"):
            self.down_payment(self.sold(self.product, 10))

    def test_in_shadow_mode_everything_is_billed_as_in_odoo(self):
        self.policy.mode = "shadow"
        order = self.order(100, 60)
        self.assertEqual(order.order_line.qty_to_invoice, 60)
        order._create_invoices().action_post()
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    # What people see, and who chooses the policy

    def test_an_order_says_that_it_waits_since_when_and_for_what(self):
        order = self.order(100, 60)
        self.assertEqual((order.milepost_is_waiting, order.order_line.milepost_waiting_qty), (True, 60))
        self.assertTrue(order.milepost_waiting_since)
        shipment = order.milepost_shipment_ids.sorted("id")[:1]
        self.assertIn(shipment.name, order.milepost_waiting_why)
        self.deliver(shipment)
        self.validate(shipment)
        order.invalidate_recordset(["milepost_waiting_why"])
        self.assertIn("POD Missing", order.milepost_waiting_why)
        self.assertIn("Who may release it: Finance Manager", order.milepost_waiting_why)
        self.assertIn(order, self.env["sale.order"].search([("milepost_is_waiting", "=", True)]))
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.assertEqual((order.milepost_is_waiting, order.milepost_waiting_why), (False, False))

    def test_nor_does_who_edits_a_confirmed_order(self):
        lenient = {"company_id": self.company.id, "mode": "shadow"}
        friend = self.env["res.partner"].create({"name": "Friend", "street": "Quay 2"})
        by_value = {**lenient, "name": "Small", "value_to": 20, "value_from": 1}
        policies = self.env["milepost.billing.policy"]
        policies.create([{**lenient, "name": "Friends", "partner_ids": [Command.set(friend.ids)]}, by_value])
        order = self.order(10)
        self.without_shipment(order)
        self.env.add_to_compute(order.order_line._fields["milepost_managed_qty"], order.order_line)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        seller = order.with_user(self.seller)
        for case, edited, values in (
            ("customer", seller, {"partner_id": friend.id, "partner_invoice_id": friend.id}),
            ("value", seller.order_line, {"price_unit": 1}),
        ):
            with self.subTest(case):
                edited.write(values)
                # Whatever happens to the goods next computes it anew.
                order.order_line.modified(["milepost_managed_qty"])
                self.assertEqual(order.order_line.qty_to_invoice, 0)
                with self.refused(UserError, "(?s)nothing to invoice|Cannot create"):
                    order._create_invoices()
        manager = self.users["manager"]
        manager.group_ids |= self.env.ref("sales_team.group_sale_manager")
        order.with_user(manager).write({"partner_id": friend.id, "date_order": order.date_order})
        order.order_line.modified(["milepost_managed_qty"])
        self.assertEqual(order.order_line.qty_to_invoice, 10, "finance may")

    def test_an_upgrade_keeps_what_orders_were_confirmed_with_and_what_waits(self):
        order = self.order(10)
        line = order.order_line
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET milepost_policy_inputs = NULL WHERE id = %s", order.ids)
        self.env.cr.execute("UPDATE sale_order_line SET milepost_waiting_qty = 1 WHERE id = %s", line.ids)
        self.env.invalidate_all()
        script = file_path("milepost_billing/migrations/19.0.1.4.0/end-waiting.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(order.milepost_policy_inputs["partner"], self.customer.id)
        self.assertEqual((line.milepost_waiting_qty, line.qty_to_invoice), (10, 0))

    def test_who_is_bound_by_a_policy_does_not_choose_a_milder_one(self):
        self.env["milepost.billing.policy"].create({
            "name": "Try-out", "company_id": self.company.id, "mode": "shadow", "service": "economy",
        })  # fmt: skip
        order = self.order(10)
        shipment = order.milepost_shipment_ids
        self.deliver(shipment)
        self.validate(shipment)
        shipment.with_user(self.users["dispatcher"]).service = "economy"
        self.validate(shipment)
        self.assertEqual((shipment.policy_id, order.order_line.qty_to_invoice), (self.policy, 0))
        manager = self.users["manager"]
        manager.group_ids |= self.env.ref("milepost.group_dispatcher")
        shipment.with_user(manager).service = "economy"
        self.validate(shipment)
        self.assertEqual((shipment.policy_id.name, order.order_line.qty_to_invoice), ("Try-out", 10))
