"""Facts of the future: what a partner says to have happened after we received it is not believed."""

import runpy
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import file_path

from ..ingestion.ahead import TOLERANCE_MINUTES
from .common import NOON, MilepostCase, fact, instant, itinerary, milestone, stop, text_of

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

    def corrected(self):
        """A delivery that a clock of 5:30 ahead told, and its correction by the same event: refused."""
        shipment = self.new_shipment()
        early = milestone(shipment, "delivered", 5.5, said=5.5, source_event="e1")
        self.tell(early, received=text_of(NOON))
        put_right = milestone(shipment, "refused", 0, said=1, source_event="e1")
        self.tell(put_right, received=text_of(NOON + timedelta(hours=1)))
        return shipment, early

    def test_a_repetition_undoes_no_correction(self):
        """Carriers tell their histories again: once its hour had come, the wrong word was the later one."""
        shipment, early = self.corrected()
        self.assertEqual(shipment.state, "refused")
        self.ingest(early, received=text_of(NOON + timedelta(hours=6)))
        self.assertEqual((shipment.state, shipment.is_ahead), ("refused", False))

    def test_a_batch_that_tells_a_fact_twice_is_two_batches(self):
        """After an outage what was told ahead and its repetition come together."""
        results = []
        for together in (True, False):
            shipment = self.new_shipment()
            early = milestone(shipment, "delivered", 5.5, said=5.5)
            late = {**early, "message": "m2"}
            batch = self.batch(early, late, received=text_of(NOON))
            later = {**batch["messages"][0], "id": "m2", "received_at": text_of(NOON + timedelta(hours=6))}
            told = [[early, late]] if together else [[early], [late]]
            for facts in told:
                given = {**batch, "facts": facts, "messages": [*batch["messages"], later]}
                self.env["milepost.exchange"].with_user(self.bridge).ingest(given)
            self.env.invalidate_all()
            results.append((shipment.state, shipment.is_ahead, shipment.milestone_ids.said_at))
        self.assertEqual(results, [("delivered", False, NOON)] * 2)

    def test_what_became_of_goods_by_the_word_of_who_takes_precedence_no_other_settles(self):
        shipment = self.new_shipment()
        self.tell(milestone(shipment, "refused", 24, said=0), received=text_of(NOON))
        self.tell_by_another(milestone(shipment, "delivered", 1))
        self.assertFalse(shipment.is_ahead, "of equals the later word")
        self.env["milepost.connection"].search([("code", "=", "other")]).precedence = 20
        shipment._derive()
        self.assertTrue(shipment.is_ahead)

    def test_an_end_settles_every_stop_that_it_is_about_and_the_pickup_before(self):
        shipment = self.new_shipment()
        stops = [stop("P", 1, "pickup"), stop("A", 2, "delivery"), stop("B", 3, "delivery")]
        self.tell(itinerary(shipment, stops))
        for code, at in (("arrived_pickup", "P"), ("arrived_delivery", "A"), ("arrived_delivery", "B")):
            ahead = milestone(shipment, code, 24, said=0, stop={"id": at})
            self.tell(ahead, received=text_of(NOON))
        self.tell(milestone(shipment, "delivered", 1, stop={"id": "B"}))
        self.assertTrue(shipment.is_ahead, "the first drop is open")
        self.tell(milestone(shipment, "delivered", 2))
        self.assertEqual((shipment.state, shipment.is_ahead), ("delivered", False))

    def parcels(self):
        """A shipment of two parcels, and what is told of one of them."""
        shipment = self.new_shipment()
        shipment.picking_ids = self.env["stock.picking"].create({
            "picking_type_id": self.env.ref("stock.picking_type_out").id, "carrier_tracking_ref": "ONE,TWO",
        })  # fmt: skip
        return shipment, lambda number, *says, **more: milestone([("tracking", number)], *says, **more)

    def test_what_one_parcel_was_told_ahead_the_other_one_does_not_settle(self):
        shipment, of = self.parcels()
        self.tell(of("ONE", "delivered", -2))
        self.tell(of("ONE", "refused", 24, said=-1), received=text_of(NOON - timedelta(hours=1)))
        self.tell(of("TWO", "delivered", 1))
        self.assertTrue(shipment.is_ahead, "nobody said anything of the first after that")
        self.tell(of("ONE", "delivered", 2))
        self.assertFalse(shipment.is_ahead)

    def test_an_arrival_of_all_parcels_is_settled_by_the_last_word_whichever_was_delivered_last(self):
        shipment, of = self.parcels()
        self.tell(milestone(shipment, "arrived_delivery", 24, said=0), received=text_of(NOON))
        self.tell(of("TWO", "delivered", -1, said=-1))
        self.tell(of("ONE", "delivered", -2, said=1))
        self.assertEqual((shipment.state, shipment.is_ahead), ("delivered", False))
