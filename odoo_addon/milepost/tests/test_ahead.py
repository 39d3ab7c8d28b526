"""Facts of the future: what a partner says to have happened after we received it is not believed."""

import runpy
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import file_path

from ..ingestion.ahead import TOLERANCE_MINUTES
from .common import NOON, MilepostCase, fact, instant, milestone, text_of

MINUTE = 1 / 60


@tagged("post_install", "-at_install", "milepost")
class TestAhead(MilepostCase):
    def told(self, hours, received=0, **says):
        """A shipment whose delivery is told so many hours after NOON, by a message of another time."""
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "picked_up", -1))
        delivered = milestone(shipment, "delivered", hours, said=received, **says)
        self.tell(delivered, received=text_of(NOON + timedelta(hours=received)))
        return shipment

    def test_what_lies_ahead_of_its_receipt_is_flagged_and_does_not_count(self):
        shipment = self.told(24)
        [ahead] = shipment.milestone_ids.filtered(lambda one: one.code == "delivered")
        self.assertEqual(
            (shipment.state, shipment.delivered_at, shipment.is_ahead), ("in_transit", False, True)
        )
        self.assertEqual((ahead.is_ahead, ahead.standing, ahead.superseded), (True, "ahead", False))
        [row] = [
            one for stop in shipment.timeline()["stops"] for one in stop["facts"] if one["id"] == ahead.id
        ]
        self.assertTrue(row["is_ahead"])

    def test_clocks_may_differ_by_the_tolerance(self):
        within, beyond = self.told(TOLERANCE_MINUTES * MINUTE), self.told((TOLERANCE_MINUTES + 1) * MINUTE)
        self.assertEqual((within.state, beyond.state), ("delivered", "in_transit"))
        self.env["ir.config_parameter"].sudo().set_param("milepost.clock_tolerance_minutes", "60")
        self.assertEqual((self.told(1).state, self.told(1.1).state), ("delivered", "in_transit"))
        self.env["ir.config_parameter"].sudo().set_param("milepost.clock_tolerance_minutes", "an hour")
        self.assertEqual(self.told(1).state, "in_transit")

    def test_what_is_told_again_once_it_lies_behind_is_believed(self):
        """Carriers repeat their histories: the same words stayed unbelieved for ever."""
        shipment = self.new_shipment()
        delivered = milestone(shipment, "delivered", 24, said=0)
        self.tell(delivered, received=text_of(NOON))
        self.assertTrue(shipment.is_ahead)
        self.ingest(delivered, received=text_of(NOON + timedelta(hours=25)))
        self.env.invalidate_all()
        self.assertEqual((shipment.state, shipment.is_ahead), ("delivered", False))

    def test_plans_and_estimates_are_of_the_future(self):
        shipment = self.new_shipment()
        self.tell(
            milestone(shipment, "eta_updated", 30, said=0, classifier="estimated"), received=text_of(NOON)
        )
        self.assertEqual((shipment.eta, shipment.is_ahead), (NOON + timedelta(hours=30), False))

    def test_a_later_word_corrects_it_and_an_earlier_one_stands(self):
        shipment = self.told(24)
        self.tell(milestone(shipment, "delivered", 1, said=2))
        self.assertEqual((shipment.delivered_at, shipment.is_ahead), (NOON + timedelta(hours=1), False))
        ahead = shipment.milestone_ids.filtered("is_ahead")
        self.assertEqual(ahead.standing, "superseded")
        other = self.new_shipment()
        self.tell(milestone(other, "delivered", 1))
        self.tell(milestone(other, "delivered", 48, said=3), received=text_of(NOON + timedelta(hours=3)))
        self.assertEqual((other.delivered_at, other.is_ahead), (NOON + timedelta(hours=1), True))

    def test_a_withdrawal_takes_it_back(self):
        shipment = self.told(24, source_event="e1")
        self.tell(fact("retraction", shipment, 1, target={"source_event": "e1"}))
        self.assertEqual((shipment.state, shipment.is_ahead), ("in_transit", False))

    def test_a_position_of_the_future_is_not_where_the_truck_is(self):
        shipment = self.new_shipment()
        place = {"latitude": 51.0, "longitude": 4.0}
        known = milestone(shipment, "in_transit", 0, place=place)
        self.tell(known)
        later = milestone(shipment, "in_transit", 50, said=0, place={**place, "latitude": 60.0})
        self.tell(later, received=text_of(NOON))
        self.assertEqual((shipment.position_at, shipment.is_ahead), (NOON, False))
        shipment._derive()
        self.assertEqual(shipment.position_at, NOON)

    def test_a_proof_of_tomorrow_is_flagged(self):
        shipment = self.new_shipment()
        proof = fact("proof_of_delivery", shipment, 0, delivered=instant(24), signer="A", signed=True)
        self.tell(proof, received=text_of(NOON))
        self.assertEqual((shipment.pod_ids.is_ahead, shipment.pod_ids.standing), (True, "ahead"))

    def test_of_what_is_stored_only_what_is_still_to_come_is_flagged(self):
        now = fields.Datetime.now()
        passed, coming = self.told(24), self.told(24)
        self.env.flush_all()
        for shipment, at in ((passed, now - timedelta(days=1)), (coming, now + timedelta(days=1))):
            self.env.cr.execute(
                "UPDATE milepost_milestone SET is_ahead = NULL, occurred_at = %s, received_at = %s"
                " WHERE shipment_id = %s AND code = 'delivered'",
                [at, at - timedelta(days=2), shipment.id],
            )
        self.env.invalidate_all()
        (passed | coming)._derive()
        self.assertEqual((passed.state, coming.state), ("delivered", "delivered"))
        script = file_path("milepost/migrations/19.0.2.6.0/post-ahead.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.2.5.0")
        self.env.invalidate_all()
        self.assertEqual((passed.state, passed.is_ahead), ("delivered", False))
        self.assertEqual((coming.state, coming.is_ahead), ("in_transit", True))

    def test_who_puts_his_clock_right_is_believed_at_once(self):
        """A clock of 5:30 ahead told its messages' times ahead, too: nobody could correct it for hours."""
        for event in (None, "e1"):
            says = {"source_event": event} if event else {}
            shipment = self.new_shipment()
            self.tell(milestone(shipment, "delivered", 5.5, said=5.5, **says), received=text_of(NOON))
            self.assertTrue(shipment.is_ahead)
            corrected = milestone(shipment, "delivered", 0, said=1, **says)
            self.tell(corrected, received=text_of(NOON + timedelta(hours=1)))
            known = (shipment.state, shipment.delivered_at, shipment.is_ahead)
            self.assertEqual(known, ("delivered", NOON, False), event)

    def test_a_proof_by_a_clock_ahead_is_replaced_by_its_correction(self):
        shipment = self.new_shipment()
        for hours, said, received in ((5.5, 5.5, 0), (0, 1, 1)):
            proof = fact(
                "proof_of_delivery", shipment, said,
                delivered=instant(hours), signer="A", signed=True, source_event="p1",
            )  # fmt: skip
            self.tell(proof, received=text_of(NOON + timedelta(hours=received)))
        self.assertEqual(
            {(pod.is_ahead, pod.standing) for pod in shipment.pod_ids},
            {(True, "superseded"), (False, "counts")},
        )

    def test_how_a_stop_ended_settles_what_was_told_ahead_of_it(self):
        """An arrival of tomorrow, or another connection's word, would hold what is delivered for ever."""
        arrived = self.new_shipment()
        self.tell(milestone(arrived, "arrived_delivery", 24, said=0), received=text_of(NOON))
        self.assertTrue(arrived.is_ahead)
        self.tell(milestone(arrived, "delivered", 1))
        self.assertEqual((arrived.state, arrived.is_ahead), ("delivered", False))
        told = self.new_shipment()
        self.tell(milestone(told, "delivered", 24, said=0), received=text_of(NOON))
        self.tell_by_another(milestone(told, "delivered", 1))
        self.assertEqual((told.state, told.is_ahead), ("delivered", False))

    def test_an_earlier_end_settles_nothing(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "refused", 1))
        self.tell(milestone(shipment, "delivered", 48, said=3), received=text_of(NOON + timedelta(hours=3)))
        self.assertEqual((shipment.state, shipment.is_ahead), ("refused", True))

    def test_a_terminal_of_tomorrow_leaves_nothing_open(self):
        shipment = self.told(1, received=1)
        self.tell(milestone(shipment, "arrived_terminal", 24, said=1), received=text_of(NOON))
        self.assertEqual((shipment.state, shipment.is_ahead), ("delivered", False))
