"""People of Odoo who have no role with Milepost: nothing of it stands in their way."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install", "milepost")
class TestBystanders(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "seller", groups="sales_team.group_sale_manager")
        cls.storeman = new_test_user(cls.env, "storeman", groups="stock.group_stock_user")
        cls.accountant = new_test_user(cls.env, "accountant", groups="account.group_account_manager")

    def setUp(self):
        super().setUp()
        self.connection.write({"is_default": True, "auto_transport_order": True})

    def sold(self):
        """An order of the seller, which ordered its transport by itself."""
        line = {"product_id": self.product.id, "product_uom_qty": 4, "tax_ids": [Command.clear()]}
        order = self.env["sale.order"].with_user(self.seller).create({
            "partner_id": self.customer.id, "order_line": [Command.create(line)],
        })  # fmt: skip
        order.action_confirm()
        self.assertEqual(len(order.sudo().milepost_shipment_ids), 1)
        return order

    def shipped(self, order):
        picking = order.picking_ids.with_user(self.storeman)
        picking.move_ids.quantity = 4
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def test_a_seller_confirms_changes_and_reads_an_order_that_travels(self):
        order = self.sold()
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 5
        self.assertEqual(order.order_line.product_uom_qty, 5)
        self.assertNotIn("milepost_shipment_ids", order.read()[0])
        for records in (order.order_line, order.picking_ids.with_user(self.storeman)):
            own = [name for name in records.fields_get() if name.startswith("milepost_")]
            self.assertTrue(records.read(["display_name", *own]))

    def test_a_storeman_ships_and_cancels(self):
        self.assertEqual(self.shipped(self.sold()).state, "done")
        other = self.sold().picking_ids.with_user(self.storeman)
        other.action_cancel()
        self.assertEqual(other.state, "cancel")

    def proven(self):
        """(order, its shipment) of goods that left and were proven."""
        order = self.sold()
        self.shipped(order)
        shipment = order.sudo().milepost_shipment_ids.with_env(self.env)
        self.deliver(shipment)
        self.facts(self.pod(shipment, [("accepted", 4)]))
        self.validate(shipment)
        return order, shipment

    def test_an_accountant_invoices_posts_and_credits_what_was_proven(self):
        order, shipment = self.proven()
        self.assertEqual(shipment.billing_state, "ready", shipment.hold_ids.mapped("explanation"))
        move = order.with_user(self.accountant)._create_invoices()
        move.read()
        move.line_ids.read()
        move.action_post()
        self.assertEqual((move.state, move.sudo().milepost_shipment_ids), ("posted", shipment.sudo()))
        self.assertTrue(move.milepost_supply_date)
        move._reverse_moves(cancel=True)
        self.assertEqual(move.payment_state, "reversed")

    def test_an_accountant_enters_documents_of_each_kind_by_their_form(self):
        documents = self.env["account.move"].with_user(self.accountant)
        for kind in ("out_invoice", "out_refund", "in_invoice", "in_refund"):
            form = Form(documents.with_context(default_move_type=kind))
            form.partner_id, form.invoice_date = self.customer, "2026-04-01"
            with form.invoice_line_ids.new() as line:
                line.name, line.price_unit = "Advice", 100
            move = form.save()
            move.action_post()
            self.assertEqual((move.state, move.amount_untaxed), ("posted", 100))

    def test_what_a_form_repeats_of_a_document_that_bills_a_shipment_is_not_refused(self):
        order, _shipment = self.proven()
        move = order.with_user(self.accountant)._create_invoices().with_user(self.accountant)
        day = str(move.milepost_supply_date)
        move.write({"ref": "A", "milepost_supply_date": day, "milepost_carrier_invoice_id": False})
        self.assertEqual((move.ref, str(move.milepost_supply_date)), ("A", day))

    def test_held_money_is_refused_to_them_in_words(self):
        order = self.sold()
        self.shipped(order)
        shipment = order.sudo().milepost_shipment_ids.with_env(self.env)
        self.deliver(shipment)
        self.validate(shipment)
        with self.assertRaisesRegex(UserError, "has no valid proof of delivery"):
            order.with_user(self.accountant)._create_invoices()
