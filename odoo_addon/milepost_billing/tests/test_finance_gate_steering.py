from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_finance_gate import GateCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceGateSteering(GateCase):
    """What decides how much is billed is computed, or kept from when it was decided: nobody writes it."""

    def test_what_was_delivered_and_proven_is_written_by_nobody(self):
        line = self.line_of(self.held()).with_user(self.seller)
        for name in ("qty_delivered", "milepost_managed_qty", "milepost_released_qty"):
            with self.subTest(name), self.refused(AccessError, "computed from"):
                line.write({name: 20})

    def test_what_the_server_keeps_of_orders_and_transfers_is_written_by_nobody(self):
        shipment = self.held()
        viewer = self.env.ref("milepost.group_viewer")
        line = self.line_of(shipment)
        records = (line, line.order_id, shipment.picking_ids.move_ids, shipment.picking_ids)
        found = [
            (record, name)
            for record in records
            for name, field in record._fields.items()
            if name.startswith("milepost_")
            and field.store
            and field.readonly
            and not field.copy
            and field.column_type
        ]
        self.assertGreater(len(found), 8, "by the registry: a field that is added is tried, too")
        for user in (self.seller, self.storeman, self.accountant):
            user.group_ids |= viewer
            for record, name in found:
                with self.subTest(user=user.login, field=name):
                    own = record.with_user(user)
                    # Of the field itself: some of them may not write such records at all.
                    self.assertFalse(own._has_field_access(record._fields[name], "write"))
                    with self.refused(AccessError, "(?s).*"):
                        own.write({name: False})

    def test_a_flag_frees_no_goods(self):
        """A down payment is free, a delivery fee comes with the first proof; goods are neither."""
        order = self.order(80)
        self.managed()
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.validate(shipment)
        line = self.line_of(shipment)
        for name in ("is_downpayment", "is_delivery"):
            with self.subTest(name):
                with self.refused(AccessError, "what it is does not change"):
                    line.with_user(self.seller).write({name: True})
                line.sudo().write({name: True})
                self.assertEqual(line.qty_to_invoice, 0)
                with self.refused(UserError, "(?s)proven|nothing to invoice"):
                    self.document(user=self.accountant, **self.bills(shipment)).action_post()
                line.sudo().write({name: False})
        with self.refused(AccessError, "what it is does not change"):
            line.with_user(self.seller).write({"is_expense": True})

    def test_a_flag_frees_no_transport_either(self):
        self.managed()
        self.policy.down_payments = "free"
        lane = self.env["product.product"].create({
            "name": "Rotterdam–Berlin", "type": "service", "milepost_transport": True,
            "taxes_id": [Command.clear()],
        })  # fmt: skip
        self.customer.street = "Quay 1"
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "order_line": [Command.create({"product_id": lane.id})],
        })  # fmt: skip
        order.action_confirm()
        line = order.order_line
        self.assertEqual(line.qty_to_invoice, 0)
        for name in ("is_downpayment", "is_delivery"):
            line.sudo().write({name: True})
            line.modified(["milepost_managed_qty"])
            self.assertEqual(line.qty_to_invoice, 0, name)
            line.sudo().write({name: False})
        other = self.env["product.product"].create({"name": "Advice", "type": "service"})
        with self.refused(AccessError, "what it is does not change"):
            line.with_user(self.seller).product_id = other
        line.with_user(self.seller).write({"product_id": lane.id, "product_uom_qty": 2})
        self.assertEqual(line.qty_to_invoice, 0)

    def test_who_ships_splits_and_takes_back_writes_nothing_that_is_kept(self):
        """Odoo copies moves with all that is copied of them, as the user."""
        order = self.order(80, shipped=30)
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        stock = self.storeman
        rest.with_user(stock).move_ids.quantity = 20
        rest.with_user(stock).with_context(cancel_backorder=False).button_validate()
        self.assertTrue(order.order_line.with_user(self.seller).copy_data())
        done = order.picking_ids.filtered(lambda picking: picking.state == "done")[:1]
        wizard = self.env["stock.return.picking"].with_user(stock).with_context(
            active_id=done.id, active_ids=done.ids, active_model="stock.picking"
        ).create({})  # fmt: skip
        wizard.product_return_moves.quantity = 1
        self.assertTrue(wizard.action_create_returns())
        self.assertTrue(order.with_user(self.seller).copy())

    def test_a_document_is_not_given_a_run_by_the_context(self):
        shipment = self.ready()
        self.run_billing()
        run = shipment.invoice_ids.milepost_run_id
        self.assertTrue(run)
        env = self.env(user=self.accountant, context={**self.env.context, "default_milepost_run_id": run.id})
        with self.refused(AccessError, "by the billing alone"):
            env["account.move"].create({"move_type": "out_refund", "partner_id": self.customer.id})

    def test_the_context_of_a_call_neither_fills_documents_nor_hides_an_editor(self):
        order = self.order(10)
        self.prove_all(order)
        run = self.env["milepost.billing.run"].create({"company_id": self.company.id, "at": "2026-03-05"})
        sent = {"milepost_document": {"milepost_run_id": run.id, "narration": "sent"}}
        wizard = self.env(user=self.seller)["sale.advance.payment.inv"].with_context(
            active_ids=order.ids, **sent
        ).create({"advance_payment_method": "delivered"})  # fmt: skip
        wizard.create_invoices()
        [move] = order.invoice_ids
        self.assertEqual((move.milepost_run_id.id, move.narration), (False, False))
        editor = self.users["controller"]
        policy = self.policy.with_user(editor)
        hidden = {"milepost_validating": True, "milepost_touching": True, "milepost_brackets": 1}
        policy.with_context(**hidden).over_amount = 99
        self.assertIn(editor, policy.sudo().touched_by_ids)

    def prove_all(self, order):
        shipment = self.shipment(order)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)

    def test_goods_that_left_stay_with_their_order_line(self):
        shipment = self.held()
        moves = shipment.picking_ids.move_ids.with_user(self.storeman)
        with self.refused(AccessError, "stays with it"):
            moves.write({"sale_line_id": False})
        moves.write({"sale_line_id": self.line_of(shipment).id})

    def test_an_order_is_not_made_with_what_is_proven(self):
        order = self.line_of(self.held()).order_id.with_user(self.seller)
        with self.refused(AccessError, "computed from"):
            order.order_line = [Command.create({"product_id": self.product.id, "milepost_released_qty": 5})]

    def test_a_documents_ties_to_shipments_are_written_by_the_billing_alone(self):
        shipment = self.ready()
        move = shipment.sale_order_ids._create_invoices().with_user(self.users["manager"])
        for name, value in (
            ("milepost_run_id", 1), ("milepost_supply_date", "2026-01-01"),
            ("milepost_carrier_invoice_id", 1), ("milepost_shipment_ids", [Command.clear()]),
        ):  # fmt: skip
            with self.subTest(name), self.refused(AccessError, "by the billing alone"):
                move.write({name: value})
            with self.subTest(name), self.refused(AccessError, "by the billing alone"):
                move.create({"move_type": "out_invoice", "partner_id": self.customer.id, name: value})
        with self.refused(AccessError, "by the billing alone"):
            move.milepost_supply_date = False
        with self.refused(AccessError, "computed and cannot be edited"):
            move.invoice_line_ids.milepost_billable_id = False
