"""Every milestone and condition of the canonical model, alone and in company."""

from odoo.tests import tagged

from .. import codes
from .common import NOON, MilepostCase, instant, itinerary, milestone, stop

# What each of them alone says of a shipment with one pickup and one delivery, when it happened.
ALONE = {
    "booked": {"state": "booked"},
    "tendered": {"state": "waiting"},
    "tender_accepted": {"state": "booked"},
    "tender_declined": {"state": "declined"},
    "assigned": {"state": "booked"},
    "appointment_set": {"state": "booked"},
    "arrived_pickup": {"state": "at_pickup"},
    "loaded": {"state": "at_pickup"},
    "picked_up": {"state": "in_transit", "picked_up_at": NOON},
    "in_transit": {"state": "in_transit"},
    "arrived_terminal": {"state": "in_transit"},
    "departed_terminal": {"state": "in_transit"},
    "eta_updated": {"state": "waiting", "eta": False},
    "delayed": {"state": "waiting", "exception_code": "delayed", "exception_reason": "other"},
    "customs_hold": {
        "state": "in_transit",
        "exception_code": "customs_hold",
        "exception_reason": "customs_border",
    },
    "customs_released": {"state": "in_transit"},
    "available": {"state": "in_transit"},
    "last_free_day": {"state": "waiting"},
    "out_for_delivery": {"state": "in_transit"},
    "delivery_attempted": {
        "state": "in_transit",
        "attempt_count": 1,
        "exception_code": "delivery_attempted",
        "exception_reason": "consignee_unavailable",
    },
    "arrived_delivery": {"state": "at_delivery", "arrived_delivery_at": NOON},
    "delivered": {"state": "delivered", "delivered_at": NOON, "arrived_delivery_at": NOON, "progress": 100},
    "partially_delivered": {
        "state": "partially_delivered",
        "arrived_delivery_at": NOON,
        "delivered_at": NOON,
        "exception_code": "partially_delivered",
        "exception_reason": "shortage_overage",
    },
    "refused": {
        "state": "refused",
        "arrived_delivery_at": NOON,
        "delivered_at": NOON,
        "exception_code": "refused",
        "exception_reason": "refused",
    },
    "returned": {"state": "returned", "exception_code": "returned", "exception_reason": "other"},
    "cancelled": {"state": "cancelled"},
}
QUIET = {
    "picked_up_at": False,
    "arrived_delivery_at": False,
    "delivered_at": False,
    "eta": False,
    "exception_code": False,
    "exception_reason": False,
    "attempt_count": 0,
    "is_damaged": False,
    "is_lost": False,
    "unmapped_count": 0,
}
CONDITIONS = {
    "damaged": {"is_damaged": True, "exception_code": "damaged", "exception_reason": "damage"},
    "lost": {"is_lost": True, "exception_code": "lost", "exception_reason": "other"},
    "pod_available": {},
    "departed_delivery": {},
}


