from datetime import timedelta

from odoo.tests import tagged

from .billing_case import DELIVERY, NOW, BillingCase, utc


@tagged("finance", "post_install", "-at_install")
class TestFinanceTold(BillingCase):
    """What is told of a delivery and cannot be taken as it is: tomorrow's, and the word of who gains by it."""

    def test_a_delivery_of_tomorrow_is_not_billed_and_says_why(self):
        self.policy.pod_gate = "pod_or_delivered"
        shipment = self.shipment(self.order())
        tomorrow = DELIVERY + timedelta(days=1)
        self.facts(self.milestone(shipment, "delivered", tomorrow), received=None)
        for now in (NOW, NOW + timedelta(days=9)):
            self.validate(shipment, now)
            hold = self.holds(shipment)["fact_ahead"]
            self.assertEqual((shipment.state, hold.amount), ("waiting", 1250))
            self.assertFalse(self.run_billing())
        self.assertIn("not believed", hold.explanation)
        corrected = utc(DELIVERY + timedelta(hours=1))
        self.facts(self.milestone(shipment, "delivered", DELIVERY, recorded_at=corrected))
        self.validate(shipment)
        self.assertEqual((hold.state, shipment.state), ("auto_cleared", "delivered"))
        self.assertEqual(len(self.run_billing()), 1)

    def test_a_sellers_own_word_of_the_delivery_frees_no_bill_of_his(self):
        """Where the status is enough he told it by one key, and billed his order with nobody else's yes."""
        self.policy.pod_gate = "pod_or_delivered"
        for user, state in (("seller", "held"), ("other", "ready")):
            with self.subTest(user=user):
                tells = self.users["dispatcher"]
                order = self.order()
                if user == "seller":
                    order.sudo().milepost_editor_ids = tells
                shipment = self.shipment(order)
                told = self.env["milepost.tell"].with_user(tells).create({
                    "shipment_id": shipment.id, "milestone": "delivered", "at": DELIVERY,
                })  # fmt: skip
                told.action_tell()
                self.validate(shipment)
                self.assertEqual((shipment.state, shipment.billing_state), ("delivered", state))
                self.assertEqual(self.reasons(shipment), ["pod_missing"] if state == "held" else [])

    def test_a_proof_of_tomorrow_does_not_become_right_by_waiting(self):
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        self.facts(self.pod(shipment, at=DELIVERY + timedelta(days=1)), received=None)
        self.validate(shipment, NOW + timedelta(days=9))
        self.assertEqual((self.reasons(shipment), shipment.pod_ids.state), (["pod_invalid"], "rejected"))
        self.assertFalse(self.run_billing())

    def test_a_sellers_word_takes_nothing_away_of_what_another_said(self):
        self.policy.pod_gate = "pod_or_delivered"
        seller, order = self.users["dispatcher"], self.order()
        order.sudo().milepost_editor_ids = seller
        shipment = self.shipment(order)
        self.deliver(shipment)
        told = self.env["milepost.tell"].with_user(seller).create({
            "shipment_id": shipment.id, "milestone": "delivered", "at": DELIVERY + timedelta(hours=1),
        })  # fmt: skip
        told.action_tell()
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, self.reasons(shipment)), ("ready", []))

    def sold_by(self, seller, **values):
        """A shipment of an order that the dispatcher made, billed by the status."""
        self.policy.pod_gate = "pod_or_delivered"
        order = self.order()
        order.sudo().milepost_editor_ids = seller
        return self.shipment(order, **values)

    def says(self, seller, shipment, **values):
        values = {"shipment_id": shipment.id, "milestone": "delivered", **values}
        self.env["milepost.tell"].with_user(seller).create({
            "at": DELIVERY + timedelta(hours=2), **values,
        }).action_tell()  # fmt: skip
        self.validate(shipment)

    def test_of_several_parcels_one_scan_of_the_carrier_and_the_sellers_word_are_no_delivery(self):
        seller = self.users["dispatcher"]
        shipment = self.sold_by(seller)
        shipment.picking_ids.carrier_tracking_ref = "PARCEL-1,PARCEL-2"
        first, second = ({"identifiers": [{"type": "tracking", "value": f"PARCEL-{n}"}]} for n in (1, 2))
        self.facts(self.milestone(shipment, "delivered", DELIVERY, **first))
        self.says(seller, shipment)
        self.assertEqual((shipment.state, self.reasons(shipment)), ("delivered", ["pod_missing"]))
        self.facts(self.milestone(shipment, "delivered", DELIVERY, **second))
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, self.reasons(shipment)), ("ready", []))

    def test_what_the_carrier_took_back_is_not_his_word(self):
        seller = self.users["dispatcher"]
        later = {"recorded_at": utc(DELIVERY + timedelta(hours=1))}
        for word in ("delivery_attempted", "refused"):
            with self.subTest(word):
                shipment = self.sold_by(seller)
                event = {"source_event": f"e-{shipment.id}"} if word == "delivery_attempted" else {}
                self.facts(self.milestone(shipment, "delivered", DELIVERY, **event))
                at = DELIVERY + timedelta(minutes=30)
                self.facts(self.milestone(shipment, word, at, **event, **later))
                self.says(seller, shipment)
                self.assertEqual((shipment.state, self.reasons(shipment)), ("delivered", ["pod_missing"]))

    def test_of_several_drops_the_carriers_word_of_all_counts_for_each(self):
        seller = self.users["dispatcher"]
        shipment = self.sold_by(seller)
        stops = [
            {"id": key, "sequence": at, "kind": kind}
            for at, (key, kind) in enumerate((("P", "pickup"), ("A", "delivery"), ("B", "delivery")), 1)
        ]
        self.facts(self.fact("itinerary", shipment, stops=stops))
        self.facts(self.milestone(shipment, "delivered", DELIVERY))
        self.says(seller, shipment)
        self.assertEqual((shipment.billing_state, self.reasons(shipment)), ("ready", []))

    def test_a_seller_settles_nothing_that_was_told_ahead(self):
        seller = self.users["dispatcher"]
        shipment = self.sold_by(seller)
        self.facts(self.milestone(shipment, "refused", DELIVERY + timedelta(days=1)), received=None)
        self.facts(self.pod(shipment))
        self.says(seller, shipment)
        self.assertEqual((shipment.state, self.reasons(shipment)), ("delivered", ["fact_ahead"]))

    def test_a_proof_whose_clock_is_put_right_is_billed(self):
        """The core believed the correction, and the billing the proof of tomorrow."""
        shipment = self.shipment(self.order())
        self.deliver(shipment)
        ahead = timedelta(hours=5, minutes=30)
        for shift, said in ((ahead, ahead), (timedelta(0), timedelta(hours=1))):
            proof = self.pod(
                shipment, at=DELIVERY + shift, source_event="p1", recorded_at=utc(DELIVERY + said)
            )
            self.facts(proof, received=None)
        self.validate(shipment)
        self.assertEqual((shipment.billing_state, self.reasons(shipment)), ("ready", []))
        self.assertEqual(set(shipment.pod_ids.mapped("state")), {"superseded", "validated"})
        self.assertEqual(len(self.run_billing()), 1)
