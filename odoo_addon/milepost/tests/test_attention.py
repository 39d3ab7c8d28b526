"""What needs somebody's attention: by the clock of now, the grace of the connection, the user's day."""

from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import NOON, MilepostCase, itinerary, milestone, stop


@tagged("post_install", "-at_install", "milepost")
class TestAttention(MilepostCase):
    def found(self, domain):
        return self.env["milepost.shipment"].search([("id", "in", self.mine.ids), *domain])

    def test_what_is_within_the_grace_of_its_connection_is_not_overdue(self):
        patient = self.connection.copy({"name": "Patient", "code": "patient", "late_grace_minutes": 60})
        self.connection.late_grace_minutes = 15
        usual, slow = self.new_shipment(), self.new_shipment(connection_id=patient.id)
        nobody = self.new_shipment(connection_id=False)
        self.mine = usual | slow | nobody
        due = NOON + timedelta(hours=6)
        for minutes, overdue in ((0, ""), (15, ""), (16, "un"), (60, "un"), (61, "usn")):
            with self.subTest(minutes), freeze_time(due + timedelta(minutes=minutes)):
                self.mine.invalidate_recordset(["is_overdue"])
                names = {"u": usual, "s": slow, "n": nobody}
                wanted = self.mine.browse([names[one].id for one in overdue])
                self.assertEqual(self.mine.filtered("is_overdue"), wanted.sorted("id"))
                self.assertEqual(self.found([("is_overdue", "=", True)]), wanted.sorted("id", reverse=True))

    def test_a_stop_is_late_by_the_grace_of_its_connection(self):
        self.connection.late_grace_minutes = 30
        shipment = self.new_shipment()
        self.tell(
            itinerary(shipment, [stop("p", 1, "pickup", 0), stop("d", 2, "delivery", 6)]),
            milestone(shipment, "arrived_pickup", 0.4),
            milestone(shipment, "arrived_delivery", 6.6),
        )
        pickup, delivery = shipment.stop_ids.sorted("sequence")
        self.assertEqual((pickup.is_late, delivery.is_late), (False, True))
        late = self.env["milepost.stop"].search([("id", "in", shipment.stop_ids.ids), ("is_late", "=", True)])
        self.assertEqual(late, delivery)
        self.assertEqual([one["is_late"] for one in shipment.timeline()["stops"]], [False, True])

    def test_today_begins_at_midnight_of_the_clock_that_is_shown(self):
        """At 11 in Berlin it is 6 in the evening in Shanghai, where today's deliveries began at 17 yesterday."""
        shipment = self.new_shipment()
        delivered = datetime(2026, 11, 22, 18, 0)
        self.tell(milestone(shipment, "delivered", (delivered - NOON).total_seconds() / 3600))
        with freeze_time(datetime(2026, 11, 23, 10, 0)):
            boards = {
                zone: self.env["milepost.shipment"].control_tower([("id", "=", shipment.id)], zone=zone)
                for zone in ("Europe/Berlin", "Asia/Shanghai")
            }
            with self.assertRaises(UserError):
                self.env["milepost.shipment"].control_tower(zone="Nowhere/Land")
        counts = {
            zone: {one["key"]: one["count"] for one in board["columns"]}["delivered_today"]
            for zone, board in boards.items()
        }
        self.assertEqual(counts, {"Europe/Berlin": 0, "Asia/Shanghai": 1})

    def test_a_card_names_the_time_zone_of_where_it_goes(self):
        shipment = self.new_shipment()
        board = self.env["milepost.shipment"].control_tower([("id", "=", shipment.id)])
        [row] = [one for column in board["columns"] for one in column["shipments"]]
        self.assertEqual(row["destination_zone"], "Europe/Berlin")

    def test_the_last_step_is_how_far_it_came_not_what_was_told_last(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "picked_up", 1), milestone(shipment, "assigned", 2))
        self.assertEqual(shipment.current_milestone, "picked_up")
        self.tell(milestone(shipment, "delayed", 3))
        self.assertEqual(shipment.current_milestone, "delayed", "trouble on the way is news")
        self.tell(milestone(shipment, "delivered", 5), milestone(shipment, "assigned", 7))
        self.assertEqual(shipment.current_milestone, "delivered")
        self.assertEqual(shipment.current_milestone_at, NOON + timedelta(hours=5))

    def test_between_two_deliveries_the_last_step_follows_the_truck(self):
        shipment = self.new_shipment()
        stops = [stop("p", 1, "pickup", 0), stop("a", 2, "delivery", 4), stop("b", 3, "delivery", 8)]
        self.tell(
            itinerary(shipment, stops),
            milestone(shipment, "picked_up", 1, stop={"id": "p"}),
            milestone(shipment, "delivered", 3, stop={"id": "a"}),
            milestone(shipment, "in_transit", 5),
        )
        self.assertEqual((shipment.state, shipment.current_milestone), ("in_transit", "in_transit"))
