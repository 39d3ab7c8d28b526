from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_case import BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceCarrierHold(BillingCase):
    """A hold that a person puts on what the carriers of a shipment bill, whatever they bill."""

    def billed(self, number):
        shipment = self.shipment(self.order())
        self.expect(shipment, linehaul=500)
        self.deliver(shipment)
        self.facts(fact := self.bill(shipment, [("linehaul", "500.00")], number=number))
        self.validate(shipment)
        return shipment, self.invoice_of(fact)

    def hold(self, shipment):
        return self.env["milepost.hold"].with_user(self.users["analyst"]).create({
            "shipment_id": shipment.id, "side": "ap", "amount": 100, "explanation": "pallets are missing",
        })  # fmt: skip

    def book(self, number):
        return self.env["account.move"].create({
            "move_type": "in_invoice", "partner_id": self.carrier.id, "ref": number,
            "invoice_date": "2026-03-08",
            "invoice_line_ids": [Command.create({"name": "freight", "price_unit": 500})],
        })  # fmt: skip

    def test_it_blocks_every_bill_of_the_shipment_until_it_is_released(self):
        shipment, bill = self.billed("CI-81")
        self.assertEqual((bill.state, bill.approved_amount), ("payable", 500))
        hold = self.hold(shipment)
        with self.refused(UserError, "pallets are missing"):
            self.book("CI-81")
        self.validate(shipment)
        self.assertEqual((bill.state, bill.approved_amount), ("held", 0))
        hold.with_user(self.users["manager"]).action_release("evidence", "the pallets were found")
        self.validate(shipment)
        self.assertEqual((bill.state, bill.approved_amount), ("payable", 500))
        self.assertTrue(self.book("CI-81"))

    def test_it_blocks_a_bill_that_comes_later_and_no_bill_of_another_shipment(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.hold(shipment)
        self.facts(fact := self.bill(shipment, [("linehaul", "500.00")]))
        self.validate(shipment)
        self.assertEqual(self.invoice_of(fact).state, "held")
        _other, bill = self.billed("CI-82")
        self.assertEqual(bill.state, "payable")

    def test_a_bill_without_a_scac_says_that_it_has_none(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        shipment.sudo().carrier_partner_id = False
        fact = self.bill(shipment, [("linehaul", "500.00")])
        del fact["carrier_scac"]
        self.facts(fact)
        self.validate(shipment)
        texts = self.invoice_of(fact).hold_ids.mapped("explanation")
        self.assertTrue(any("names no SCAC" in text for text in texts), texts)

    def test_it_does_not_keep_the_customers_invoice_back(self):
        shipment, _bill = self.billed("CI-83")
        self.hold(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.assertEqual(shipment.billing_state, "ready")
