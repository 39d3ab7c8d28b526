"""One lateness: late after the end of the window, early before it begins, the same on every screen."""

import runpy
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import file_path

from .common import NOON, MilepostCase, instant, itinerary, milestone, stop

WINDOW = {"window_start": instant(2), "window_end": instant(6)}
PLANNED = {"planned_arrival": instant(2), "window_end": instant(6)}


@tagged("post_install", "-at_install", "milepost")
class TestLateness(MilepostCase):
    def arriving(self, hours, **planned):
        """A shipment that arrived so many hours after NOON where it was planned like this."""
        shipment = self.new_shipment()
        self.tell(
            itinerary(shipment, [stop("p", 1, "pickup", 0), stop("d", 2, "delivery", **planned)]),
            milestone(shipment, "arrived_delivery", hours, stop={"id": "d"}),
        )
        return shipment, shipment.stop_ids.filtered(lambda one: one.kind == "delivery" and one.in_plan)

    def test_shipment_stop_and_report_say_the_same(self):
        told = (
            (1, -60, "1 h 00 early"), (2, 0, "on time"), (4, 0, "on time"), (6, 0, "on time"),
            (7.5, 90, "1 h 30 late"),
        )  # fmt: skip
        for planned in (WINDOW, PLANNED):
            for hours, minutes, words in told:
                with self.subTest(planned=sorted(planned), hours=hours):
                    shipment, delivery = self.arriving(hours, **planned)
                    self.tell(milestone(shipment, "delivered", 8, stop={"id": "d"}))
                    self.env.flush_all()
                    report = self.env["milepost.punctuality"].browse(shipment.id)
                    self.assertEqual((delivery.lateness_minutes, delivery.lateness_text), (minutes, words))
                    self.assertEqual((shipment.lateness_minutes, shipment.lateness_text), (minutes, words))
                    self.assertAlmostEqual(report.hours_late, minutes / 60, 2)
                    self.assertEqual(shipment.is_late, minutes > 0)

    def test_a_plan_beyond_its_own_window_is_late_from_the_end_of_the_window(self):
        shipment, delivery = self.arriving(7, planned_arrival=instant(8), window_end=instant(6))
        self.assertEqual((delivery.lateness_minutes, shipment.is_late), (60, True))
        _shipment, early = self.arriving(5, planned_arrival=instant(8), window_end=instant(6))
        self.assertEqual(early.lateness_minutes, -60)

    def test_what_was_stored_before_is_counted_anew(self):
        told = [self.arriving(1, **WINDOW), self.arriving(4, **WINDOW), self.arriving(7.5, **PLANNED)]
        self.env.flush_all()
        for shipment, delivery in told:
            minutes = int((delivery.arrived_at - NOON - timedelta(hours=6)).total_seconds() // 60)
            for record in (shipment, delivery):
                self.env.cr.execute(
                    f"UPDATE {record._table} SET lateness_minutes = %s WHERE id = %s", [minutes, record.id]
                )
        script = file_path("milepost/migrations/19.0.2.5.0/post-lateness.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.2.4.0")
        self.env.invalidate_all()
        self.assertEqual([one.lateness_minutes for one, _stop in told], [-60, 0, 90])
        self.assertEqual([one.lateness_minutes for _shipment, one in told], [-60, 0, 90])