@tagged("post_install", "-at_install", "milepost")
class TestMilestones(MilepostCase):
    def assert_shipment(self, shipment, expected):
        found = {name: shipment[name] for name in expected}
        self.assertEqual(found, expected)

    def test_the_tables_of_this_test_name_every_code_of_the_contract(self):
        self.assertEqual(list(ALONE), [code for code, _label in codes.MILESTONE_CODES])
        self.assertEqual(list(CONDITIONS), [code for code, _label in codes.CONDITIONS])

    def test_each_milestone_alone_gives_its_state(self):
        shipments = {code: self.new_shipment() for code in ALONE}
        self.tell(*(milestone(shipment, code) for code, shipment in shipments.items()))
        for code, shipment in shipments.items():
            with self.subTest(code):
                self.assert_shipment(shipment, {**QUIET, **ALONE[code]})
                self.assertEqual(shipment.current_milestone, code)
                self.assertEqual(shipment.current_milestone_at, NOON)

    def test_no_estimate_and_no_plan_closes_a_milestone(self):
        for classifier in ("planned", "estimated"):
            shipments = {code: self.new_shipment() for code in ALONE}
            self.tell(*(milestone(s, code, classifier=classifier) for code, s in shipments.items()))
            for code, shipment in shipments.items():
                with self.subTest(code, classifier=classifier):
                    self.assert_shipment(shipment, {**QUIET, "state": "waiting", "eta": shipment.eta})
                    self.assertFalse(shipment.current_milestone)
                    estimates_arrival = code in ("eta_updated", "arrived_delivery", "delivered")
                    if classifier == "estimated" and estimates_arrival:
                        self.assertEqual(shipment.eta, NOON)
                    else:
                        self.assertFalse(shipment.eta)

    def test_each_condition_alone_is_a_flag_and_no_step(self):
        shipments = {name: self.new_shipment() for name in CONDITIONS}
        self.tell(*(milestone(s, None, conditions=[name]) for name, s in shipments.items()))
        for name, shipment in shipments.items():
            with self.subTest(name):
                self.assert_shipment(shipment, {**QUIET, "state": "waiting", **CONDITIONS[name]})
        departed = shipments["departed_delivery"].stop_ids[-1]
        self.assertEqual((departed.departed_at, departed.outcome), (NOON, False))

    def test_a_condition_beside_a_milestone_leaves_the_milestone_alone(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "delivered", conditions=["damaged"], reasons=[{"code": "accident"}]))
        self.assert_shipment(
            shipment,
            {
                "state": "delivered",
                "is_damaged": True,
                "exception_code": "damaged",
                "exception_reason": "accident",
            },
        )

    def test_each_reason_reaches_the_shipment(self):
        shipments = {reason: self.new_shipment() for reason, _label in codes.REASONS}
        self.tell(*(milestone(s, "delayed", reasons=[{"code": r, "raw": "x"}]) for r, s in shipments.items()))
        for reason, shipment in shipments.items():
            with self.subTest(reason):
                self.assertEqual(shipment.exception_reason, reason)

    def test_a_late_message_about_the_pickup_does_not_bring_a_delivered_shipment_back(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "delivered", 5))
        for code in ("booked", "arrived_pickup", "picked_up", "in_transit", "out_for_delivery"):
            self.tell(milestone(shipment, code, 1, said=9))
            self.assertEqual(shipment.state, "delivered", code)

    def test_an_estimate_after_the_arrival_changes_nothing(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "arrived_delivery", 4))
        self.tell(milestone(shipment, "eta_updated", 9, said=5, classifier="estimated"))
        self.assert_shipment(
            shipment,
            {"eta": False, "state": "at_delivery", "lateness_minutes": -120, "punctuality": "on_time"},
        )

    def test_the_latest_estimate_counts_whatever_the_order(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "eta_updated", 5, said=2, classifier="estimated"))
        self.tell(milestone(shipment, "eta_updated", 9, said=1, classifier="estimated"))
        self.assertEqual(shipment.eta.hour, 17)

    def test_planned_estimated_and_actual_are_kept_apart(self):
        shipment = self.new_shipment()
        self.tell(
            itinerary(
                shipment,
                [stop("p", 1, "pickup", 0), stop("d", 2, "delivery", 6, planned_arrival=instant(5))],
            ),
            milestone(shipment, "arrived_delivery", 5, said=0, classifier="planned", stop={"id": "d"}),
            milestone(shipment, "eta_updated", 7, said=1, classifier="estimated", stop={"id": "d"}),
        )
        delivery = shipment.stop_ids[-1]
        self.assertEqual(
            (delivery.planned_arrival.hour, delivery.window_end.hour, delivery.estimated_arrival.hour),
            (17, 18, 19),
        )
        self.assertFalse(delivery.arrived_at)
        self.assertEqual(shipment.punctuality, "late")
        self.tell(milestone(shipment, "arrived_delivery", 6, stop={"id": "d"}))
        self.assertEqual((delivery.arrived_at.hour, delivery.estimated_arrival), (18, False))
        self.assertEqual(shipment.punctuality, "on_time")

    def test_a_tender_declined_and_accepted_later_is_booked(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "tender_declined", 1))
        self.assertEqual(shipment.state, "declined")
        self.tell(milestone(shipment, "tender_accepted", 2))
        self.assertEqual(shipment.state, "booked")

    def test_that_a_partner_received_our_papers_is_no_step_beyond_tendered(self):
        ends = {"tender_declined": "declined", "cancelled": "cancelled", "tender_accepted": "booked"}
        for code, state in ends.items():
            with self.subTest(code):
                shipment = self.new_shipment()
                received = milestone(shipment, "tendered", 2, raw_code="997/A", source_event="SM/1|997/A")
                again = milestone(shipment, "tendered", 3, raw_code="997/A", source_event="SM/1|997/A")
                self.tell(received)
                self.assert_shipment(shipment, {**QUIET, "state": "waiting", "current_milestone": "tendered"})
                self.tell(milestone(shipment, code, 1), again)
                self.ingest(received, again)
                self.assert_shipment(shipment, {**QUIET, "state": state, "current_milestone": code})

    def test_a_cancellation_after_the_pickup_does_not_stop_the_truck(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "picked_up", 1), milestone(shipment, "cancelled", 2))
        self.assertEqual(shipment.state, "in_transit")

    def test_a_refusal_can_be_followed_by_a_delivery(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "refused", 4))
        self.assert_shipment(shipment, {"state": "refused", "exception_code": "refused"})
        self.tell(milestone(shipment, "delivered", 6))
        self.assert_shipment(shipment, {"state": "delivered", "exception_code": False})

    def test_two_failed_attempts_are_two_until_the_delivery_settles_them(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "delivery_attempted", 2), milestone(shipment, "delivery_attempted", 4))
        self.assert_shipment(shipment, {"attempt_count": 2, "exception_code": "delivery_attempted"})
        self.tell(milestone(shipment, "delivered", 5))
        self.assert_shipment(shipment, {"attempt_count": 2, "exception_code": False})

    def test_a_customs_hold_ends_with_its_release(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "customs_hold", 1))
        self.assertEqual(shipment.exception_code, "customs_hold")
        self.tell(milestone(shipment, "customs_released", 3))
        self.assertFalse(shipment.exception_code)

    def test_goods_that_come_back_after_a_refusal_are_returned(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "refused", 4), milestone(shipment, "returned", 8))
        self.assertEqual(shipment.state, "returned")

    def test_an_unknown_code_is_kept_and_shown(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, None, raw_code="ZZ9", raw_text="Zollbeschau"))
        self.assert_shipment(shipment, {**QUIET, "state": "waiting", "unmapped_count": 1})
        [kept] = shipment.milestone_ids
        self.assertEqual((kept.meaning, kept.standing), ("Zollbeschau", "unmapped"))
