from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .billing_case import DELIVERY, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceOrders(BillingCase):
    """Sales orders as companies have them: currencies, taxes, companies, backorders, credits, returns."""

    def ordered(self, quantity=10, lines=None, **values):
        """A confirmed order whose goods left the warehouse; its lines have the taxes of their products."""
        line = {"product_id": self.product.id, "product_uom_qty": quantity, "price_unit": 12.5}
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "order_line": [Command.create(line)], **values,
        })  # fmt: skip
        order.action_confirm()
        self.ship(order.picking_ids, quantity)
        return order

    def prove(self, shipment):
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        return shipment

    def told(self, shipment, charge_type, amount):
        return self.fact(
            "charge", shipment, side="sell", charge_type=charge_type, amount=amount,
            currency=self.usd.name, raw_code="400",
        )  # fmt: skip

    def credit(self, invoice, quantity=None):
        """A person's credit note of an invoice, of all of it or of a quantity."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).reverse_moves()
        note = self.env["account.move"].browse(action["res_id"])
        if quantity is not None:
            note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note

    # Currency and tax

    def test_a_customer_in_another_currency_is_invoiced_in_it(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create({
            "currency_id": euro.id, "name": "2026-01-01", "rate": 0.8, "company_id": self.company.id,
        })  # fmt: skip
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        self.expect(None, linehaul=100)
        shipment = self.shipment(self.ordered(10, pricelist_id=pricelist.id))
        self.facts(self.told(shipment, "liftgate", "50.00"), self.bill(shipment, [("linehaul", "100.00")]))
        self.prove(shipment)
        self.assertEqual((shipment.currency_id, shipment.billable_amount), (euro, 125 + 40))
        self.assertEqual((shipment.expected_cost, shipment.approved_cost), (100, 100))
        [invoice] = self.run_billing()
        self.assertEqual((invoice.currency_id, invoice.amount_untaxed), (euro, 165))
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.billing_state), (165, "invoiced"))

    def taxed(self):
        """A customer abroad, whose fiscal position makes 20 % of tax 0 %."""
        tax = self.env["account.tax"].create({
            "name": "20 %", "amount": 20, "type_tax_use": "sale", "company_id": self.company.id,
        })  # fmt: skip
        position = self.env["account.fiscal.position"].create({
            "name": "Abroad", "company_id": self.company.id,
        })  # fmt: skip
        none = self.env["account.tax"].create({
            "name": "0 % abroad", "amount": 0, "type_tax_use": "sale", "company_id": self.company.id,
            "fiscal_position_ids": [Command.set(position.ids)],
            "original_tax_ids": [Command.set(tax.ids)],
        })  # fmt: skip
        abroad = self.env["res.partner"].create({
            "name": "Abroad", "property_account_position_id": position.id,
        })  # fmt: skip
        freight = self.env["product.product"].create({
            "name": "Freight", "type": "service", "taxes_id": [Command.set(tax.ids)],
        })  # fmt: skip
        self.product.taxes_id = tax
        self.policy.limit_ids = [Command.create({"charge_type": "liftgate", "product_id": freight.id})]
        return tax, none, abroad

    def test_goods_and_charges_are_taxed_by_the_fiscal_position(self):
        tax, none, abroad = self.taxed()
        for partner, wanted, total in ((self.customer, tax, 192), (abroad, none, 160)):
            shipment = self.shipment(self.ordered(10, partner_id=partner.id))
            self.facts(self.told(shipment, "liftgate", "35.00"))
            self.prove(shipment)
            [invoice] = self.run_billing()
            self.assertEqual(invoice.invoice_line_ids.tax_ids, wanted)
            self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (160, total))

    def test_transport_alone_is_taxed_by_the_fiscal_position_too(self):
        tax, none, abroad = self.taxed()
        for partner, wanted, total in ((self.customer, tax, 42), (abroad, none, 35)):
            shipment = self.shipment(partner_id=partner.id)
            self.facts(self.told(shipment, "liftgate", "35.00"))
            self.prove(shipment)
            [invoice] = self.run_billing()
            self.assertEqual((invoice.invoice_line_ids.tax_ids, invoice.amount_total), (wanted, total))

    # Companies

    def test_each_company_bills_its_own_shipments_in_its_own_books(self):
        other = self.env["res.company"].create({"name": "Northgate", "currency_id": self.usd.id})
        self.env["account.chart.template"].try_loading("generic_coa", company=other, install_demo=False)
        self.users["bridge"].company_ids |= other
        connection = self.env["milepost.connection"].create({
            "name": "TMS", "code": "tms-northgate", "source": "otm5", "company_id": other.id,
            "user_id": self.users["bridge"].id,
        })  # fmt: skip
        here = self.prove(self.shipment(self.order(10)))
        env = self.env(context={**self.env.context, "allowed_company_ids": [other.id, self.company.id]})
        with patch.multiple(self, env=env, company=other, connection=connection):
            there = self.prove(self.shipment(self.order(20)))
            self.assertEqual(there.company_id, other)
        [invoice] = self.run_billing()
        self.assertEqual((invoice.company_id, invoice.milepost_shipment_ids), (self.company, here))
        self.assertEqual(there.billing_state, "ready")
        with patch.multiple(self, env=env, company=other):
            [foreign] = self.run_billing()
        self.assertEqual((foreign.company_id, foreign.amount_untaxed), (other, 250))
        self.assertEqual(foreign.journal_id.company_id, other)
        self.assertEqual(foreign.milepost_shipment_ids, there)

    # Quantities over time

    def test_a_backorder_is_billed_with_its_own_proof(self):
        order = self.order(100, 60)
        first = self.prove(self.shipment(order))
        [one] = self.run_billing()
        self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 40)
        second = self.shipment(order, picking_ids=[Command.set(order.picking_ids.sorted("id")[-1:].ids)])
        self.validate(first | second)
        self.assertFalse(self.run_billing(), "the second part is on its way")
        self.prove(second)
        [two] = self.run_billing()
        self.assertEqual((one.amount_untaxed, two.amount_untaxed), (750, 500))
        self.assertEqual((order.invoice_status, order.order_line.qty_invoiced), ("invoiced", 100))

    def test_a_down_payment_in_percent_is_taken_off_the_last_invoice(self):
        order = self.order(100, 100)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        wizard.create({
            "advance_payment_method": "percentage", "amount": 30, "sale_order_ids": [Command.set(order.ids)],
        }).create_invoices()  # fmt: skip
        order.invoice_ids.action_post()
        self.prove(self.shipment(order))
        [invoice] = self.run_billing()
        self.assertEqual(invoice.amount_untaxed, 1250 - 375)
        self.assertEqual(order.invoice_status, "invoiced")

    # Credits and returns after the invoice

    def invoiced(self, quantity=100):
        order = self.order(quantity)
        shipment = self.prove(self.shipment(order))
        [invoice] = self.run_billing()
        return order, shipment, invoice

    def test_what_a_person_credits_is_not_billed_again(self):
        order, shipment, invoice = self.invoiced()
        self.credit(invoice, 40)
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (750, 500))
        self.assertEqual((shipment.billing_state, order.order_line.qty_to_invoice), ("invoiced", 0))
        self.assertFalse(self.run_billing())

    def test_unless_he_invoices_it_again(self):
        _order, shipment, invoice = self.invoiced()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).modify_moves()
        again = self.env["account.move"].browse(action["res_id"])
        again.action_post()
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (1250, 0))
        self.assertFalse(self.run_billing())

    def test_nor_is_what_he_credits_of_an_invoice_from_before_it_travelled(self):
        self.product.invoice_policy = "order"
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 100})],
        })  # fmt: skip
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.ship(order.picking_ids, 100)
        shipment = self.prove(self.shipment(order))
        self.assertEqual(shipment.billing_state, "invoiced")
        self.credit(invoice, 10)
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, shipment.absorbed_amount), ("invoiced", 125))
        self.assertFalse(self.run_billing())
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_a_charge_that_a_person_credits_is_not_billed_again(self):
        shipment = self.shipment()
        self.facts(self.told(shipment, "linehaul", "900.00"))
        self.prove(shipment)
        [invoice] = self.run_billing()
        self.credit(invoice)
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (0, 900))
        self.assertFalse(self.run_billing())

    def test_goods_that_come_back_after_the_invoice_are_credited_through_the_order(self):
        order, shipment, _invoice = self.invoiced()
        picking = order.picking_ids
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        returning = wizard.create({})
        returning.product_return_moves.write({"quantity": 6, "to_refund": True})
        back = returning._create_return()
        back.move_ids.quantity = 6
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (94, -6))
        self.assertFalse(self.run_billing())
        note = order._create_invoices(final=True)
        note.action_post()
        self.validate(shipment)
        self.assertEqual((note.move_type, note.amount_untaxed), ("out_refund", 75))
        self.assertEqual((shipment.invoiced_amount, shipment.absorbed_amount), (1175, 75))
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertFalse(self.run_billing())

    # Freight-only companies

    def test_a_freight_company_bills_several_shipments_of_one_order_each_when_it_is_proven(self):
        service = self.env["product.product"].create({
            "name": "Line Rotterdam–Berlin", "type": "service", "invoice_policy": "delivery",
            "milepost_transport": True, "taxes_id": [Command.clear()],
        })  # fmt: skip
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({
                "product_id": service.id, "product_uom_qty": 2, "price_unit": 700,
            })],
        })  # fmt: skip
        order.action_confirm()
        first, second = self.shipment(order), self.shipment(order)
        self.validate(first | second)
        self.prove(first)
        [invoice] = self.run_billing()
        self.assertEqual((invoice.amount_untaxed, invoice.delivery_date), (700, date(2026, 3, 4)))
        self.assertEqual(order.invoice_status, "no")
        self.assertFalse(self.run_billing(), "the second one is on its way")
        self.prove(second)
        [rest] = self.run_billing()
        self.assertEqual((rest.amount_untaxed, order.invoice_status), (700, "invoiced"))
        self.assertEqual(second.delivered_at, DELIVERY)

    def test_two_currencies_in_one_shipment_are_kept_apart(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create({
            "currency_id": euro.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 0.5,
        })  # fmt: skip
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        dollars = self.order(quantity=10)
        euros = self.env["sale.order"].create({
            "partner_id": self.customer.id, "pricelist_id": pricelist.id,
            "order_line": [(0, 0, {
                "product_id": self.product.id, "product_uom_qty": 4, "price_unit": 10, "tax_ids": [(5,)],
            })],
        })  # fmt: skip
        euros.action_confirm()
        self.ship(euros.picking_ids, 4)
        shipment = self.shipment(dollars | euros)
        self.deliver(shipment)
        self.validate(shipment)
        self.assertEqual(shipment.currency_id, self.usd)
        self.assertEqual((shipment.billable_amount, shipment.held_amount), (125, 125))
        self.assertEqual(shipment.other_amounts["EUR"]["held"], "40.00")
        self.assertIn("EUR: Billable 40.00", shipment.other_amounts_text)
        self.assertEqual(shipment.billing_value, 205)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        invoices = self.run_billing()
        self.assertEqual(
            sorted((one.currency_id.name, one.amount_total) for one in invoices), [("EUR", 40), ("USD", 125)]
        )
        self.validate(shipment)
        self.assertEqual((shipment.invoiced_amount, shipment.billing_state), (125, "invoiced"))
        self.assertEqual(shipment.other_amounts["EUR"]["invoiced"], "40.00")
