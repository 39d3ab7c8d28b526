from datetime import timedelta

from odoo.tests import tagged

from .billing_case import DELIVERY, BillingCase


@tagged("finance", "post_install", "-at_install")
class TestFinanceLag(BillingCase):
    """Key figures: how long money takes from the door to the books (T46)."""

    def delivered(self, ready_after=None):
        shipment = self.shipment()
        self.deliver(shipment)
        ready = DELIVERY + timedelta(hours=ready_after) if ready_after else False
        shipment.with_context(tracking_disable=True).write({"billing_ready_at": ready})
        return shipment

    def test_t46_the_median_counts_what_is_ready_and_the_open_one_stays_on_the_screen(self):
        shipments = self.env["milepost.shipment"].union(
            *(self.delivered(hours) for hours in (2, 6, 40, None))
        )
        now = DELIVERY + timedelta(hours=30)
        figures = self.env["milepost.billing.lag"].figures([("id", "in", shipments.ids)], now)
        readiness = figures["readiness"]
        self.assertEqual((readiness["n"], readiness["median_hours"]), (3, "6.00"))
        self.assertEqual((readiness["open"], readiness["open_ages_hours"]), (1, ["30.00"]))
        self.assertEqual(figures["n"], 4)

    def test_the_parts_of_the_waterfall_sum_to_the_whole_delay(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment))
        self.validate(shipment)
        self.run_billing()
        figures = self.env["milepost.billing.lag"].figures([("id", "=", shipment.id)])
        whole = int((shipment.posted_at - shipment.delivered_at).total_seconds())
        self.assertEqual(sum(part["seconds"] for part in figures["parts"]), whole)
        self.assertEqual(figures["total_seconds"], whole)
        self.assertEqual(figures["posted"], 1)
