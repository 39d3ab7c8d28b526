"""Orders of a web shop: from a visitor's or a customer's cart to the invoice that is posted after proof."""

from odoo import Command
from odoo.addons.milepost_billing.tests.billing_case import BillingCase
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.tests.common import MockRequest
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged


@tagged("flows", "post_install", "-at_install", "milepost")
class TestFlowsWebsite(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"is_default": True, "auto_transport_order": True})
        cls.address = {"street": "Quay 1", "city": "Hamburg", "country_id": cls.env.ref("base.de").id}
        cls.company.partner_id.write({**cls.address, "street": "Pier 7"})
        cls.goods = cls.env["product.product"].create({
            "name": "Lamp", "default_code": "LAMP", "type": "consu", "list_price": 10.0, "is_published": True,
            "invoice_policy": "delivery", "taxes_id": [Command.clear()],
        })  # fmt: skip
        cls.website = cls.env["website"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.website.salesteam_id = False
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.provider = cls.env["payment.provider"].create({
            "name": "Card", "code": "none", "state": "test", "is_published": True,
            "payment_method_ids": [Command.set(cls.method.ids)],
        })  # fmt: skip
        # Odoo lets a method in only when a provider has it.
        cls.method.active = True

    def cart(self, user, quantity=4):
        """What a user put into the cart, through the shop's own controller."""
        website = self.website.with_user(user).with_context(website_id=self.website.id)
        with MockRequest(website.env, website=website) as request:
            Cart().add_to_cart(self.goods.product_tmpl_id.id, self.goods.id, quantity=quantity)
            order = request.cart
        order = self.env["sale.order"].browse(order.id)
        self.assertEqual((order.state, order.website_id), ("draft", self.website))
        return order

    def pay(self, order):
        """The payment of a cart is confirmed by its provider, and the order with it."""
        transaction = self.env["payment.transaction"].create({
            "provider_id": self.provider.id, "payment_method_id": self.method.id,
            "amount": order.amount_total, "currency_id": order.currency_id.id, "partner_id": order.partner_id.id,
            "reference": order.name, "operation": "online_redirect", "sale_order_ids": [Command.set(order.ids)],
        })  # fmt: skip
        transaction._set_done()
        transaction._check_amount_and_confirm_order()
        if self.env["ir.config_parameter"].get_param("sale.automatic_invoice"):
            transaction._invoice_sale_orders()
        self.assertEqual(order.state, "sale")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def leave(self, order):
        order.picking_ids.move_ids.write({"quantity": 4, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        return order.milepost_shipment_ids

    def proven(self, order, *quantities):
        shipment = self.leave(order)
        self.deliver(shipment)
        self.facts(self.pod(shipment, quantities))
        self.validate(shipment)
        return shipment

    def customer_of_the_shop(self):
        user = new_test_user(self.env, "shopper", groups="base.group_portal")
        user.partner_id.write(self.address)
        return user

    def test_a_customers_cart_becomes_a_shipment_and_is_invoiced_once_it_is_proven(self):
        order = self.cart(self.customer_of_the_shop())
        self.assertFalse(order.milepost_shipment_ids)
        self.pay(order)
        [shipment] = order.milepost_shipment_ids
        self.assertEqual(shipment.outbox_ids.payload["goods"][0]["product_code"], "LAMP")
        self.leave(order)
        with self.assertRaises(UserError):
            order._create_invoices()
        self.assertEqual(order.order_line.filtered("product_id").milepost_waiting_qty, 4)
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        invoice = self.run_billing()
        self.assertEqual(
            (invoice.state, invoice.amount_untaxed, invoice.partner_id), ("posted", 40, order.partner_id)
        )

    def test_a_visitors_cart_goes_to_the_address_that_he_gave(self):
        order = self.cart(self.website.user_id)
        visitor = self.env["res.partner"].create({"name": "Ada", "email": "ada@example.com", **self.address})
        order.write({"partner_id": visitor.id})
        self.pay(order)
        self.assertEqual(order.milepost_shipment_ids.destination_id, visitor)
        self.proven(order, ("accepted", 3), ("short", 1))
        self.assertEqual(self.reasons(order.milepost_shipment_ids), ["qty_short"])
        rows = self.env["milepost.billable"].with_user(self.users["analyst"])
        rows.dispose(order.milepost_shipment_ids.id, "bill_accepted")
        self.validate(order.milepost_shipment_ids)
        self.assertEqual(self.run_billing().amount_untaxed, 30)

    def test_an_order_that_is_paid_is_not_invoiced_by_itself_before_its_proof(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self.cart(self.customer_of_the_shop())
        self.pay(order)
        self.assertFalse(order.invoice_ids)
        self.proven(order)
        self.assertEqual(self.run_billing().amount_untaxed, 40)

    def test_a_cart_that_is_changed_and_abandoned_is_no_shipment(self):
        user = self.customer_of_the_shop()
        order = self.cart(user)
        website = self.website.with_user(user).with_context(website_id=self.website.id)
        with MockRequest(website.env, website=website, sale_order_id=order.id):
            Cart().update_cart(order.order_line.id, 2)
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertFalse(order.milepost_shipment_ids or order.milepost_managed_by_id)
