"""A shipment that travels on several trips: one journey out of their plans."""

from itertools import permutations

from odoo.tests import tagged

from .common import MilepostCase, itinerary, milestone, stop

FACTORY = {"name": "Mill", "city": "Essen"}
HUB = {"name": "Crossdock", "city": "Kassel"}
SHOP = {"name": "Harbour Foods", "city": "Hamburg"}


@tagged("post_install", "-at_install", "milepost")
class TestTrips(MilepostCase):
    def leg(self, trip, first, last, said=0, shipment=None):
        stops = [
            stop(f"{trip}-1", 1, "pickup", 1, place=first),
            stop(f"{trip}-2", 2, "delivery", 5, place=last),
        ]
        return itinerary(shipment or self.shipment, stops, said, source_event=f"{trip}/plan")

    def setUp(self):
        super().setUp()
        self.shipment = self.new_shipment()

    def journey(self, shipment=None):
        stops = (shipment or self.shipment).stop_ids.filtered("in_plan").sorted("sequence")
        return [(one.kind, one.city) for one in stops]

    def test_trips_that_lead_on_are_one_journey_whatever_the_order_of_their_plans(self):
        expected = [
            ("pickup", "Essen"), ("terminal", "Kassel"), ("terminal", "Hannover"), ("delivery", "Hamburg"),
        ]  # fmt: skip
        second_hub = {"name": "Hub North", "city": "Hannover"}
        legs = (("t1", FACTORY, HUB, 0), ("t2", HUB, second_hub, 1), ("t3", second_hub, SHOP, 2))
        for order in permutations(legs):
            shipment = self.new_shipment()
            self.tell(*(self.leg(f"{shipment.id}{trip}", *ends, shipment=shipment) for trip, *ends in order))
            self.assertEqual(self.journey(shipment), expected)

    def test_what_a_trip_unloads_for_the_next_is_under_way_and_not_delivered(self):
        self.tell(
            self.leg("t1", FACTORY, HUB),
            self.leg("t2", HUB, SHOP, 1),
            milestone(self.shipment, "picked_up", 1, stop={"id": "t1-1"}),
            milestone(self.shipment, "delivered", 3, stop={"id": "t1-2"}),
        )
        self.assertEqual(self.shipment.state, "in_transit")
        self.assertEqual(self.shipment.current_milestone, "arrived_terminal")
        self.tell(
            milestone(self.shipment, "picked_up", 4, stop={"id": "t2-1"}),
            milestone(self.shipment, "delivered", 9, stop={"id": "t2-2"}),
        )
        self.assertEqual(self.shipment.state, "delivered")
        self.assertEqual(self.shipment.stop_done_count, 3)

    def test_two_connections_may_give_their_trips_one_id(self):
        self.tell(self.leg("t1", FACTORY, HUB))
        second = self.leg("t2", HUB, SHOP, 1)
        self.tell_by_another({**second, "source_event": "t1/plan"})
        self.assertEqual(
            self.journey(), [("pickup", "Essen"), ("terminal", "Kassel"), ("delivery", "Hamburg")]
        )

    def test_a_trip_with_the_same_stops_gives_them_further_ids(self):
        self.tell(
            self.leg("t1", FACTORY, SHOP),
            self.leg("t2", FACTORY, SHOP, 1),
            milestone(self.shipment, "delivered", 3, stop={"id": "t1-2"}),
        )
        self.assertEqual(self.journey(), [("pickup", "Essen"), ("delivery", "Hamburg")])
        self.assertEqual(self.shipment.state, "delivered")

    def test_a_trip_that_another_took_the_place_of_leaves_no_stop_behind(self):
        elsewhere = {"name": "Elsewhere", "city": "Kiel"}
        self.tell(self.leg("t1", FACTORY, elsewhere), self.leg("t2", FACTORY, SHOP, 1))
        self.assertEqual(self.journey(), [("pickup", "Essen"), ("delivery", "Hamburg")])

    def test_a_new_version_of_one_trips_plan_leaves_the_others_as_they_are(self):
        kassel = {"name": "Crossdock II", "city": "Kassel", "postal_code": "34117", "street": "Gate 2"}
        gate = {**HUB, "postal_code": "34117", "street": "Gate 2"}
        self.tell(self.leg("t1", FACTORY, gate), self.leg("t2", kassel, SHOP, 1))
        self.tell(self.leg("t1", {"name": "Mill II", "city": "Bochum"}, gate, 2))
        self.assertEqual(
            self.journey(), [("pickup", "Bochum"), ("terminal", "Kassel"), ("delivery", "Hamburg")]
        )
