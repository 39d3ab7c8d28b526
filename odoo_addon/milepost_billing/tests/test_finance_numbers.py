"""A tracking number that was wrong bills nothing by what was told of somebody else's parcel."""

from odoo.tests import tagged

from .billing_case import DELIVERY, PICKUP, BillingCase

STRANGE, OWN = "1Z999AA10199999990", "1Z999AA10123456784"


@tagged("finance", "post_install", "-at_install")
class TestFinanceNumbers(BillingCase):
    def by_number(self, shipment, number):
        """All that makes its goods billable, told by the tracking number alone."""
        named = {"identifiers": [{"type": "tracking", "value": number}]}
        self.facts(
            self.milestone(shipment, "picked_up", PICKUP, **named),
            self.milestone(shipment, "delivered", DELIVERY, **named),
            self.pod(shipment, **named),
        )
        self.validate(shipment)

    def mistaken(self):
        """A shipment that is ready by somebody else's delivery and proof, and its transfer."""
        shipment = self.shipment(self.order())
        picking = shipment.picking_ids
        picking.carrier_tracking_ref = STRANGE
        self.by_number(shipment, STRANGE)
        self.assertEqual(shipment.billing_state, "ready")
        return shipment, picking

    def test_nothing_is_billed_by_the_delivery_and_proof_of_a_number_that_was_wrong(self):
        shipment, picking = self.mistaken()
        picking.carrier_tracking_ref = OWN
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, shipment.has_pod), ("waiting", False))
        self.assertFalse(shipment.pod_validated_at or shipment.supply_date)
        self.assertFalse(self.run_billing())
        self.by_number(shipment, OWN)
        self.assertEqual(sum(self.run_billing().mapped("amount_untaxed")), 1250)

    def test_an_invoice_that_was_posted_by_a_wrong_number_is_a_case_and_no_change(self):
        shipment, picking = self.mistaken()
        [invoice] = self.run_billing()
        self.assertEqual(invoice.state, "posted")
        picking.carrier_tracking_ref = OWN
        self.validate(shipment)
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 1250))
        self.assertEqual(shipment.hold_ids.filtered("is_open").mapped("reason"), ["pod_revoked"])
        self.assertFalse(self.run_billing())
        self.by_number(shipment, OWN)
        self.assertFalse(shipment.hold_ids.filtered("is_open"))
        self.assertFalse(self.run_billing(), "once is enough")
