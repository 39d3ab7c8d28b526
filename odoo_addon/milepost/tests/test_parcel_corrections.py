"""A tracking number that was wrong, or whose label was made anew, leaves nothing on the shipment."""

import itertools
import runpy

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path

from .common import fact, itinerary, milestone, stop
from .parcel_case import FIRST, SECOND, ParcelCase, paper

#: Somebody else's parcel, delivered long ago.
STRANGE = "1Z999AA10199999990"
LONG_AGO = -2400


def proof(number, hours=0):
    return fact("proof_of_delivery", [("tracking", number)], hours, signer="A. Smith", documents=[paper()])


@tagged("post_install", "-at_install", "milepost")
class TestParcelCorrections(ParcelCase):
    def told(self):
        """What is known of the shipment, and by which facts."""
        one = self.shipment
        return {
            "state": one.state, "delivered_at": one.delivered_at, "has_pod": one.has_pod,
            "pods": len(one.pod_ids), "parcels": one.parcel_ids.mapped("number"),
            "milestones": sorted((it.code, it.occurred_at) for it in one.milestone_ids),
        }  # fmt: skip

    def test_a_strange_parcel_among_several_delivers_and_proves_nothing(self):
        self.picking.carrier_tracking_ref = f"{FIRST},{STRANGE}"
        self.happens(STRANGE, "delivered", 1)
        self.tell(proof(STRANGE, 1))
        self.happens(FIRST, "picked_up")
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.assertEqual((self.shipment.state, self.shipment.has_pod), ("in_transit", False))
        self.assertFalse(self.shipment.pod_ids)
        self.assertEqual(self.shipment.milestone_ids.mapped("code"), ["picked_up"])
        self.assertEqual(self.followed(), [FIRST, SECOND])

    def test_a_single_number_takes_what_it_told_with_it_and_a_person_s_word_on_its_proof(self):
        self.picking.carrier_tracking_ref = STRANGE
        self.happens(STRANGE, "delivered")
        self.tell(proof(STRANGE))
        pod = self.shipment.pod_ids
        pod.with_user(self.user_of("dispatcher")).action_validate()
        self.picking.carrier_tracking_ref = False
        self.assertEqual((self.shipment.state, self.shipment.delivered_at), ("waiting", False))
        self.assertEqual((pod.standing, pod.state, pod.review), ("unmatched", "received", False))
        self.picking.carrier_tracking_ref = STRANGE
        self.assertEqual((self.shipment.state, self.shipment.pod_ids), ("delivered", pod), "it was right")

    def test_a_label_that_is_voided_and_made_anew_is_followed_again(self):
        self.picking.carrier_tracking_ref = FIRST
        self.happens(FIRST, "cancelled")
        self.assertEqual((self.shipment.state, self.followed()), ("cancelled", []))
        self.picking.carrier_tracking_ref = SECOND
        self.assertEqual((self.shipment.state, self.followed()), ("waiting", [SECOND]))
        self.happens(SECOND, "picked_up", 1)
        [verdict] = self.ingest(milestone([("tracking", FIRST)], "cancelled", 2))
        self.assertEqual(verdict["status"], "unmatched")
        self.assertEqual(self.shipment.state, "in_transit")

    def test_a_number_beside_a_voided_one_is_followed_whatever_that_said(self):
        self.picking.carrier_tracking_ref = FIRST
        self.happens(FIRST, "cancelled")
        self.picking.carrier_tracking_ref = f"{FIRST},{SECOND}"
        self.assertEqual(self.shipment.state, "waiting")
        self.assertIn(SECOND, self.followed())

    def test_what_was_told_of_the_shipment_by_its_other_names_stays(self):
        self.picking.carrier_tracking_ref = STRANGE
        self.tell(milestone([("shipment", self.shipment.name), ("tracking", STRANGE)], "picked_up"))
        self.tell(milestone([("delivery_order", self.picking.name), ("tracking", STRANGE)], "booked"))
        self.happens(STRANGE, "delivered", 2)
        self.picking.carrier_tracking_ref = SECOND
        self.assertEqual(self.shipment.state, "in_transit")
        self.assertEqual(sorted(self.shipment.milestone_ids.mapped("code")), ["booked", "picked_up"])

    def test_a_strange_plan_takes_with_it_the_names_that_it_gave(self):
        self.picking.carrier_tracking_ref = STRANGE
        stops = [stop("S-1", 1, "pickup"), stop("S-2", 2, "delivery", 4)]
        declares = [{"type": "pro", "value": "PRO-STRANGE"}]
        self.tell(itinerary([("tracking", STRANGE)], stops, declares=declares))
        self.tell(milestone([("pro", "PRO-STRANGE")], "delivered", 1))
        self.assertEqual(self.shipment.state, "delivered")
        self.picking.carrier_tracking_ref = SECOND
        self.assertEqual((self.shipment.state, len(self.shipment.itinerary_ids)), ("waiting", 0))
        self.assertFalse(self.shipment.identifier_ids.filtered(lambda one: one.value == "PRO-STRANGE"))
        self.tell(milestone(self.shipment, "picked_up", 1))
        self.assertEqual(self.shipment.state, "in_transit", "its own names are still its own")

    def test_what_was_told_goes_to_the_shipment_whose_parcel_it_is(self):
        mistaken, its_picking = self.shipment, self.picking
        its_picking.carrier_tracking_ref = STRANGE
        self.happens(STRANGE, "delivered")
        self.tell(proof(STRANGE))
        self.new_order()
        self.picking.carrier_tracking_ref = STRANGE
        self.assertEqual(self.shipment.state, "waiting", "the first bore it first")
        its_picking.carrier_tracking_ref = SECOND
        self.assertEqual((mistaken.state, self.shipment.state), ("waiting", "delivered"))
        self.assertEqual((len(mistaken.pod_ids), len(self.shipment.pod_ids)), (0, 1))

    def test_facts_and_numbers_give_the_same_whichever_came_first(self):
        results = []
        for strange_when in range(3):
            for own_when in range(3):
                self.new_order()
                # Of each order its own numbers: reused ones would be ambiguous.
                strange, first, second = (f"{one}{self.order.id}" for one in (STRANGE, FIRST, SECOND))
                phases = [[], [], []]
                phases[strange_when] += [milestone([("tracking", strange)], "picked_up", LONG_AGO - 9)]
                phases[strange_when] += [milestone([("tracking", strange)], "delivered", LONG_AGO)]
                phases[strange_when] += [proof(strange, LONG_AGO)]
                phases[own_when] += [milestone([("tracking", first)], "picked_up", 1)]
                phases[own_when] += [milestone([("tracking", second)], "picked_up", 2)]
                typed = (f"{first},{strange}", f"{first},{second}", None)
                for facts, text in zip(phases, typed, strict=True):
                    if facts:
                        self.ingest(*facts)
                    if text:
                        self.picking.carrier_tracking_ref = text
                told = {**self.told(), "parcels": len(self.shipment.parcel_ids)}
                results.append(((strange_when, own_when), told))
        self.assertEqual(results[0][1]["state"], "in_transit")
        for when, told in results:
            with self.subTest(strange_and_own_facts_in_phase=when):
                self.assertEqual(told, results[0][1])

    def test_a_proof_that_a_person_rejected_stays_rejected_wherever_its_number_goes(self):
        """Emptying the number and typing it again wiped the no, without a trace."""
        self.picking.carrier_tracking_ref = STRANGE
        self.happens(STRANGE, "delivered")
        self.tell(proof(STRANGE))
        pod, dispatcher = self.shipment.pod_ids, self.user_of("dispatcher")
        pod.with_user(dispatcher).action_reject("Another hand")
        said = ("rejected", "Another hand", dispatcher)
        self.picking.carrier_tracking_ref = False
        self.assertEqual(pod.standing, "unmatched")
        log = self.shipment.message_ids.filtered(lambda one: STRANGE in one.body)
        self.assertIn("said of it no more", log.body)
        self.picking.carrier_tracking_ref = STRANGE
        self.assertEqual(self.shipment.pod_ids, pod)
        self.assertEqual((pod.review, pod.review_reason, pod.reviewed_by_id), said)

    def test_a_no_to_a_proof_of_several_orders_stays_with_the_order_that_it_was_said_of(self):
        """The copy of the other order brought it back without the no."""
        mistaken, its_picking = self.shipment, self.picking
        its_picking.carrier_tracking_ref = STRANGE
        self.new_order()
        self.picking.carrier_tracking_ref = STRANGE
        self.ingest({**proof(STRANGE), "applies_to": "every"})
        mistaken.pod_ids.with_user(self.user_of("dispatcher")).action_reject("Another hand")
        for _again in range(2):
            its_picking.carrier_tracking_ref = False
            self.assertFalse(mistaken.pod_ids)
            self.assertEqual(self.shipment.pod_ids.review, False)
            its_picking.carrier_tracking_ref = STRANGE
            self.assertEqual(mistaken.pod_ids.review, "rejected")
            self.assertEqual(self.shipment.pod_ids.review, False)

    def test_a_proof_of_several_orders_reaches_the_last_one_with_its_quantities_and_papers(self):
        """Without them a shortage was a clean proof; told by another connection it never came at all."""
        self.picking.carrier_tracking_ref = STRANGE
        first, short = self.shipment, {"outcome": "short", "quantity": "1", "reason": "shortage_overage"}
        told = {**proof(STRANGE), "applies_to": "every", "quantities": [short]}
        self.connection.copy({"name": "Other TMS", "code": "other", "is_default": False})
        self.tell_by_another(told)
        first.pod_ids.with_user(self.user_of("dispatcher")).action_validate()
        self.new_order()
        self.picking.carrier_tracking_ref = STRANGE
        for pod in (first.pod_ids, self.shipment.pod_ids):
            self.assertEqual(pod.line_ids.mapped("outcome"), ["short"])
            self.assertEqual((pod.document_ids.res_id, pod.document_ids.raw), (pod.id, b"%PDF-1.4 signature"))
        self.assertEqual((self.shipment.pod_ids.state, self.shipment.pod_ids.review), ("received", False))

    def given(self, way):
        """Somebody else than the warehouse gives the shipment a number, too."""
        if way == "plan":
            stops = [stop("S-1", 1, "pickup"), stop("S-2", 2, "delivery", 4)]
            declares = [{"type": "tracking", "value": STRANGE}]
            self.tell(itinerary(self.shipment, stops, declares=declares))
        elif way == "answer":
            order = self.env["milepost.outbox"]._queue_order("transport_order", self.shipment, {})
            order.write({"state": "claimed", "lease": "a"})
            names = [{"type": "tracking", "value": STRANGE}]
            order._acknowledge({"result": "accepted", "lease": "a", "identifiers": names})
        else:
            name = self.env["milepost.identifier"].search([("value", "=", STRANGE)]) or self.env[
                "milepost.identifier"
            ].create({"company_id": self.env.company.id, "type": "tracking", "value": STRANGE})
            dialog = self.env["milepost.assign"].create({"connection_id": self.connection.id})
            dialog._assign(self.shipment, name, name.browse())

    def test_a_number_that_somebody_else_gave_too_stays_when_the_warehouse_takes_its_own_back(self):
        for way, first in itertools.product(("plan", "answer", "person"), (True, False)):
            if (way, first) == ("person", False):
                continue  # To name the shipment that bears a number already gives it nothing.
            with self.subTest(way=way, before_the_warehouse=first):
                self.new_order()
                if first:
                    self.given(way)
                self.picking.carrier_tracking_ref = STRANGE
                if not first:
                    self.given(way)
                self.happens(STRANGE, "delivered", self.order.id / 1000)
                self.picking.carrier_tracking_ref = False
                self.assertEqual(self.shipment.state, "delivered")
                self.assertFalse(self.shipment.message_ids.filtered(lambda one: STRANGE in one.body))
                if way == "plan":
                    with self.assertRaisesRegex(UserError, "a plan of the partner says it"):
                        self.taken_away(STRANGE)
                    self.shipment.unlink()
                else:
                    self.taken_away(STRANGE)
                    self.assertEqual(
                        (self.shipment.state, self.shipment._lasting_names()), ("waiting", set())
                    )
                    self.assertTrue(self.shipment.message_ids.filtered(lambda one: STRANGE in one.body))

    def test_an_upgrade_knows_who_gave_which_name_and_completes_the_copies_of_proofs(self):
        self.picking.carrier_tracking_ref = FIRST
        self.given("answer")
        answered = self.shipment
        short = {"outcome": "short", "quantity": "1", "reason": "shortage_overage"}
        self.tell({**proof(FIRST), "applies_to": "every", "quantities": [short]})
        self.new_order()
        self.picking.carrier_tracking_ref = FIRST
        copy = self.shipment.pod_ids
        # As an earlier version stored them.
        copy.line_ids.unlink()
        copy.document_ids = False
        (answered | self.shipment).lasting_names = False
        script = file_path("milepost/migrations/19.0.2.7.0/post-names.py")
        for _again in range(2):
            runpy.run_path(script)["migrate"](self.env.cr, "19.0.2.6.0")
            self.env.invalidate_all()
            self.assertEqual(answered.lasting_names, [["tracking", STRANGE, self.connection.id]])
            self.assertFalse(self.shipment.lasting_names)
            self.assertEqual((copy.line_ids.outcome, len(copy.document_ids)), ("short", 1))

    def taken_away(self, number, role="dispatcher"):
        """A person says that the number is not the shipment's."""
        name = self.env["milepost.identifier"].search([("value", "=", number)])
        asked = name.with_user(self.user_of(role)).with_context(milepost_shipment=self.shipment.id)
        with self.env.cr.savepoint():
            asked.action_let_go()

    def test_a_choice_among_those_who_bear_a_number_gives_it_to_none_of_them(self):
        """A typing mistake that was chosen once kept the facts of another order for ever."""
        mistaken, its_picking = self.shipment, self.picking
        its_picking.carrier_tracking_ref = STRANGE
        self.new_order()
        self.picking.carrier_tracking_ref = STRANGE
        self.ingest(milestone([("tracking", STRANGE)], "delivered"))
        name = self.env["milepost.identifier"].search([("value", "=", STRANGE)])
        dialog = self.env["milepost.assign"].create({"connection_id": self.connection.id})
        dialog._assign(mistaken, name, name)
        self.assertEqual((mistaken.state, self.shipment.state), ("delivered", "waiting"))
        its_picking.carrier_tracking_ref = False
        self.env.invalidate_all()
        self.assertEqual((mistaken.state, self.shipment.state), ("waiting", "delivered"))

    def test_only_dispatchers_take_names_from_shipments(self):
        self.given("answer")
        with self.assertRaises(AccessError):
            self.taken_away(STRANGE, "viewer")
